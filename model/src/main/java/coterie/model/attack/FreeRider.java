package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Trains nothing, and takes part all the same. It sends what it has mixed of others, or always the first that it sends
 * while it attacks. Its evaluations are of what it has mixed. Fraboni, Vidal, Lorenzi, "Free-rider attacks on model
 * aggregation in federated learning", AISTATS 2021, arXiv 2006.11901: the plain free-rider.
 *
 * <p>Worked example: it begins with 1, and mixes to 3. It then sends 3, or still 1.
 */
@Component(
        name = "free-rider",
        about = "trains nothing; sends: mixture (of what it received) | start (the first of these, again and again)")
public record FreeRider(@Setting("mixture") Sends sends) implements Attack {
    /** What a free-rider sends. */
    public enum Sends {
        MIXTURE,
        START
    }

    @Override
    public boolean trains() {
        return false;
    }

    @Override
    public Snapshot forge(Occasion now) {
        return sends == Sends.MIXTURE ? now.honest() : Forged.copy(now.honest(), now.first());
    }
}
