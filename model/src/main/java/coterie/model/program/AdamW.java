package coterie.model.program;

/**
 * AdamW's constants (Loshchilov and Hutter, arXiv 1711.05101); the update is PyTorch's own. Learning rate and step
 * count come with every update.
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
    /** The paper's: β (0.9, 0.95), ε 1e-8, weight decay 1e-3. */
    public static final AdamW PAPER = new AdamW(0.9, 0.95, 1e-8, 1e-3);

    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("betas must lie in [0, 1), found " + beta1 + " and " + beta2);
        }
        if (!(epsilon > 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "epsilon must be positive and weight decay not negative, found " + epsilon + " and " + weightDecay);
        }
    }
}
