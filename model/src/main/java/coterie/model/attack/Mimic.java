package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Sends a copy of one honest user's newest snapshot, parameters and predictions, under its own name and version: that
 * user then counts several times. Karimireddy, He, Jaggi, "Byzantine-robust learning on heterogeneous datasets via
 * bucketing", ICLR 2022, arXiv 2006.09365. It sends its own until it has received one.
 *
 * <p>Worked example: users 2 and 5 are known; unset, user 2 is copied.
 *
 * @param user which is copied; null for the honest user with the lowest number of which a snapshot was received
 */
@Component(
        name = "mimic",
        about =
                "sends copies of one honest user's newest snapshot; user unset: the lowest number of which there is one")
public record Mimic(@Setting Integer user) implements Attack {
    public Mimic {
        if (user != null) {
            Checks.notNegative("user", user);
        }
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public Snapshot forge(Occasion now) {
        int me = now.honest().user();
        Snapshot copied = user != null
                ? now.of(user)
                : now.known().stream().filter(s -> s.user() != me).findFirst().orElse(null);
        return copied == null || copied.user() == me ? now.honest() : Forged.copy(now.honest(), copied);
    }
}
