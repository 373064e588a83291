package coterie.model.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What users learn, and by which numbers it is judged.
 *
 * @param name as scenarios and result files name it
 * @param data what an example is made of
 * @param metrics in the order of result files; the first is the loss that training minimises
 * @param reported metrics that summaries and charts show, the most important first
 */
public record Task(String name, Data data, List<Metric> metrics, List<Metric> reported) {
    /** What an example is made of. */
    public enum Data {
        /** Windows of tokens. */
        TEXT("tokens"),
        /** A vector of numbers and a label. */
        VECTORS("rows");

        private final String unit;

        Data(String unit) {
            this.unit = unit;
        }

        /** What examples are counted in, in the plural. */
        public String unit() {
            return unit;
        }
    }

    /** Mean cross-entropy on the test set. */
    public static final Metric LOSS = Metric.measured("loss", "loss", "nats", Metric.Direction.LOWER);

    /** exp(loss) for a mean next-token cross-entropy in nats. */
    public static final Metric PERPLEXITY =
            Metric.ofLoss("perplexity", "perplexity", Metric.Direction.LOWER, Math::exp);

    /** Share of test examples whose most probable class is their label, in [0, 1]. */
    public static final Metric ACCURACY = Metric.measured("accuracy", "accuracy", "", Metric.Direction.HIGHER);

    /** Share of test sequences, ending in a backdoor's trigger, that are continued with its target, in [0, 1]. */
    public static final Metric BACKDOOR = Metric.measured("backdoor", "backdoor success", "", Metric.Direction.LOWER);

    /** Next-token prediction: loss and perplexity. */
    public static final Task LANGUAGE_MODELLING =
            new Task("language-modelling", Data.TEXT, List.of(LOSS, PERPLEXITY), List.of(PERPLEXITY));

    /** Classification of vectors: loss and accuracy. */
    public static final Task CLASSIFICATION =
            new Task("classification", Data.VECTORS, List.of(LOSS, ACCURACY), List.of(ACCURACY, LOSS));

    /**
     * Checks the metrics.
     *
     * @throws IllegalArgumentException if there is no measured loss in first place, two metrics have one name, or none
     *     or another metric is reported
     */
    public Task {
        metrics = List.copyOf(metrics);
        reported = List.copyOf(reported);
        Set<String> names = new HashSet<>();
        for (Metric m : metrics) {
            if (!names.add(m.name())) {
                throw new IllegalArgumentException("two metrics of task " + name + " are called " + m.name());
            }
        }
        if (metrics.isEmpty() || metrics.get(0).isDerived()) {
            throw new IllegalArgumentException("the first metric of task " + name + " must be its loss");
        }
        if (reported.isEmpty() || !metrics.containsAll(reported)) {
            throw new IllegalArgumentException("task " + name + " must report some of its metrics");
        }
    }

    /** The same task, where the success of a backdoor is measured and reported too. */
    public Task withBackdoor() {
        List<Metric> measured = new ArrayList<>(metrics);
        measured.add(BACKDOOR);
        List<Metric> shown = new ArrayList<>(reported);
        shown.add(BACKDOOR);
        return new Task(name, data, measured, shown);
    }

    /** Number of metrics. */
    public int size() {
        return metrics.size();
    }

    /** Position of a metric among {@link #metrics}; -1 if the task does not have it. */
    public int indexOf(Metric metric) {
        return metrics.indexOf(metric);
    }

    /** The metric of a name; null if the task has none of that name. */
    public Metric metric(String metricName) {
        return metrics.stream()
                .filter(m -> m.name().equals(metricName))
                .findFirst()
                .orElse(null);
    }

    /** The first of the reported metrics: the one of final tables, and of studies that name none. */
    public Metric headline() {
        return reported.get(0);
    }

    /**
     * Values of all metrics.
     *
     * @param measured values of the metrics that are measured, in their order, the loss first
     * @return values in the order of {@link #metrics}
     * @throws IllegalArgumentException if there are more or fewer values than measured metrics
     */
    public List<Double> values(double... measured) {
        Double[] values = new Double[metrics.size()];
        int next = 0;
        for (int k = 0; k < values.length; k++) {
            Metric m = metrics.get(k);
            if (!m.isDerived() && next == measured.length) {
                throw new IllegalArgumentException("task " + name + " measures more than " + next + " metrics");
            }
            values[k] = m.isDerived() ? m.ofLoss().applyAsDouble(measured[0]) : measured[next++];
        }
        if (next != measured.length) {
            throw new IllegalArgumentException(
                    "task " + name + " measures " + next + " metrics, found " + measured.length + " values");
        }
        return List.of(values);
    }
}
