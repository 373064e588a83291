package coterie.model.aggregation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The contributions that robust rules look at: those with a positive weight, and the user's own. A candidate to which
 * the trust row gives weight 0 has no vote.
 */
final class Voters {
    private final int candidates;
    /** Index of each among the contributions. */
    private final int[] at;

    private final double[] weights;
    private final float[][] vectors;
    private final int own;

    private Voters(int candidates, int[] at, double[] weights, float[][] vectors, int own) {
        this.candidates = candidates;
        this.at = at;
        this.weights = weights;
        this.vectors = vectors;
        this.own = own;
    }

    static Voters of(AggregationInput input) {
        List<Contribution> all = input.contributions();
        int[] at = IntStream.range(0, all.size())
                .filter(j -> j == input.own() || all.get(j).weight() > 0)
                .toArray();
        return new Voters(
                all.size(),
                at,
                Arrays.stream(at).mapToDouble(j -> all.get(j).weight()).toArray(),
                Arrays.stream(at).mapToObj(j -> all.get(j).vector()).toArray(float[][]::new),
                Arrays.binarySearch(at, input.own()));
    }

    /** n, the number of voters. */
    int count() {
        return at.length;
    }

    /** Index of the user itself among the voters. */
    int own() {
        return own;
    }

    /** x_j of each voter [n][P]; not to be changed. */
    float[][] vectors() {
        return vectors;
    }

    /** w_j of each voter [n]. */
    double[] weights() {
        return weights;
    }

    /** Index among the contributions. */
    int contribution(int voter) {
        return at[voter];
    }

    /** Indices of the other voters. */
    int[] others() {
        return IntStream.range(0, at.length).filter(k -> k != own).toArray();
    }

    /** Weights of all contributions [candidates]: those of the voters [n], and 0. */
    double[] spread(double[] ofVoters) {
        double[] all = new double[candidates];
        for (int k = 0; k < at.length; k++) {
            all[at[k]] = ofVoters[k];
        }
        return all;
    }

    /** Weights [n] of the mean of some voters by their weights in the trust row; equal ones if these are 0. */
    double[] mean(int[] some) {
        double sum = 0;
        for (int k : some) {
            sum += weights[k];
        }
        double[] mean = new double[at.length];
        for (int k : some) {
            mean[k] = sum > 0 ? weights[k] / sum : 1.0 / some.length;
        }
        return mean;
    }

    /** Weights of all contributions: a share for the user itself, the rest for the mean of some others. */
    double[] besideOwn(double share, int[] some) {
        double[] mean = mean(some);
        for (int k : some) {
            mean[k] *= 1 - share;
        }
        mean[own] = some.length == 0 ? 1 : share;
        return spread(mean);
    }
}
