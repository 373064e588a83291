package coterie.scenarios.command;

import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Balance;
import coterie.model.aggregation.Bucketing;
import coterie.model.aggregation.Contribution;
import coterie.model.aggregation.GeometricMedian;
import coterie.model.aggregation.Krum;
import coterie.model.aggregation.Median;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.NearestNeighbourMixing;
import coterie.model.aggregation.NoPreAggregation;
import coterie.model.aggregation.NormBound;
import coterie.model.aggregation.PreAggregator;
import coterie.model.aggregation.SelfCentredClipping;
import coterie.model.aggregation.TrimmedMean;
import coterie.model.aggregation.Ubar;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.scenarios.config.InputException;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coterie bench aggregation}: time of each aggregation rule, beside the weighted mean in the same process. */
@Command(
        name = "aggregation",
        mixinStandardHelpOptions = true,
        description = "Measure the time that each aggregation rule takes for one user's mixing, on one thread,"
                + " as a multiple of the weighted mean's.")
final class AggregationBench implements Callable<Integer> {
    private static final int MOST_CANDIDATES = 1000;
    private static final long MOST_NUMBERS = 1L << 28;
    private static final double TRIMMED = 0.2;
    /** Repetitions before those that count. */
    private static final int WARM_UP = 5;

    @Option(
            names = "--candidates",
            defaultValue = "20",
            description = "contributions that are mixed, the user's own among them (default: ${DEFAULT-VALUE})")
    private int candidates;

    @Option(
            names = "--parameters",
            defaultValue = "589824",
            description = "numbers in a contribution (default: ${DEFAULT-VALUE})")
    private int parameters;

    @Option(
            names = "--repeat",
            defaultValue = "15",
            description = "repetitions; the median counts (default: ${DEFAULT-VALUE})")
    private int repeat;

    @Override
    public Integer call() {
        if (candidates < 1 || parameters < 1 || repeat < 1) {
            throw new InputException("bench aggregation: candidates, parameters and repeat must be at least 1");
        }
        if (candidates > MOST_CANDIDATES || (long) candidates * parameters > MOST_NUMBERS) {
            throw new InputException("bench aggregation: at most " + MOST_CANDIDATES + " candidates and " + MOST_NUMBERS
                    + " numbers (candidates x parameters), found " + candidates + " x " + parameters);
        }
        Map<String, AggregationRules> rules = rules();
        List<Contribution> contributions = contributions();
        double[][] seconds = new double[rules.size()][repeat];
        // In turns, so that other load on the machine meets all rules alike.
        for (int r = -WARM_UP; r < repeat; r++) {
            int k = 0;
            for (AggregationRules each : rules.values()) {
                long begun = System.nanoTime();
                each.aggregate(0, contributions, 0, null, c -> 1);
                if (r >= 0) {
                    seconds[k][r] = (System.nanoTime() - begun) / 1e9;
                }
                k++;
            }
        }
        System.out.printf(Locale.ROOT, "%d candidates x %d parameters, one thread%n", candidates, parameters);
        double mean = median(seconds[0]);
        int k = 0;
        for (String name : rules.keySet()) {
            double each = median(seconds[k++]);
            System.out.printf(Locale.ROOT, "  %-36s %9.2f ms %7.2f of weighted-mean%n", name, 1e3 * each, each / mean);
        }
        return 0;
    }

    private static Map<String, AggregationRules> rules() {
        Map<String, AggregationRules> all = new LinkedHashMap<>();
        all.put("weighted-mean", of(new WeightedMean()));
        all.put("median", of(new Median()));
        all.put("trimmed-mean", of(new TrimmedMean(TRIMMED)));
        all.put("krum", of(new Krum(TRIMMED)));
        all.put("multi-krum", of(new MultiKrum(TRIMMED)));
        all.put("geometric-median, 3 iterations", of(new GeometricMedian(3, 1e-6)));
        all.put("self-centred-clipping", of(new SelfCentredClipping(null, TRIMMED)));
        all.put("norm-bound", of(new NormBound(null)));
        all.put("balance", of(new Balance(2, 1, 0.5)));
        all.put("ubar, without its forward passes", of(new Ubar(0.4, 0.5)));
        all.put("weighted-mean, nearest-neighbours", of(new WeightedMean(), new NearestNeighbourMixing(TRIMMED)));
        all.put("weighted-mean, bucketing", of(new WeightedMean(), new Bucketing(2)));
        return all;
    }

    private static AggregationRules of(Aggregator rule) {
        return of(rule, new NoPreAggregation());
    }

    private static AggregationRules of(Aggregator rule, PreAggregator before) {
        return new AggregationRules(rule, before, 1, 1);
    }

    private List<Contribution> contributions() {
        List<Contribution> all = new ArrayList<>();
        for (int u = 0; u < candidates; u++) {
            RandomStream random = RandomStream.of(1, Purpose.INITIAL_WEIGHTS, u);
            float[] x = new float[parameters];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.uniform(-1, 1);
            }
            all.add(new Contribution(1.0 / candidates, new Snapshot(u, 0, 0, x, null)));
        }
        return all;
    }

    private static double median(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
