package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;

/**
 * Sends the honest snapshot with which the attack began again and again, each time under the current version, so that
 * its age does not show. A replay attack (Syverson, "A taxonomy of replay attacks", 1994) on snapshots.
 *
 * <p>Worked example: the attack begins in turn 4, with 7. In turn 9, 7 is sent as turn 9.
 */
@Component(name = "stale-replay", about = "sends the snapshot with which the attack began again, as if it were new")
public record StaleReplay() implements Attack {
    @Override
    public Snapshot forge(Occasion now) {
        return Forged.copy(now.honest(), now.first());
    }
}
