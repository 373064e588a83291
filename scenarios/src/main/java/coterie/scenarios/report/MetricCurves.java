package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.results.HeldValues;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.StudentInterval;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One metric on the test sets: the mean over users by time and by iterations, and the curves of single users. */
final class MetricCurves {
    private static final int SAMPLES = 400;
    private static final int POINTS = 40_000;
    private static final int FEWEST = 8;
    private static final double LOW = 0.1;
    /** Users whose own curves are kept. */
    private static final int MOST_USERS = 5000;

    /**
     * The distribution over users at one instant.
     *
     * @param honest mean over users that never attack; NaN if none attacks
     */
    private record Spread(double at, double mean, double low, double high, double honest) {
        /** @param byUser NaN where it is unknown; at least one is known */
        static Spread of(double at, double[] byUser, BitSet attackers) {
            double[] values =
                    Arrays.stream(byUser).filter(v -> !Double.isNaN(v)).sorted().toArray();
            int n = values.length;
            return new Spread(
                    at,
                    Arrays.stream(values).average().orElse(Double.NaN),
                    values[(int) (LOW * (n - 1))],
                    values[(int) Math.ceil((1 - LOW) * (n - 1))],
                    attackers.isEmpty() ? Double.NaN : honest(byUser, attackers));
        }

        private static double honest(double[] byUser, BitSet attackers) {
            return IntStream.range(0, byUser.length)
                    .filter(u -> !attackers.get(u) && !Double.isNaN(byUser[u]))
                    .mapToDouble(u -> byUser[u])
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /**
     * A mean over users, and, for several runs, the confidence interval of its mean over runs.
     *
     * @param at seconds or iterations, rising
     * @param cut whether the run ended at a target: then its last value does not hold for later instants
     */
    record Curve(double[] at, double[] mean, double[] low, double[] high, boolean cut) {
        private static final int POINTS = 200;
        private static final double CONFIDENCE = 0.95;

        /** A curve of a run that was not cut. */
        Curve(double[] at, double[] mean, double[] low, double[] high) {
            this(at, mean, low, high, false);
        }

        /**
         * The mean of several curves and its 95 % confidence interval (Student's t), from when all of them have begun
         * until the first is cut. Each holds its value until its next point, and its last value to the end.
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
                double[] values =
                        some.stream().mapToDouble(c -> c.value(instant)).toArray();
                double half = StudentInterval.half(values, CONFIDENCE);
                merged.mean[k] = Arrays.stream(values).average().orElse(Double.NaN);
                merged.low[k] = merged.mean[k] - half;
                merged.high[k] = merged.mean[k] + half;
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

    /** The values of one iteration by user; NaN for users that have not evaluated it. */
    private static final class Awaited {
        private final double[] values;
        private int known;

        Awaited(int users) {
            values = new double[users];
            Arrays.fill(values, Double.NaN);
        }

        /** @return whether all users have a value */
        boolean add(int user, double value) {
            if (Double.isNaN(values[user])) {
                values[user] = value;
                known++;
            }
            return known == values.length;
        }
    }

    private final Metric metric;
    /** Position among the values of an evaluation. */
    private final int place;

    private final BitSet attackers;
    private final HeldValues held;
    private Thinned<Spread> byTime = new Thinned<>(SAMPLES);
    /** Of iterations that not all users have evaluated yet. */
    private final Map<Integer, Awaited> awaited = new TreeMap<>();

    private final Map<Integer, Spread> whole = new TreeMap<>();
    private final List<Thinned<Point>> users = new ArrayList<>();
    private final Point[] last;
    private boolean cut;

    /** @param attackers users whose results are no honest users' */
    MetricCurves(Task task, Metric metric, int users, BitSet attackers) {
        this.metric = metric;
        this.attackers = attackers;
        place = task.indexOf(metric);
        held = new HeldValues(users, new HeldValues.Curve() {
            @Override
            public void at(double seconds, double[] values) {
                byTime.add(() -> Spread.of(seconds, values, attackers));
            }

            @Override
            public void beginsAgain() {
                byTime = new Thinned<>(SAMPLES);
            }
        });
        last = new Point[users];
        int each = Math.max(FEWEST, Math.min(SAMPLES, POINTS / users));
        for (int u = 0; u < Math.min(users, MOST_USERS); u++) {
            this.users.add(new Thinned<>(each));
        }
    }

    /**
     * The curves of the headline metric of a run that has ended.
     *
     * @param honest whether {@link #mean} is over honest users only
     */
    static MetricCurves of(Path folder, boolean honest) throws IOException {
        JsonNode summary = ResultJson.read(folder.resolve("summary.json"));
        Task task = TaskJson.read(summary);
        BitSet attackers = honest ? RunParticipants.read(folder).attackers() : new BitSet();
        MetricCurves curves =
                new MetricCurves(task, task.headline(), summary.path("users").asInt(), attackers);
        curves.cut = summary.path("target").path("reached").asBoolean();
        Records.curves(folder, task, o -> {
            if (o instanceof Observation.Evaluated e) {
                curves.evaluated(e);
            } else if (o instanceof Observation.Diverged d) {
                curves.diverged(d);
            }
        });
        return curves;
    }

    /**
     * The mean over users, without the attackers that are known.
     *
     * @param byIteration against iterations; otherwise against virtual time
     */
    Curve mean(boolean byIteration) {
        List<Spread> all = byIteration ? iterations() : time();
        double[] mean = all.stream()
                .mapToDouble(s -> attackers.isEmpty() ? s.mean : s.honest)
                .toArray();
        return new Curve(all.stream().mapToDouble(s -> s.at).toArray(), mean, mean, mean, cut);
    }

    Metric metric() {
        return metric;
    }

    private List<Spread> time() {
        List<Spread> time = new ArrayList<>(byTime.kept());
        double[] now = held.values();
        boolean any = Arrays.stream(now).anyMatch(v -> !Double.isNaN(v));
        if (any && (time.isEmpty() || time.get(time.size() - 1).at < held.seconds())) {
            time.add(Spread.of(held.seconds(), now, attackers));
        }
        return time;
    }

    private List<Spread> iterations() {
        Map<Integer, Spread> all = new TreeMap<>(whole);
        awaited.forEach((i, values) -> all.put(i, Spread.of(i, values.values, attackers)));
        Thinned<Spread> iterations = new Thinned<>(SAMPLES);
        all.values().forEach(s -> iterations.add(() -> s));
        return iterations.kept();
    }

    void evaluated(Observation.Evaluated e) {
        double p = e.values().get(place);
        if (!Double.isFinite(p)) {
            return;
        }
        held.evaluated(e.user(), e.seconds(), p);
        evaluatedAt(e.iteration(), e.user(), p);
        last[e.user()] = new Point(e.seconds(), e.iteration(), p);
        if (e.user() < users.size()) {
            users.get(e.user()).add(() -> last[e.user()]);
        }
    }

    /** A user's training has diverged: the means go on without it. */
    void diverged(Observation.Diverged d) {
        held.diverged(d.user(), d.seconds());
    }

    private void evaluatedAt(int iteration, int user, double p) {
        if (whole.containsKey(iteration)) {
            // A user that crashed repeats the iteration.
            return;
        }
        Awaited all = awaited.computeIfAbsent(iteration, k -> new Awaited(last.length));
        if (all.add(user, p)) {
            awaited.remove(iteration);
            whole.put(iteration, Spread.of(iteration, all.values, attackers));
        }
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

    private void spreads(ObjectNode n, List<Spread> all) {
        ArrayNode at = n.putArray("at");
        ArrayNode mean = n.putArray("mean");
        ArrayNode low = n.putArray("low");
        ArrayNode high = n.putArray("high");
        if (!attackers.isEmpty()) {
            ArrayNode honest = n.putArray("honest");
            all.forEach(s -> Json.add(honest, s.honest));
        }
        for (Spread s : all) {
            Json.add(at, s.at);
            Json.add(mean, s.mean);
            Json.add(low, s.low);
            Json.add(high, s.high);
        }
    }
}
