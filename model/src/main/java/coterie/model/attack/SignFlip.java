package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Sends o − factor (x − o): the opposite of what the user has learned. x is honest; o is the user's start where
 * parameters are sent, and 0 where updates are. (The signs of all parameters would not do: a LoRA adapter −B, −A
 * computes the same as B, A.) Numbers of predictions are multiplied by −factor. Li, Xu, Chen, Giannakis, Ling, "RSA:
 * Byzantine-robust stochastic aggregation methods for distributed learning from heterogeneous datasets", AAAI 2019,
 * arXiv 1811.03761, with gradients.
 *
 * <p>Worked example: from o = (1, 0) to x = (3, −1), factor 1 sends (−1, 1).
 */
@Component(name = "sign-flip", about = "sends the opposite of what the user has learned since the start, times factor")
public record SignFlip(@Setting("1") double factor) implements Attack {
    public SignFlip {
        Checks.positive("factor", factor);
    }

    @Override
    public Snapshot forge(Occasion now) {
        return Moved.by(now, -factor, Moved.predictions(now, -factor));
    }
}
