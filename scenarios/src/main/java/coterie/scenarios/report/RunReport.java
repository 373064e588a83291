package coterie.scenarios.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.task.Task;
import coterie.model.trust.Oracle;
import coterie.model.trust.TrustRow;
import coterie.scenarios.results.Categories;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The data of a run's page, added up during the run. Its size hardly grows with the length of the run. Thread-safe. */
public final class RunReport implements RunObserver {
    private static final int MOST_EDGES = 4000;
    private static final int MOST_NODES = 200;
    private final RunParticipants cast;
    private final int[] categories;
    private final Bins bins;
    private final Task task;
    /** One for each reported metric. */
    private final List<MetricCurves> curves = new ArrayList<>();

    private final Oracle oracle;
    private final DriftMarks drifts;
    private final AttackMarks attacks;
    private final TrustFrames trust;
    private final MixingSteps steps = new MixingSteps();
    private final AgeHistogram ages = new AgeHistogram();
    private final Traffic traffic = new Traffic();
    private final Activity activity;
    private final UtilityChart utility;
    private final WallTimes wall = new WallTimes();
    private final int[] occasions;
    private final int[] taken;
    private double seconds;
    private long turns;

    /** The report of a run whose mixtures follow from trust rows alone. */
    public RunReport(RunParticipants cast, Task task) {
        this(cast, task, true);
    }

    /**
     * The report of a run that has not begun.
     *
     * @param task names the values of evaluations
     * @param mixesByRow see {@link coterie.scenarios.results.TrustInAttackers}
     */
    public RunReport(RunParticipants cast, Task task, boolean mixesByRow) {
        this.cast = cast;
        this.task = task;
        int users = cast.mixtures().length;
        categories = Categories.of(cast.mixtures()).toArray();
        bins = new Bins(categories);
        attacks = new AttackMarks(cast, mixesByRow);
        task.reported().forEach(m -> curves.add(new MetricCurves(task, m, users, attacks.attackers())));
        oracle = new Oracle(cast.data());
        drifts = new DriftMarks(cast);
        trust = new TrustFrames(bins);
        activity = new Activity(bins);
        utility = new UtilityChart(cast.data(), categories);
        occasions = new int[users];
        taken = new int[users];
    }

    @Override
    public synchronized void observed(Observation o) {
        seconds = Math.max(seconds, o.seconds());
        activity.observed(o);
        if (o instanceof Observation.TurnEnded t) {
            turns++;
            occasions[t.user()] += t.collaborative() ? 1 : 0;
            taken[t.user()] += t.tookPart() ? 1 : 0;
            traffic.ended(t);
        } else if (o instanceof Observation.Evaluated e) {
            curves.forEach(c -> c.evaluated(e));
        } else if (o instanceof Observation.Diverged d) {
            curves.forEach(c -> c.diverged(d));
        } else if (o instanceof Observation.Mixed m) {
            steps.mixed(m, trust.rows()[m.user()], oracle.distance(m.user(), m.row(), m.seconds()));
            trust.mixed(m);
            attacks.mixed(m);
            ages.mixed(m);
        } else if (o instanceof Observation.Utility m) {
            utility.measured(m);
        } else if (o instanceof Observation.Drifted d) {
            drifts.drifted(d);
        } else if (o instanceof Observation.Attacked a) {
            attacks.attacked(a);
        }
    }

    /**
     * Adds the wall-clock time of the newest observation.
     *
     * @param wallSeconds since the run began
     */
    public synchronized void wall(double wallSeconds) {
        wall(wallSeconds, seconds);
    }

    /** Adds a pair of times of a run that has ended. */
    public synchronized void wall(double wallSeconds, double virtualSeconds) {
        wall.at(wallSeconds, virtualSeconds);
    }

    /** Number of turns that have ended. */
    public synchronized long turns() {
        return turns;
    }

    /** Virtual seconds of the newest observation. */
    public synchronized double seconds() {
        return seconds;
    }

    /** Receives the trust matrix at several instants. */
    public interface Onlooker {
        /** @param weights [size][size], row by row, see {@link TrustFrames} */
        void see(double seconds, int size, double[] weights) throws IOException;
    }

    /** Sends all kept trust matrices to a viewer, the oldest first. */
    public synchronized void trustPictures(Onlooker onlooker) throws IOException {
        trust.show(onlooker);
    }

    /** All data, in the form that the page reads. */
    public synchronized ObjectNode json() {
        ObjectNode n = new ObjectMapper().createObjectNode();
        cast.categories().forEach(n.putArray("categories")::add);
        ArrayNode category = n.putArray("category");
        for (int c : categories) {
            category.add(c);
        }
        if (!cast.groups().isEmpty()) {
            cast.groups().forEach(n.putArray("groups")::add);
            ArrayNode group = n.putArray("group");
            for (int g : cast.group()) {
                group.add(g);
            }
        }
        bins.json(n.putObject("bins"));
        ArrayNode metrics = n.putArray("metrics");
        TaskJson.metrics(metrics, task.reported());
        for (int k = 0; k < curves.size(); k++) {
            curves.get(k).json((ObjectNode) metrics.get(k));
        }
        wall.json(n.putObject("wall"));
        trust.json(n.putObject("trust"), cast.data());
        steps.json(n.putObject("steps"));
        ages.json(n.putObject("ages"));
        traffic.json(n.putObject("traffic"));
        activity.json(n.putObject("activity"));
        drifts.json(n);
        utility.json(n);
        attacks.json(n);
        ArrayNode participation = n.putArray("participation");
        for (int u = 0; u < occasions.length; u++) {
            Json.add(participation, occasions[u] == 0 ? Double.NaN : (double) taken[u] / occasions[u]);
        }
        graph(n.putObject("graph"));
        return n;
    }

    private record Edge(int from, int to, double weight) {}

    /** The trust graph: of users, or, if there are many, of categories. */
    private void graph(ObjectNode n) {
        boolean grouped = categories.length > MOST_NODES;
        n.put("grouped", grouped);
        List<Edge> edges = grouped ? betweenCategories() : betweenUsers();
        edges.sort(Comparator.comparingDouble((Edge e) -> -e.weight));
        ArrayNode list = n.putArray("edges");
        for (Edge e : edges.subList(0, Math.min(MOST_EDGES, edges.size()))) {
            ArrayNode one = list.addArray();
            one.add(e.from).add(e.to);
            Json.add(one, e.weight);
        }
    }

    private List<Edge> betweenUsers() {
        List<Edge> all = new ArrayList<>();
        boolean mixed = Arrays.stream(trust.rows()).anyMatch(r -> r != null);
        if (!mixed && cast.edges() != null) {
            cast.edges().forEach(e -> all.add(new Edge(e[0], e[1], Double.NaN)));
        }
        for (int u = 0; u < categories.length; u++) {
            TrustRow row = trust.rows()[u];
            for (int k = 0; row != null && k < row.users().length; k++) {
                if (row.users()[k] != u && row.weights()[k] > 0) {
                    all.add(new Edge(row.users()[k], u, row.weights()[k]));
                }
            }
        }
        return all;
    }

    private List<Edge> betweenCategories() {
        int c = cast.categories().size();
        double[][] sums = new double[c][c];
        int[] members = new int[c];
        for (int u = 0; u < categories.length; u++) {
            TrustRow row = trust.rows()[u];
            for (int k = 0; row != null && k < row.users().length; k++) {
                sums[categories[row.users()[k]]][categories[u]] += row.weights()[k];
            }
            members[categories[u]] += row == null ? 0 : 1;
        }
        List<Edge> all = new ArrayList<>();
        for (int from = 0; from < c; from++) {
            for (int to = 0; to < c; to++) {
                if (sums[from][to] > 0) {
                    all.add(new Edge(from, to, sums[from][to] / members[to]));
                }
            }
        }
        return all;
    }
}
