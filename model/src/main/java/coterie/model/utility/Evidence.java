package coterie.model.utility;

/**
 * What may tell a user how useful a neighbour's model is. Every value is signed so that larger ones mean more alike, or
 * better. {@link UtilityMeter} says how each is computed. Records hold the values in this order: append to it, never
 * reorder it.
 */
public enum Evidence {
    /** Cosine of the two models' parameters. */
    PARAMETER_COSINE("parameter_cosine", -1, 1),
    /** Cosine of what the two adapters add to the base's weights; adapters only. */
    WEIGHT_COSINE("weight_cosine", -1, 1),
    /** Minus the neighbour's loss on the user's validation set. */
    VALIDATION_LOSS("validation_loss", Double.NEGATIVE_INFINITY, 0),
    /** Minus the ℓ1 distance of logits. */
    LOGIT_L1("logit_l1", Double.NEGATIVE_INFINITY, 0),
    /** Minus the ℓ1 distance of probabilities. */
    PROBABILITY_L1("probability_l1", -2, 0),
    /** Minus the divergence of the neighbour's predictions from the user's. */
    KL("kl", Double.NEGATIVE_INFINITY, 0),
    /** Minus the mean of the divergences in both directions. */
    SYMMETRIC_KL("symmetric_kl", Double.NEGATIVE_INFINITY, 0),
    /** Cosine of what training has changed in the predictions; only if users send it. */
    CHANGE_COSINE("change_cosine", -1, 1);

    private final String label;
    private final double least;
    private final double most;

    Evidence(String label, double least, double most) {
        this.label = label;
        this.least = least;
        this.most = most;
    }

    /** Name in result files. */
    public String label() {
        return label;
    }

    /**
     * Whether a value may be one of this evidence, within rounding; minus infinity stands for one that is not finite.
     */
    public boolean allows(double value) {
        double rounding = 1e-9;
        return value >= least - rounding && value <= most + rounding || value == Double.NEGATIVE_INFINITY;
    }
}
