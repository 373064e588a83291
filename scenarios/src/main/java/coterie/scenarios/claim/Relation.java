package coterie.scenarios.claim;

import coterie.scenarios.results.RankCorrelation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is claimed of a measure. Each relation is a number a seed that is positive if the claim is right, or several of
 * them that all have to be. The value of cells with several variants is the mean over these.
 */
public sealed interface Relation {
    /**
     * The numbers, one map of seed to number for each part of the claim. A seed is left out if a value is missing or
     * training diverged.
     *
     * @throws NotReachedException if a run ended before it had a value
     */
    List<Map<Long, Double>> effects(String measure, Results results);

    /** The claim in words, for tables. */
    String inWords();

    /** The variants that it is about. */
    List<Cells> cells();

    /** What its numbers are, for the axis of a chart: claims with the same words share an axis. */
    default String quantity(String measure) {
        return "difference of " + measure;
    }

    /** The half-width of what counts as no difference, relative to the first value; 0 if a difference is claimed. */
    default double within() {
        return 0;
    }

    /** A run ended before it had a value. */
    final class NotReachedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Cells have smaller values than others, or than a multiple of these: factor · b − a, by seed.
     *
     * @param factor greater than 0; 1 to compare the values themselves
     */
    record Less(Cells a, Cells b, double factor) implements Relation {
        /** Compares the values themselves. */
        public Less(Cells a, Cells b) {
            this(a, b, 1);
        }

        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            Map<Long, Double> larger = means(measure, results, b);
            larger.replaceAll((seed, value) -> factor * value);
            return List.of(differences(larger, means(measure, results, a)));
        }

        @Override
        public String inWords() {
            return a + " < " + (factor == 1 ? "" : factor + " × ") + b;
        }

        @Override
        public List<Cells> cells() {
            return List.of(a, b);
        }
    }

    /**
     * Two cells have about equal values: (b − a) / a, by seed.
     *
     * @param within the largest relative difference that counts as equal
     */
    record Equal(Cells a, Cells b, double within) implements Relation {
        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            Map<Long, Double> first = means(measure, results, a);
            Map<Long, Double> relative = differences(means(measure, results, b), first);
            relative.replaceAll((seed, difference) -> difference / Math.abs(first.get(seed)));
            return List.of(relative);
        }

        @Override
        public String inWords() {
            String percent = BigDecimal.valueOf(within)
                    .movePointRight(2)
                    .stripTrailingZeros()
                    .toPlainString();
            return a + " = " + b + " within " + percent + " %";
        }

        @Override
        public List<Cells> cells() {
            return List.of(a, b);
        }

        @Override
        public String quantity(String measure) {
            return "relative difference of " + measure;
        }
    }

    /** Each cell has a smaller value than the next. */
    record Order(List<Cells> rising) implements Relation {
        public Order {
            rising = List.copyOf(rising);
        }

        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            return IntStream.range(1, rising.size())
                    .mapToObj(k -> new Less(rising.get(k - 1), rising.get(k))
                            .effects(measure, results)
                            .get(0))
                    .toList();
        }

        @Override
        public String inWords() {
            return rising.stream().map(Cells::toString).collect(Collectors.joining(" < "));
        }

        @Override
        public List<Cells> cells() {
            return rising;
        }
    }

    /**
     * The measure rises, or falls, with a setting: the slope of the least-squares line over the places 0, 1, … of its
     * values, by seed.
     *
     * @param key the setting
     * @param values its values, in order
     * @param where other values of the variants
     */
    record Trend(String key, List<String> values, boolean rising, Cells where) implements Relation {
        public Trend {
            values = List.copyOf(values);
        }

        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            List<Map<Long, Double>> each = values.stream()
                    .map(v -> means(measure, results, where.with(key, v)))
                    .toList();
            double centre = (values.size() - 1) / 2.0;
            double squares = IntStream.range(0, values.size())
                    .mapToDouble(k -> (k - centre) * (k - centre))
                    .sum();
            Map<Long, Double> slopes = new TreeMap<>();
            for (long seed : common(each)) {
                double sum = 0;
                for (int k = 0; k < each.size(); k++) {
                    sum += (k - centre) * each.get(k).get(seed);
                }
                slopes.put(seed, (rising ? sum : -sum) / squares);
            }
            return List.of(slopes);
        }

        @Override
        public String inWords() {
            return (rising ? "rises with " : "falls with ")
                    + key
                    + (where.values().isEmpty() ? "" : " (" + where + ")");
        }

        @Override
        public List<Cells> cells() {
            return values.stream().map(v -> where.with(key, v)).toList();
        }

        @Override
        public String quantity(String measure) {
            return "slope of " + measure + " per step";
        }
    }

    /**
     * Two measures are correlated over variants: Spearman's ρ, by seed.
     *
     * @param other the second measure
     * @param positive the sign of the correlation
     * @param where the variants
     */
    record Correlation(String other, boolean positive, Cells where) implements Relation {
        private static final int FEWEST = 3;

        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            List<Map<Long, Double>> x =
                    new ArrayList<>(results.of(measure, where).values());
            List<Map<Long, Double>> y = new ArrayList<>(results.of(other, where).values());
            x.forEach(Relation::reached);
            y.forEach(Relation::reached);
            Map<Long, Double> correlations = new TreeMap<>();
            List<Map<Long, Double>> all = new ArrayList<>(x);
            all.addAll(y);
            for (long seed : x.size() < FEWEST ? new TreeSet<Long>() : common(all)) {
                double rho = RankCorrelation.of(
                        x.stream().mapToDouble(m -> m.get(seed)).toArray(),
                        y.stream().mapToDouble(m -> m.get(seed)).toArray());
                if (Double.isFinite(rho)) {
                    correlations.put(seed, positive ? rho : -rho);
                }
            }
            return List.of(correlations);
        }

        @Override
        public String inWords() {
            return (positive ? "rises with " : "falls as ")
                    + other
                    + (positive ? "" : " rises")
                    + (where.values().isEmpty() ? "" : " (" + where + ")");
        }

        @Override
        public List<Cells> cells() {
            return List.of(where);
        }

        @Override
        public String quantity(String measure) {
            return "Spearman’s ρ";
        }
    }

    /**
     * The measure is larger than another one in the same runs: the difference of their means over variants, by seed.
     *
     * @param other the second measure
     * @param where the variants
     */
    record Exceeds(String other, Cells where) implements Relation {
        @Override
        public List<Map<Long, Double>> effects(String measure, Results results) {
            return List.of(differences(means(measure, results, where), means(other, results, where)));
        }

        @Override
        public String inWords() {
            return "exceeds " + other + (where.values().isEmpty() ? "" : " (" + where + ")");
        }

        @Override
        public List<Cells> cells() {
            return List.of(where);
        }

        @Override
        public String quantity(String measure) {
            return measure + " − " + other;
        }
    }

    /** Mean over variants, by seed; only seeds of which every variant has a finite value. */
    private static Map<Long, Double> means(String measure, Results results, Cells cells) {
        List<Map<Long, Double>> variants =
                new ArrayList<>(results.of(measure, cells).values());
        variants.forEach(Relation::reached);
        Map<Long, Double> means = new TreeMap<>();
        for (long seed : common(variants)) {
            means.put(
                    seed,
                    variants.stream().mapToDouble(v -> v.get(seed)).average().orElseThrow());
        }
        return means;
    }

    private static void reached(Map<Long, Double> bySeed) {
        if (bySeed.containsValue(Results.NEVER)) {
            throw new NotReachedException();
        }
    }

    /** Seeds of which all have a finite value. */
    private static TreeSet<Long> common(List<Map<Long, Double>> all) {
        TreeSet<Long> seeds = new TreeSet<>();
        if (!all.isEmpty()) {
            seeds.addAll(all.get(0).keySet());
            seeds.removeIf(seed -> all.stream().anyMatch(m -> !Double.isFinite(m.getOrDefault(seed, Double.NaN))));
        }
        return seeds;
    }

    private static Map<Long, Double> differences(Map<Long, Double> minuend, Map<Long, Double> subtrahend) {
        Map<Long, Double> differences = new TreeMap<>();
        common(List.of(minuend, subtrahend))
                .forEach(seed -> differences.put(seed, minuend.get(seed) - subtrahend.get(seed)));
        return differences;
    }
}
