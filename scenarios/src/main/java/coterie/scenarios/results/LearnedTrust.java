package coterie.scenarios.results;

import coterie.model.trust.Oracle;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What users' last trust rows are like: how far they are from uniform trust and from the oracle's, and whether they
 * order users as the oracle does. All are over the candidates of a row, and means over users that have mixed.
 */
final class LearnedTrust {
    /** Two numbers have an order, one has not. */
    private static final int FEWEST = 2;

    private final List<TrustRow> rows;
    private final double[] seconds;
    private final Oracle oracle;

    /**
     * @param rows last row of each user; null for users that never mixed
     * @param seconds virtual time of each user's last mixing in seconds
     * @param mixtures of {@code users.json}
     */
    LearnedTrust(List<TrustRow> rows, double[] seconds, UserMixtures mixtures) {
        this.rows = rows;
        this.seconds = seconds;
        oracle = new Oracle(mixtures);
    }

    /** Mean of ‖row − oracle's row‖₁; NaN if no user has mixed. */
    double toOracle() {
        return mean(u -> distance(rows.get(u).weights(), oracle(u)));
    }

    /** Mean of ‖row − uniform row‖₁; NaN if no user has mixed. */
    double toUniform() {
        return mean(u -> {
            double[] weights = rows.get(u).weights();
            double[] uniform = new double[weights.length];
            Arrays.fill(uniform, 1.0 / weights.length);
            return distance(weights, uniform);
        });
    }

    /**
     * Mean of Spearman's ρ of weights and the oracle's weights over the candidates other than the user itself. Weights
     * that are all equal have no order and count 0. Users for whom the oracle has no order, because all others are
     * alike, do not count; NaN if no user counts.
     */
    double rankCorrelation() {
        return mean(u -> {
            TrustRow row = rows.get(u);
            double[] right = oracle(u);
            int[] others = IntStream.range(0, right.length)
                    .filter(k -> row.users()[k] != u)
                    .toArray();
            double[] x =
                    Arrays.stream(others).mapToDouble(k -> row.weights()[k]).toArray();
            double[] y = Arrays.stream(others).mapToDouble(k -> right[k]).toArray();
            return ordered(y) ? ordered(x) ? RankCorrelation.of(x, y) : 0 : Double.NaN;
        });
    }

    private static boolean ordered(double[] x) {
        return Arrays.stream(x).distinct().count() >= FEWEST;
    }

    /** The oracle's row at the same time and over the same candidates. */
    private double[] oracle(int user) {
        return oracle.weights(user, rows.get(user).users(), seconds[user]);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += Math.abs(a[k] - b[k]);
        }
        return sum;
    }

    private double mean(IntToDoubleFunction ofUser) {
        return Statistics.mean(IntStream.range(0, rows.size())
                .mapToDouble(u -> rows.get(u) == null ? Double.NaN : ofUser.applyAsDouble(u))
                .toArray());
    }
}
