package coterie.scenarios.study;

import coterie.model.task.Metric;
import coterie.scenarios.results.StudentInterval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The results of a study: for each variant the mean over seeds, its standard deviation, and the difference from the
 * baseline, seed by seed, with the 95 % confidence interval of Student's t: d̄ ± t₀.₉₇₅(n−1) · s_d / √n.
 *
 * <p>A measure of what reaching a target took has no number for a run that never reached it. Means and differences are
 * over the other seeds, and such a row is never marked as the best.
 *
 * <p>Worked example: 10, 12, 11 compared with 12, 13, 14 differ by −2, −1, −3: their mean is −2, s_d is 1, and 4.303 ·
 * 1 / √3 = 2.48.
 */
public final class StudyTable {
    /** The value of a measure of what reaching a target took, if the target was never reached. */
    public static final double NEVER = Double.POSITIVE_INFINITY;

    private static final double CONFIDENCE = 0.95;

    /**
     * Numbers of seeds of a variant.
     *
     * @param measured with a number
     * @param diverged under which training diverged
     * @param never under which the target was never reached
     * @param unpaired without a difference from the baseline because one of the two never reached the target
     */
    public record Seeds(int measured, int diverged, int never, int unpaired) {}

    /** A row: values that name the variant, and what was measured. NaN stands for missing numbers. */
    public record Row(
            Map<String, String> values,
            Seeds seeds,
            double mean,
            double deviation,
            double difference,
            double interval,
            boolean best) {
        /** Whether there is no difference from the baseline at all. */
        public boolean incomparable() {
            return seeds.unpaired > 0 && Double.isNaN(difference);
        }
    }

    private final List<String> keys;
    private final Metric.Direction better;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Computes the table.
     *
     * @param better which values are better
     * @param measured values of each variant by seed; NaN if training diverged, {@link #NEVER} if a target was never
     *     reached
     * @param baselineOf the baseline of each variant; itself or null for none
     */
    public StudyTable(
            List<Study.Variant> variants,
            Metric.Direction better,
            Function<Study.Variant, Map<Long, Double>> measured,
            UnaryOperator<Study.Variant> baselineOf) {
        this.better = better;
        Map<Study.Variant, Map<Long, Double>> found = new LinkedHashMap<>();
        variants.forEach(v -> found.put(v, measured.apply(v)));
        keys = variants.isEmpty()
                ? List.of()
                : List.copyOf(variants.get(0).values().keySet());
        // A mean over the seeds that reached a target cannot be compared with a mean over all.
        double best = found.values().stream()
                .filter(m -> never(m) == 0)
                .mapToDouble(m -> mean(List.copyOf(known(m).values())))
                .filter(m -> !Double.isNaN(m))
                .boxed()
                .reduce((a, b) -> better.isBetter(b, a) ? b : a)
                .orElse(Double.NaN);
        for (Study.Variant v : variants) {
            Map<Long, Double> every = found.get(v);
            Map<Long, Double> own = known(every);
            List<Double> all = List.copyOf(own.values());
            Study.Variant baseline = baselineOf.apply(v);
            Map<Long, Double> pairs =
                    baseline == null || baseline == v ? Map.of() : differences(every, found.get(baseline));
            List<Double> differences = List.copyOf(known(pairs).values());
            double mean = mean(all);
            int never = never(every);
            rows.add(new Row(
                    v.values(),
                    new Seeds(all.size(), every.size() - all.size() - never, never, never(pairs)),
                    mean,
                    deviation(all),
                    mean(differences),
                    interval(differences),
                    never == 0 && mean == best));
        }
    }

    /** Differences by seed, if both have a value; {@link #NEVER} if one of them never reached the target. */
    private static Map<Long, Double> differences(Map<Long, Double> own, Map<Long, Double> base) {
        Map<Long, Double> differences = new TreeMap<>();
        own.forEach((seed, x) -> {
            Double y = base.get(seed);
            if (y != null) {
                differences.put(seed, x == NEVER || y == NEVER ? NEVER : x - y);
            }
        });
        return differences;
    }

    private static Map<Long, Double> known(Map<Long, Double> measured) {
        Map<Long, Double> known = new TreeMap<>(measured);
        known.values().removeIf(x -> !Double.isFinite(x));
        return known;
    }

    private static int never(Map<Long, Double> measured) {
        return (int) measured.values().stream().filter(x -> x == NEVER).count();
    }

    static double mean(List<Double> x) {
        return x.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
    }

    /** Sample standard deviation; NaN for fewer than two. */
    static double deviation(List<Double> x) {
        return StudentInterval.deviation(numbers(x));
    }

    /** Half of the 95 % confidence interval of the mean; NaN for fewer than two. */
    static double interval(List<Double> x) {
        return StudentInterval.half(numbers(x), CONFIDENCE);
    }

    private static double[] numbers(List<Double> x) {
        return x.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The settings that name a variant, in the order of {@link Row#values}. */
    List<String> keys() {
        return keys;
    }

    Metric.Direction better() {
        return better;
    }

    public List<Row> rows() {
        return rows;
    }

    /** Whether any variant has a baseline. */
    boolean compared() {
        return rows.stream().anyMatch(r -> r.incomparable() || !Double.isNaN(r.difference));
    }
}
