package coterie.model.exchange;

/**
 * How far two models' {@link Predictions} at the same positions are apart, in the mean over positions. At each position
 * it is over the tokens that are among the k largest of either model. A logit that was not kept counts as the smallest
 * one that was ({@link Predictions.Missing#FLOOR}), and p is the softmax over these tokens. If all logits are kept,
 * this is exact but for their rounding by {@link Predictions}.
 *
 * <p>Worked example: at one position, probabilities (3/4, 1/4) and (1/2, 1/2) have the ℓ1 distance 0.5, the divergence
 * KL(p ‖ q) = 0.1308 nats, and in the other direction 0.1438.
 *
 * @param logits mean of ‖f − f'‖₁
 * @param probabilities mean of ‖p − p'‖₁, from 0 to 2
 * @param forward mean of KL(p ‖ p'), in nats
 * @param backward mean of KL(p' ‖ p), in nats
 */
public record PredictionDivergence(double logits, double probabilities, double forward, double backward) {
    /**
     * Compares two models.
     *
     * @throws IllegalArgumentException if the numbers of positions differ
     */
    public static PredictionDivergence of(Predictions own, Predictions other) {
        int positions = own.positions();
        // Refuses other numbers of positions.
        double logits = own.distance(other, Predictions.Missing.FLOOR);
        double probabilities = 0;
        double forward = 0;
        double backward = 0;
        double[] x = new double[own.k() + other.k()];
        double[] y = new double[x.length];
        for (int p = 0; p < positions; p++) {
            int n = union(own, other, p, x, y);
            double normX = logSum(x, n);
            double normY = logSum(y, n);
            double there = 0;
            double back = 0;
            for (int t = 0; t < n; t++) {
                double logP = x[t] - normX;
                double logQ = y[t] - normY;
                double a = StrictMath.exp(logP);
                double b = StrictMath.exp(logQ);
                probabilities += Math.abs(a - b);
                there += a * (logP - logQ);
                back += b * (logQ - logP);
            }
            // Rounding may make the divergence of equal predictions a little negative.
            forward += Math.max(0, there);
            backward += Math.max(0, back);
        }
        int n = Math.max(1, positions);
        return new PredictionDivergence(logits / n, probabilities / n, forward / n, backward / n);
    }

    /** (KL(p ‖ p') + KL(p' ‖ p)) / 2, in nats. */
    public double symmetric() {
        return (forward + backward) / 2;
    }

    /**
     * Writes both models' logits at a position, for the tokens of either.
     *
     * @return number of tokens
     */
    private static int union(Predictions own, Predictions other, int position, double[] x, double[] y) {
        int i = 0;
        int j = 0;
        int n = 0;
        while (i < own.k() || j < other.k()) {
            int a = i < own.k() ? own.token(position, i) : Integer.MAX_VALUE;
            int b = j < other.k() ? other.token(position, j) : Integer.MAX_VALUE;
            x[n] = a <= b ? own.value(position, i++) : own.floor(position);
            y[n++] = b <= a ? other.value(position, j++) : other.floor(position);
        }
        return n;
    }

    /** log Σ exp of n numbers. */
    private static double logSum(double[] x, int n) {
        double top = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < n; t++) {
            top = Math.max(top, x[t]);
        }
        double sum = 0;
        for (int t = 0; t < n; t++) {
            sum += StrictMath.exp(x[t] - top);
        }
        return top + StrictMath.log(sum);
    }
}
