package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One metric on the test sets: the mean over users by time and by iterations, and the curves of single users. */
final class MetricCurves {
    private static final int SAMPLES = 400;
    private static final int POINTS = 40_000;
    private static final int FEWEST = 8;
    private static final double LOW = 0.1;
    /** Users whose own curves are kept. */
    private static final int MOST_USERS = 5000;

    /** The distribution over users at one instant. */
    private record Spread(double at, double mean, double low, double high) {
        /** @param values sorted, at least one */
        static Spread of(double at, double[] values) {
            int n = values.length;
            return new Spread(
                    at,
                    Arrays.stream(values).average().orElse(Double.NaN),
                    values[(int) (LOW * (n - 1))],
                    values[(int) Math.ceil((1 - LOW) * (n - 1))]);
        }
    }

    /**
     * A mean over users, and, for several runs, their lowest and highest.
     *
     * @param at seconds or iterations, rising
     * @param cut whether the run ended at a target: then its last value does not hold for later instants
     */
    record Curve(double[] at, double[] mean, double[] low, double[] high, boolean cut) {
        private static final int POINTS = 200;

        /** A curve of a run that was not cut. */
        Curve(double[] at, double[] mean, double[] low, double[] high) {
            this(at, mean, low, high, false);
        }

        /**
         * The mean of several curves, from when all of them have begun until the first is cut. Each holds its value
         * until its next point, and its last value to the end.
         */
        static Curve merged(List<Curve> all) {
            List<Curve> some = all.stream().filter(c -> c.at.length > 0).toList();
            if (some.size() == 1) {
                return some.get(0);
            }
            double from = some.stream().mapToDouble(c -> c.at[0]).max().orElse(0);
            double until = some.stream()
                    .filter(c -> c.cut)
                    .mapToDouble(c -> c.at[c.at.length - 1])
                    .min()
                    .orElse(Double.POSITIVE_INFINITY);
            Thinned<Double> instants = new Thinned<>(POINTS);
            some.stream()
                    .flatMapToDouble(c -> Arrays.stream(c.at))
                    .filter(t -> t >= from && t <= until)
                    .sorted()
                    .distinct()
                    .forEach(t -> instants.add(() -> t));
            double[] at = instants.kept().stream().mapToDouble(d -> d).toArray();
            Curve merged = new Curve(
                    at,
                    new double[at.length],
                    new double[at.length],
                    new double[at.length],
                    until < Double.POSITIVE_INFINITY);
            for (int k = 0; k < at.length; k++) {
                double instant = at[k];
                double[] values = some.stream()
                        .mapToDouble(c -> c.value(instant))
                        .sorted()
                        .toArray();
                merged.mean[k] = Arrays.stream(values).average().orElse(Double.NaN);
                merged.low[k] = values[0];
                merged.high[k] = values[values.length - 1];
            }
            return merged;
        }

        private double value(double instant) {
            int k = Arrays.binarySearch(at, instant);
            return mean[k >= 0 ? k : Math.max(0, -k - 2)];
        }

        void json(ObjectNode n) {
            numbers(n.putArray("at"), at);
            numbers(n.putArray("mean"), mean);
            numbers(n.putArray("low"), low);
            numbers(n.putArray("high"), high);
        }

        private static void numbers(ArrayNode list, double[] all) {
            for (double x : all) {
                Json.add(list, x);
            }
        }
    }

    private record Point(double seconds, int iteration, double value) {}

    private final Metric metric;
    /** Position among the values of an evaluation. */
    private final int place;

    private final double[] now;
    private final Thinned<Spread> byTime = new Thinned<>(SAMPLES);
    /** Of iterations that not all users have evaluated yet. */
    private final Map<Integer, List<Double>> awaited = new TreeMap<>();

    private final Map<Integer, Spread> whole = new TreeMap<>();
    private final List<Thinned<Point>> users = new ArrayList<>();
    private final Point[] last;
    private int known;
    /** Users whose training has not diverged. */
    private int expected;

    private double seconds;
    private boolean cut;

    MetricCurves(Task task, Metric metric, int users) {
        this.metric = metric;
        place = task.indexOf(metric);
        now = new double[users];
        expected = users;
        last = new Point[users];
        Arrays.fill(now, Double.NaN);
        int each = Math.max(FEWEST, Math.min(SAMPLES, POINTS / users));
        for (int u = 0; u < Math.min(users, MOST_USERS); u++) {
            this.users.add(new Thinned<>(each));
        }
    }

    /** The curves of the headline metric of a run that has ended. */
    static MetricCurves of(Path folder) throws IOException {
        JsonNode summary = ResultJson.read(folder.resolve("summary.json"));
        Task task = TaskJson.read(summary);
        MetricCurves curves =
                new MetricCurves(task, task.headline(), summary.path("users").asInt());
        curves.cut = summary.path("target").path("reached").asBoolean();
        Records.evaluations(folder, task, curves::evaluated);
        return curves;
    }

    /**
     * The mean over users.
     *
     * @param byIteration against iterations; otherwise against virtual time
     */
    Curve mean(boolean byIteration) {
        List<Spread> all = byIteration ? iterations() : time();
        double[] mean = all.stream().mapToDouble(s -> s.mean).toArray();
        return new Curve(all.stream().mapToDouble(s -> s.at).toArray(), mean, mean, mean, cut);
    }

    Metric metric() {
        return metric;
    }

    private List<Spread> time() {
        List<Spread> time = new ArrayList<>(byTime.kept());
        if (known == expected && known > 0 && (time.isEmpty() || time.get(time.size() - 1).at < seconds)) {
            time.add(spread());
        }
        return time;
    }

    private List<Spread> iterations() {
        Map<Integer, Spread> all = new TreeMap<>(whole);
        awaited.forEach((i, values) -> all.put(i, of(i, values)));
        Thinned<Spread> iterations = new Thinned<>(SAMPLES);
        all.values().forEach(s -> iterations.add(() -> s));
        return iterations.kept();
    }

    void evaluated(Observation.Evaluated e) {
        double p = e.values().get(place);
        if (!Double.isFinite(p)) {
            return;
        }
        known += Double.isNaN(now[e.user()]) ? 1 : 0;
        now[e.user()] = p;
        seconds = e.seconds();
        // Before all users were evaluated, a mean would be over fewer users.
        if (known == expected) {
            byTime.add(this::spread);
        }
        evaluatedAt(e.iteration(), p);
        last[e.user()] = new Point(e.seconds(), e.iteration(), p);
        if (e.user() < users.size()) {
            users.get(e.user()).add(() -> last[e.user()]);
        }
    }

    /** A user's training has diverged: the means go on without it. */
    void diverged(int user) {
        known -= Double.isNaN(now[user]) ? 0 : 1;
        expected--;
        now[user] = Double.NaN;
    }

    private void evaluatedAt(int iteration, double p) {
        if (whole.containsKey(iteration)) {
            // A user that crashed repeats the iteration.
            return;
        }
        List<Double> all = awaited.computeIfAbsent(iteration, k -> new ArrayList<>());
        all.add(p);
        if (all.size() == now.length) {
            whole.put(iteration, of(iteration, awaited.remove(iteration)));
        }
    }

    private static Spread of(int iteration, List<Double> values) {
        return Spread.of(iteration, values.stream().mapToDouble(d -> d).sorted().toArray());
    }

    private Spread spread() {
        return Spread.of(
                seconds,
                Arrays.stream(now).filter(v -> !Double.isNaN(v)).sorted().toArray());
    }

    void json(ObjectNode to) {
        spreads(to.putObject("by_time"), time());
        spreads(to.putObject("by_iteration"), iterations());
        ArrayNode each = to.putArray("users");
        for (int u = 0; u < users.size(); u++) {
            ObjectNode n = each.addObject();
            ArrayNode t = n.putArray("t");
            ArrayNode i = n.putArray("i");
            ArrayNode p = n.putArray("p");
            List<Point> points = new ArrayList<>(users.get(u).kept());
            if (!points.isEmpty() && points.get(points.size() - 1) != last[u]) {
                points.add(last[u]);
            }
            for (Point x : points) {
                Json.add(t, x.seconds);
                i.add(x.iteration);
                Json.add(p, x.value);
            }
        }
    }

    private static void spreads(ObjectNode n, List<Spread> all) {
        ArrayNode at = n.putArray("at");
        ArrayNode mean = n.putArray("mean");
        ArrayNode low = n.putArray("low");
        ArrayNode high = n.putArray("high");
        for (Spread s : all) {
            Json.add(at, s.at);
            Json.add(mean, s.mean);
            Json.add(low, s.low);
            Json.add(high, s.high);
        }
    }
}
