package coterie.model.trust;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.LogitSimilarity.Normalise;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Strategy 3, prediction similarity (arXiv 2404.09753, equation 4), in one of two forms: {@link ChangeSimilarity}, or
 * the {@link LogitSimilarity} of the paper.
 *
 * @param compare the form; null for changes if {@code fidelity} is {@link Fidelity#COTERIE} and {@code normalise} is
 *     unset, otherwise for logits
 * @param scale inverse temperature in the unit of the scores; null for 8 with changes, and with logits for 3 with
 *     {@link Normalise#MEAN}, 10 with {@link Normalise#ROW}, otherwise 1
 * @param normalise divisor of logit distances; null for {@code MEAN} under {@link Fidelity#COTERIE}, {@code NONE} under
 *     {@link Fidelity#PAPER} and {@code ROW} under {@link Fidelity#RELEASED}. Must be null with changes
 */
@Component(
        name = "prediction-similarity",
        about = "S3: by predictions on a shared set: what training changed in them, or their distance")
public record PredictionSimilarity(
        @Setting(at = "trust.compare") Compare compare,
        @Setting(at = "trust.scale", own = true) Double scale,
        @Setting(at = "trust.normalise") Normalise normalise,
        @Setting(at = "fidelity") Fidelity fidelity,
        @Setting(at = "trust") Selection selection)
        implements TrustStrategy {
    private static final double CHANGES_SCALE = 8;
    private static final double MEAN_SCALE = 3;
    private static final double ROW_SCALE = 10;

    /** The predictions that are compared. */
    public enum Compare {
        CHANGES,
        LOGITS
    }

    public PredictionSimilarity {
        if (compare == null) {
            compare = fidelity == Fidelity.COTERIE && normalise == null ? Compare.CHANGES : Compare.LOGITS;
        }
        if (compare == Compare.CHANGES && normalise != null) {
            throw new IllegalArgumentException("normalise: only allowed with compare: logits, found compare: changes");
        }
        if (compare == Compare.LOGITS && normalise == null) {
            normalise = switch (fidelity) {
                case COTERIE -> Normalise.MEAN;
                case PAPER -> Normalise.NONE;
                case RELEASED -> Normalise.ROW;
            };
        }
        if (scale == null) {
            scale = compare == Compare.CHANGES
                    ? CHANGES_SCALE
                    : normalise == Normalise.MEAN ? MEAN_SCALE : normalise == Normalise.ROW ? ROW_SCALE : 1.0;
        }
    }

    @Override
    public TrustStrategy in(TrustContext run) {
        return form();
    }

    private TrustStrategy form() {
        return compare == Compare.CHANGES
                ? new ChangeSimilarity(scale, selection)
                : new LogitSimilarity(
                        scale,
                        normalise,
                        fidelity == Fidelity.RELEASED ? Predictions.Missing.ZERO : Predictions.Missing.FLOOR,
                        selection);
    }

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        return form().score(own, candidate, probe);
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return form().row(me, users, scores);
    }

    @Override
    public PredictionForm predictions() {
        return form().predictions();
    }
}
