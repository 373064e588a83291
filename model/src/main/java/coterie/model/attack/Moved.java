package coterie.model.attack;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;

/** Snapshots moved along the line from the origin through the honest one. */
final class Moved {
    private Moved() {}

    /** o + factor (x − o), where x is honest and o is {@link Occasion#origin}. */
    static Snapshot by(Occasion now, double factor, Predictions predictions) {
        float[] x = now.honest().values();
        float[] o = now.origin();
        return Forged.of(
                now.honest(), o == null ? k -> factor * x[k] : k -> o[k] + factor * (x[k] - o[k]), predictions);
    }

    /** The honest predictions with all numbers multiplied; null if there are none. */
    static Predictions predictions(Occasion now, double factor) {
        Predictions p = now.honest().predictions();
        return p == null ? null : p.with(v -> factor * v);
    }
}
