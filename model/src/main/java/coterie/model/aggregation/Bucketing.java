package coterie.model.aggregation;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Bucketing (Karimireddy, He, Jaggi, 2020, arXiv 2006.09365): the other candidates are dealt at random into buckets of
 * s, the last of which may have fewer, and each bucket is replaced by its mean, by the weights in the trust row: equal
 * ones give the paper's mean. A bucket has the weight of its members together. Candidates of weight 0 are left out.
 *
 * <p>The user's own contribution is a bucket of its own, which the paper's server does not have: rules that compare
 * with it need it as it is. With one or two candidates nothing changes. The draw is keyed by seed, user and turn. O(P
 * n).
 *
 * <p>Worked example: own 0, others 1 and 5, each of weight 1/3, s = 2: 0 of weight 1/3, and 3 of weight 2/3.
 */
@Component(name = "bucketing", about = "the others' contributions are replaced by means of buckets, dealt at random")
public record Bucketing(@Setting("2") int size) implements PreAggregator {
    private static final int MOST = 1_000_000;

    /** @param size s, contributions a bucket */
    public Bucketing {
        Checks.atLeast("size", size, 1);
        Checks.atMost("size", size, MOST);
    }

    @Override
    public Aggregated aggregate(AggregationInput input, Aggregator rule) {
        Voters voters = Voters.of(input);
        int[] others = voters.others();
        int[] order = input.random().permutation(others.length);
        List<int[]> buckets = new ArrayList<>();
        buckets.add(new int[] {voters.own()});
        for (int from = 0; from < order.length; from += size) {
            buckets.add(IntStream.range(from, Math.min(order.length, from + size))
                    .map(k -> others[order[k]])
                    .sorted()
                    .toArray());
        }
        buckets.sort(Comparator.comparingInt(b -> b[0]));
        int own = IntStream.range(0, buckets.size())
                .filter(k -> Arrays.equals(buckets.get(k), new int[] {voters.own()}))
                .findFirst()
                .orElseThrow();
        List<double[]> shares =
                buckets.stream().map(b -> voters.spread(voters.mean(b))).toList();
        double[] weights = buckets.stream()
                .mapToDouble(b ->
                        Arrays.stream(b).mapToDouble(k -> voters.weights()[k]).sum())
                .toArray();
        int[] users = buckets.stream().mapToInt(b -> voters.contribution(b[0])).toArray();
        return new Blends(shares, weights, users, own).aggregate(input, rule);
    }
}
