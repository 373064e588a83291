package coterie.scenarios.command;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.ClusterEngine;
import coterie.actors.cluster.ClusterRun;
import coterie.actors.cluster.NodeSettings;
import coterie.actors.cluster.NodesChangedException;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.scenarios.config.InputException;
import coterie.scenarios.run.CheckpointBench;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coterie bench cluster}: measures what runs over nodes cost besides learning. Nothing is learned. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Measure runs over nodes: events, snapshots, checkpoints, and the loss of a node.")
final class ClusterBench implements Callable<Integer> {
    private static final int GPT2_ROW = 589_824;
    private static final int TINY_ROW = 73_728;
    private static final double MEGA = 1e6;
    private static final int LOOPBACK_MEGABYTES = 2000;
    private static final int SLOW_TURN_MILLIS = 50;
    private static final long KILL_AFTER_NANOS = 4_000_000_000L;

    @Option(names = "--nodes", defaultValue = "3", description = "processes (default: ${DEFAULT-VALUE})")
    private int nodes;

    private enum Part {
        EVENTS,
        SNAPSHOTS,
        CHECKPOINTS,
        RECOVERY
    }

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "EVENTS,SNAPSHOTS,CHECKPOINTS,RECOVERY",
            description = "events, snapshots, checkpoints, recovery" + " (default: all)")
    private Set<Part> parts;

    @Option(
            names = "--turns",
            defaultValue = "20",
            description = "turns a user in the runs that count events (default: ${DEFAULT-VALUE})")
    private int turns;

    @Override
    public Integer call() throws IOException {
        if (nodes < 2 || nodes > 64 || turns < 3) {
            throw new InputException("bench cluster: nodes must be 2 to 64, turns at least 3");
        }
        if (parts.contains(Part.EVENTS)) {
            events();
        }
        if (parts.contains(Part.SNAPSHOTS)) {
            snapshots();
        }
        if (parts.contains(Part.CHECKPOINTS)) {
            checkpoint(
                    "8 users, a row of GPT-2 124M",
                    new BenchTask(EngineBench.Graph.FULL, 8, GPT2_ROW, 6, 0, true, true));
            checkpoint(
                    "1000 users, a row of builtin:tiny",
                    new BenchTask(EngineBench.Graph.RING, 1000, TINY_ROW, 6, 0, true, true));
        }
        if (parts.contains(Part.RECOVERY)) {
            recovery(
                    "8 users, a row of GPT-2 124M",
                    new BenchTask(EngineBench.Graph.FULL, 8, GPT2_ROW, 400, SLOW_TURN_MILLIS, false, true));
            recovery(
                    "1000 users, a row of builtin:tiny",
                    new BenchTask(EngineBench.Graph.RING, 1000, TINY_ROW, 120, SLOW_TURN_MILLIS, false, true));
        }
        return 0;
    }

    /** A cluster and its processes. */
    private record Nodes(ClusterEngine cluster, LocalNodes processes) implements AutoCloseable {
        static Nodes start(int n) {
            ClusterEngine cluster = new ClusterEngine(new NodeSettings(null, 0, null));
            LocalNodes processes = LocalNodes.bench(n, cluster);
            cluster.await(List.of(), n, Duration.ofMinutes(2), processes::alive);
            return new Nodes(cluster, processes);
        }

        RunResult run(
                BenchTask t,
                RunObserver observer,
                Checkpoints checkpoints,
                RunCheckpoint from,
                CompletableFuture<Simulation> started) {
            try (Simulation s = cluster.start(
                    new ClusterRun(t, t.config(), observer, new Simulation.Virtual(), checkpoints, from))) {
                started.complete(s);
                return s.await();
            }
        }

        RunResult run(BenchTask t) {
            return run(t, o -> {}, Checkpoints.NONE, null, new CompletableFuture<>());
        }

        @Override
        public void close() {
            cluster.close();
            processes.close();
        }
    }

    private static double timed(Runnable r) {
        long begin = System.nanoTime();
        r.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private void events() {
        System.out.printf(
                "%-10s %8s %12s %14s %16s %16s%n",
                "graph", "users", "events", "in process/s", "1 node, events/s", nodes + " nodes, ev./s");
        try (Nodes one = Nodes.start(1);
                Nodes many = Nodes.start(nodes)) {
            for (BenchTask t : List.of(
                    new BenchTask(EngineBench.Graph.RING, 1000, 1, turns, 0, false, false),
                    new BenchTask(EngineBench.Graph.RING, 10_000, 1, turns / 4, 0, false, false),
                    new BenchTask(EngineBench.Graph.FULL, 200, 1, turns / 2, 0, false, false))) {
                long[] events = new long[1];
                double here = Double.POSITIVE_INFINITY;
                double alone = Double.POSITIVE_INFINITY;
                double spread = Double.POSITIVE_INFINITY;
                for (int k = 0; k < 3; k++) {
                    here = Math.min(here, timed(() -> events[0] = inProcess(t)));
                    alone = Math.min(alone, timed(() -> one.run(t)));
                    spread = Math.min(spread, timed(() -> many.run(t)));
                }
                System.out.printf(
                        Locale.ROOT,
                        "%-10s %8d %12d %14.0f %16.0f %16.0f%n",
                        t.graph().name().toLowerCase(Locale.ROOT),
                        t.users(),
                        events[0],
                        events[0] / here,
                        events[0] / alone,
                        events[0] / spread);
            }
        }
    }

    private static long inProcess(BenchTask t) {
        SimulationConfig config = t.config();
        float[][] rows = t.rows();
        List<Learner> learners = new ArrayList<>();
        for (int u = 0; u < t.users(); u++) {
            learners.add(t.learner(u, rows));
        }
        try (Engine engine = new Engine();
                Simulation s = engine.start(config, learners, o -> {}, new Simulation.Virtual())) {
            return s.await().events();
        }
    }

    /** Snapshots between two nodes, of each user once a turn. */
    private void snapshots() throws IOException {
        int users = 8;
        int rounds = 60;
        double socket = loopback();
        try (Nodes two = Nodes.start(2)) {
            BenchTask warm = new BenchTask(EngineBench.Graph.FULL, users, GPT2_ROW, 30, 0, true, false);
            two.run(warm);
            // The same run with small snapshots gives the cost of everything else.
            double small =
                    timed(() -> two.run(new BenchTask(EngineBench.Graph.FULL, users, 1, rounds, 0, true, false)));
            double large = timed(
                    () -> two.run(new BenchTask(EngineBench.Graph.FULL, users, GPT2_ROW, rounds, 0, true, false)));
            double bytes = 4.0 * GPT2_ROW * users * rounds;
            System.out.printf(
                    Locale.ROOT,
                    "%nsnapshots of %.2f MB between two nodes: %.0f MB/s; one plain connection over loopback: "
                            + "%.0f MB/s (ratio %.2f)%n",
                    4.0 * GPT2_ROW / MEGA,
                    bytes / MEGA / (large - small),
                    socket,
                    bytes / MEGA / (large - small) / socket);
        }
    }

    /** Speed of one plain connection over loopback, in MB/s. */
    private static double loopback() throws IOException {
        byte[] chunk = new byte[1 << 20];
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread sender = new Thread(() -> {
                try (Socket s = new Socket(server.getInetAddress(), server.getLocalPort());
                        OutputStream out = s.getOutputStream()) {
                    byte[] bytes = new byte[1 << 20];
                    for (int k = 0; k < LOOPBACK_MEGABYTES; k++) {
                        out.write(bytes);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            long total = 0;
            try (Socket s = server.accept();
                    InputStream in = s.getInputStream()) {
                long begin = System.nanoTime();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    total += n;
                }
                return total / MEGA / ((System.nanoTime() - begin) / 1e9);
            }
        }
    }

    /** One checkpoint in the middle of a run, in one process and over nodes. */
    private void checkpoint(String what, BenchTask t) throws IOException {
        Path folder = Files.createTempDirectory("coterie-bench");
        CheckpointBench here = new CheckpointBench(folder, (long) t.users() * t.turns() / 2);
        SimulationConfig config = t.config();
        float[][] rows = t.rows();
        List<Learner> learners = new ArrayList<>();
        for (int u = 0; u < t.users(); u++) {
            learners.add(t.learner(u, rows));
        }
        try (Engine engine = new Engine();
                Simulation s = engine.start(config, learners, o -> {}, new Simulation.Virtual(), here, null)) {
            s.await();
        }
        CheckpointBench there = new CheckpointBench(folder, (long) t.users() * t.turns() / 2);
        try (Nodes n = Nodes.start(nodes)) {
            n.run(t, o -> {}, there, null, new CompletableFuture<>());
        }
        System.out.printf(
                Locale.ROOT,
                "checkpoint, %s: %.1f MB; %.2f s in one process, %.2f s over %d nodes%n",
                what,
                there.bytes() / MEGA,
                here.seconds(),
                there.seconds(),
                nodes);
        CheckpointBench.delete(folder);
    }

    /** Time from the death of a node to the first turn that ends after the run has gone on. */
    private void recovery(String what, BenchTask t) throws IOException {
        for (boolean told : new boolean[] {true, false}) {
            Path folder = Files.createTempDirectory("coterie-bench");
            CheckpointBench checkpoints = new CheckpointBench(folder, (long) t.users() * 8);
            AtomicLong killed = new AtomicLong();
            AtomicLong noticed = new AtomicLong();
            AtomicLong first = new AtomicLong();
            try (Nodes n = Nodes.start(nodes)) {
                long begin = System.nanoTime();
                RunObserver killing = o -> {
                    if (killed.get() == 0 && checkpoints.count() > 0 && System.nanoTime() - begin > KILL_AFTER_NANOS) {
                        killed.set(System.nanoTime());
                        n.processes().kill(0, told);
                    }
                };
                try {
                    n.run(t, killing, checkpoints, null, new CompletableFuture<>());
                    throw new RunFailedException("the run was over before a node could be killed: raise --turns", null);
                } catch (NodesChangedException e) {
                    noticed.set(System.nanoTime());
                }
                CompletableFuture<Simulation> again = new CompletableFuture<>();
                n.run(
                        t,
                        o -> {
                            if (o instanceof Observation.TurnEnded && first.compareAndSet(0, System.nanoTime())) {
                                again.thenAccept(Simulation::stop);
                            }
                        },
                        Checkpoints.NONE,
                        checkpoints.newest(),
                        again);
            }
            System.out.printf(
                    Locale.ROOT,
                    "a node killed, %s: its end %s after %.1f s, first new turn after %.1f s%n",
                    what,
                    told ? "is reported," : "shows in its silence,",
                    (noticed.get() - killed.get()) / 1e9,
                    (first.get() - killed.get()) / 1e9);
            CheckpointBench.delete(folder);
        }
    }
}
