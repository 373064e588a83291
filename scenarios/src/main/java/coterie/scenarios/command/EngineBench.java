package coterie.scenarios.command;

import coterie.actors.clock.Engine;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.model.exchange.Exchange;
import coterie.model.learn.Learner;
import coterie.model.learn.LogisticLearner;
import coterie.model.learn.NullLearner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.FedAvg;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ProcessMemory;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coterie bench engine}: events per second of the engine itself, with users that learn little or nothing. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Measure events, messages and memory of the engine, with users that learn little or nothing.")
final class EngineBench implements Callable<Integer> {
    private static final int INPUTS = 57;
    private static final int ROWS = 46;
    private static final int DEGREE = 20;
    private static final int LARGEST_FULL = 1000;
    private static final double MEBI = 1 << 20;

    /** The graph that connects the users. */
    enum Graph {
        RING,
        REGULAR,
        FULL
    }

    private enum LearnerKind {
        NONE,
        LOGISTIC
    }

    @Option(
            names = "--users",
            split = ",",
            defaultValue = "100,1000,10000,100000",
            description = "numbers of users, one run for each (default: ${DEFAULT-VALUE})")
    private int[] users;

    @Option(
            names = "--graph",
            split = ",",
            defaultValue = "RING,REGULAR,FULL",
            description = "ring, regular (20 neighbours), full (up to 1,000 users);" + " default: all")
    private Graph[] graphs;

    @Option(
            names = "--learner",
            defaultValue = "NONE",
            description = "none, or logistic: 57 inputs, 2 classes, 46 rows, two steps for every model received")
    private LearnerKind learner;

    @Option(
            names = "--bandwidth",
            description = "share users' lines (10 up, 50 down, megabits a second; a message is 100 kB)")
    private boolean bandwidth;

    @Option(
            names = "--events",
            defaultValue = "4000000",
            description = "approximate number of events of a run (default: ${DEFAULT-VALUE})")
    private long events;

    @Option(
            names = "--repeat",
            defaultValue = "3",
            description = "repetitions; the fastest counts, since other processes use the machine too"
                    + " (default: ${DEFAULT-VALUE})")
    private int repeat;

    @Override
    public Integer call() throws IOException {
        if (repeat < 1 || events < 1 || Arrays.stream(users).anyMatch(u -> u < 2 || u > 1_000_000)) {
            throw new InputException("bench engine: users must be 2 to 1000000, events and repeat at least 1");
        }
        System.out.printf(
                "%-8s %8s %12s %12s %14s %16s %12s %12s%n",
                "graph", "users", "events", "events/s", "messages/s", "messages/CPU s", "ns/event", "live MiB");
        for (Graph g : graphs) {
            for (int n : users) {
                if ((g != Graph.FULL || n <= LARGEST_FULL) && (g != Graph.REGULAR || n > DEGREE)) {
                    measure(g, n);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "peak memory of the process: %.0f MiB; nothing is recorded; compute time log-normal (σ 0.5) "
                        + "around 10 s, latency 20 to 200 ms%n",
                ProcessMemory.peak() / MEBI);
        return 0;
    }

    private record Measured(RunResult result, double wall, double cpu) {
        double eventsPerSecond() {
            return result.events() / wall;
        }
    }

    private void measure(Graph g, int n) {
        Measured best = null;
        for (int k = 0; k < repeat; k++) {
            Measured m = run(g, n, k, Integer.MAX_VALUE, null);
            best = best == null || m.eventsPerSecond() > best.eventsPerSecond() ? m : best;
        }
        // Memory is measured in a run of its own, since measuring takes time.
        double[] heap = new double[1];
        run(g, n, 0, 6, heap);
        long messages = best.result.users().stream()
                .mapToLong(e -> e.messages().sent().messages())
                .sum();
        System.out.printf(
                Locale.ROOT,
                "%-8s %8d %12d %12.0f %14.0f %16.0f %12.0f %12.0f%n",
                g.name().toLowerCase(Locale.ROOT),
                n,
                best.result.events(),
                best.eventsPerSecond(),
                messages / best.wall,
                messages / best.cpu,
                best.wall * 1e9 / best.result.events(),
                heap[0]);
    }

    /** @param heap receives the used MiB of the heap when user 0 is half through its turns; null to measure nothing */
    private Measured run(Graph g, int n, int repetition, int most, double[] heap) {
        long seed = 1L + repetition;
        Neighbourhoods neighbours = neighbours(g, n, seed);
        int degree = neighbours.receivers(0, 0, 0).length;
        // A turn has an end, a beginning, a mixing, and a message from each neighbour.
        int turns = (int) Math.min(most, Math.max(3, events / ((long) n * (degree + 3))));
        int steps = learner == LearnerKind.LOGISTIC ? 2 * degree : 1;
        SimulationConfig config = config(seed, neighbours)
                .bandwidth(bandwidth ? new Bandwidth.Constant(10, 50) : new Bandwidth.Unlimited())
                .schedule(new TurnSchedule(turns * steps, 0, steps, 0))
                .records(RecordLevel.NOTHING)
                .build();
        List<Learner> learners = new ArrayList<>(n);
        float[] shared = new float[bandwidth ? 25_000 : 1];
        TrustManager.Rules rules = new TrustManager.Rules(
                new FedAvg(), 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.RENORMALISE);
        for (int u = 0; u < n; u++) {
            learners.add(
                    learner == LearnerKind.NONE
                            ? new NullLearner(u, shared)
                            : new LogisticLearner(
                                    u,
                                    seed,
                                    INPUTS,
                                    ROWS,
                                    Integer.MAX_VALUE,
                                    Exchange.PARAMETERS,
                                    new TrustManager(u, rules)));
        }
        if (heap != null) {
            learners.set(0, weighing(learners.get(0), turns / 2, heap));
        }
        com.sun.management.OperatingSystemMXBean system =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        try (Engine engine = new Engine();
                Simulation simulation = engine.start(config, learners, o -> {}, new Simulation.Virtual())) {
            RunResult result = simulation.await();
            double wall = (System.nanoTime() - begin) / 1e9;
            double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
            return new Measured(result, wall, cpuSeconds);
        }
    }

    static Neighbourhoods neighbours(Graph g, int n, long seed) {
        GraphModel model = switch (g) {
            case RING -> new GraphModel.Ring();
            case REGULAR -> new GraphModel.KRegular(DEGREE);
            case FULL -> new GraphModel.Full();
        };
        return Neighbourhoods.fixed(model.build(n, seed));
    }

    /** Log-normal compute time around 10 s, latency 20 to 200 ms. */
    static SimulationConfigBuilder config(long seed, Neighbourhoods neighbours) {
        return SimulationConfig.builder(seed, neighbours)
                .links(new Links(new Latency.Uniform(20, 200), 0))
                .compute(new ComputeTime.LogNormal(10, 0.5));
    }

    private static Learner weighing(Learner learner, int turn, double[] heap) {
        return new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                if (plan.turn() == turn) {
                    System.gc();
                    Runtime r = Runtime.getRuntime();
                    heap[0] = (r.totalMemory() - r.freeMemory()) / MEBI;
                }
                return learner.turn(plan);
            }

            @Override
            public void close() {
                learner.close();
            }
        };
    }
}
