package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Claims that snapshots are fresher or older than they are: adds to their version. Under asynchrony, receivers discount
 * by the age that follows from the version; parameters and predictions are honest.
 *
 * <p>Worked example: a snapshot of turn 3 is sent as turn 8 with versions: 5, and as turn 0 with versions: −5.
 */
@Component(name = "age-forgery", about = "claims that snapshots are this many turns fresher, or, if negative, older")
public record AgeForgery(@Setting("5") int versions) implements Attack {
    private static final int MOST = 1_000_000;

    public AgeForgery {
        if (versions == 0 || Math.abs((long) versions) > MOST) {
            throw new IllegalArgumentException(
                    "versions must be from -" + MOST + " to " + MOST + " and not 0, found " + versions);
        }
    }

    @Override
    public Snapshot forge(Occasion now) {
        return Forged.dated(now.honest(), now.honest().turn() + versions);
    }
}
