package coterie.model.trust;

/** How much of a weight is left when the snapshot it stands for is τ versions old: s(τ) in (0, 1], s(0) = 1. */
public sealed interface StalenessDiscount {
    /** @param versions τ, not negative */
    double factor(int versions);

    /** s(τ) = 1. */
    record Constant() implements StalenessDiscount {
        @Override
        public double factor(int versions) {
            return 1;
        }
    }

    /**
     * s(τ) = (1 + τ)^−a (Xie, Koyejo, Gupta, "Asynchronous Federated Optimization", arXiv 1903.03934).
     *
     * <p>Worked example: a = 0.5 gives 1, 0.7071, 0.5774, 0.5 for τ = 0, 1, 2, 3.
     */
    record Polynomial(double exponent) implements StalenessDiscount {
        public Polynomial {
            if (!(exponent >= 0) || Double.isInfinite(exponent)) {
                throw new IllegalArgumentException("exponent must not be negative, found " + exponent);
            }
        }

        @Override
        public double factor(int versions) {
            return StrictMath.pow(1.0 + versions, -exponent);
        }
    }

    /** What becomes of the weight that a discount takes away. */
    enum Remainder {
        /** The row is divided by its sum. */
        RENORMALISE,
        /** It goes to the user itself. */
        SELF
    }

    /**
     * The row after discounting, its sum 1 again. The user's own weight is never discounted.
     *
     * @param row weights summing to 1
     * @param versions ages of the snapshots, in versions
     * @param self index of the user's own weight
     */
    default double[] apply(double[] row, int[] versions, int self, Remainder remainder) {
        double[] out = row.clone();
        double taken = 0;
        for (int k = 0; k < out.length; k++) {
            if (k != self) {
                out[k] *= factor(versions[k]);
                taken += row[k] - out[k];
            }
        }
        if (taken == 0) {
            return out;
        }
        if (remainder == Remainder.SELF) {
            out[self] += taken;
            return out;
        }
        return Rows.normalised(out);
    }
}
