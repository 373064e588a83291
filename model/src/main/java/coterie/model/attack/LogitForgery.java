package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Sends honest predictions beside harmful parameters, o − factor (x − o) as {@link SignFlip} does: trust by predictions
 * is won with what is never mixed.
 *
 * <p>Worked example: as {@link SignFlip}, with the predictions of x.
 */
@Component(
        name = "logit-forgery",
        about = "honest predictions beside the opposite of what the user has learned, times factor")
public record LogitForgery(@Setting("1") double factor) implements Attack {
    public LogitForgery {
        Checks.positive("factor", factor);
    }

    @Override
    public Snapshot forge(Occasion now) {
        return Moved.by(now, -factor, now.honest().predictions());
    }
}
