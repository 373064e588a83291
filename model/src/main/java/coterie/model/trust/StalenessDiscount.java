package coterie.model.trust;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/** The factor s(τ) in [0, 1] applied to the weight of a snapshot that is τ versions old; s(0) = 1. */
public interface StalenessDiscount {
    /** @param versions τ, not negative */
    double factor(int versions);

    /** s(τ) = 1. */
    @Component(name = "constant", about = "stale snapshots count like fresh ones")
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
    @Component(name = "polynomial", about = "(1 + versions behind)^-exponent")
    record Polynomial(@Setting("0.5") double exponent) implements StalenessDiscount {
        public Polynomial {
            notNegative("exponent", exponent);
        }

        @Override
        public double factor(int versions) {
            return StrictMath.pow(1.0 + versions, -exponent);
        }
    }

    /**
     * s(τ) = 1 for τ ≤ b, else 1 / (a (τ − b) + 1) (Xie et al., as above).
     *
     * <p>Worked example: a = 10, b = 4 gives 1 up to τ = 4, then 1/11 = 0.0909, 1/21 = 0.0476.
     */
    @Component(name = "hinge", about = "1 up to grace, then 1 / (slope (versions - grace) + 1)")
    record Hinge(@Setting("10") double slope, @Setting("4") int grace) implements StalenessDiscount {
        public Hinge {
            notNegative("slope", slope);
            notNegative("grace", grace);
        }

        @Override
        public double factor(int versions) {
            return versions <= grace ? 1 : 1 / (slope * (versions - grace) + 1);
        }
    }

    /** s(τ) = e^(−λ τ). Worked example: λ = 0.5 gives 1, 0.6065, 0.3679. */
    @Component(name = "exponential", about = "e^(-rate versions)")
    record Exponential(@Setting("0.5") double rate) implements StalenessDiscount {
        public Exponential {
            notNegative("rate", rate);
        }

        @Override
        public double factor(int versions) {
            return StrictMath.exp(-rate * versions);
        }
    }

    /** s(τ) = 1 for τ ≤ b, else 0. */
    @Component(name = "cut-off", about = "0 beyond the limit")
    record CutOff(@Setting("4") int limit) implements StalenessDiscount {
        public CutOff {
            notNegative("limit", limit);
        }

        @Override
        public double factor(int versions) {
            return versions <= limit ? 1 : 0;
        }
    }

    /** The use of the weight removed by a discount. */
    enum Remainder {
        /** The row is renormalised; if it is all zero, the user gets weight 1. */
        RENORMALISE,
        /** The removed weight is added to the user itself. */
        SELF
    }

    /**
     * Returns the discounted row, again with sum 1. The user's own weight is not discounted.
     *
     * @param row weights with sum 1
     * @param versions staleness of the snapshots in versions
     * @param self index of the user's own weight
     */
    default double[] apply(double[] row, int[] versions, int self, Remainder remainder) {
        double[] out = row.clone();
        double taken = 0;
        double left = 0;
        for (int k = 0; k < out.length; k++) {
            if (k != self) {
                out[k] *= factor(versions[k]);
                taken += row[k] - out[k];
            }
            left += out[k];
        }
        if (taken == 0) {
            return out;
        }
        if (remainder == Remainder.SELF || left == 0) {
            out[self] += taken;
            return out;
        }
        return RowArithmetic.normalised(out);
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must not be negative, found " + value);
        }
    }
}
