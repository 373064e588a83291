package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Sends o + factor (x − o), as model replacement does: x is honest; o is the user's start where parameters are sent,
 * and 0 where updates are. Numbers of predictions are multiplied by factor. Bagdasaryan, Veit, Hua, Estrin, Shmatikov,
 * "How to backdoor federated learning", AISTATS 2020, arXiv 1807.00459.
 *
 * <p>Worked example: from o = (1, 0) to x = (3, −1), factor 10 sends (21, −10).
 */
@Component(name = "scaling", about = "sends what the user has learned since the start, times factor")
public record Scaling(@Setting("10") double factor) implements Attack {
    public Scaling {
        Checks.positive("factor", factor);
    }

    @Override
    public Snapshot forge(Occasion now) {
        return Moved.by(now, factor, Moved.predictions(now, factor));
    }
}
