package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.Engine;
import coterie.actors.clock.MemoryCheckpoints;
import coterie.actors.clock.ObservationText;
import coterie.actors.clock.RandomConfigs;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.topology.random.RandomStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Runs over nodes in this process. All their messages to one another pass through sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    private static final int WORLDS = Integer.getInteger("coterie.clusters", 40);
    private static final NodeSettings ANYWHERE = new NodeSettings(null, 0, null);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<Node> nodes = new ArrayList<>();
    private ClusterEngine cluster;

    /** Draws the simulation from the seed that a run is described by. */
    static final class DrawnRunFactory implements RunFactory {
        private final String version;
        private final double weight;
        private final ExecutorService executor;
        private final AtomicInteger learners = new AtomicInteger();

        DrawnRunFactory(String version, double weight, ExecutorService executor) {
            this.version = version;
            this.weight = weight;
            this.executor = executor;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public String processor() {
            return "any";
        }

        @Override
        public double weight() {
            return weight;
        }

        @Override
        public long room() {
            return Long.MAX_VALUE;
        }

        @Override
        public RunResources prepare(Assignment assignment) {
            String task = assignment.run();
            if (task.equals("impossible")) {
                throw new IllegalArgumentException("there is no such text here");
            }
            Setting setting = RandomConfigs.drawn(Math.abs(Long.parseLong(task)));
            return new RunResources() {
                @Override
                public SimulationConfig config() {
                    return setting.config();
                }

                @Override
                public String fingerprint() {
                    return "the same";
                }

                @Override
                public Learner learner(int user) {
                    if (task.startsWith("-") && user == 0) {
                        throw new IllegalStateException("no room on the device");
                    }
                    learners.incrementAndGet();
                    return ArithmeticLearner.of(setting, user, executor);
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }
    }

    /** A run of {@link DrawnRunFactory}. */
    record Drawn(String text, String version, String fingerprint) implements RunDescription {
        @Override
        public byte[] inputs(int[] users) {
            return new byte[0];
        }

        @Override
        public String fingerprint(int[] users) {
            return fingerprint;
        }

        @Override
        public long bytesPerUser() {
            return 1;
        }
    }

    @BeforeAll
    void start() {
        cluster = new ClusterEngine(ANYWHERE);
        nodes.add(new Node(ANYWHERE, new DrawnRunFactory("1", 1, executor), cluster.address()));
        nodes.add(new Node(ANYWHERE, new DrawnRunFactory("1", 2, executor), cluster.address()));
        Node invited = new Node(ANYWHERE, new DrawnRunFactory("1", 1.5, executor), null);
        nodes.add(invited);
        cluster.await(List.of(invited.address()), 3, Duration.ofSeconds(60), () -> true);
    }

    @AfterAll
    void stop() {
        cluster.close();
        nodes.forEach(Node::await);
        executor.shutdownNow();
    }

    private Simulation start(
            String task, SimulationConfig config, RunObserver observer, Checkpoints checkpoints, RunCheckpoint from) {
        return start(new Drawn(task, "1", "the same"), config, observer, checkpoints, from);
    }

    private Simulation start(
            Drawn run, SimulationConfig config, RunObserver observer, Checkpoints checkpoints, RunCheckpoint from) {
        return cluster.start(new ClusterRun(run, config, observer, new Simulation.Virtual(), checkpoints, from));
    }

    @Test
    void aRunOverNodesEndsAsInOneProcessAndGoesOnFromAnyCheckpoint() {
        Long only = Long.getLong("coterie.seed");
        try (Engine engine = new Engine()) {
            for (long seed = only == null ? 1 : only; seed <= (only == null ? WORLDS : only); seed++) {
                try {
                    check(engine, seed);
                } catch (RuntimeException | AssertionError e) {
                    fail("seed " + seed + " (repeat it with -Dcoterie.seed=" + seed + "): " + e.getMessage(), e);
                }
            }
        }
    }

    private void check(Engine engine, long seed) {
        Setting setting = RandomConfigs.drawn(seed);
        List<String> text = new ArrayList<>();
        RunResult whole;
        try (Simulation s = engine.start(
                setting.config(),
                ArithmeticLearner.of(setting, executor),
                o -> text.add(ObservationText.of(o)),
                new Simulation.Virtual())) {
            whole = s.await();
        }
        List<String> spread = new ArrayList<>();
        MemoryCheckpoints checkpoints =
                new MemoryCheckpoints(1 + Math.floorMod(RandomStream.mix(seed), 40), spread::size);
        try (Simulation s = start(
                String.valueOf(seed), setting.config(), o -> spread.add(ObservationText.of(o)), checkpoints, null)) {
            same(s.await(), whole, spread, text);
        }
        assertThat(checkpoints.lost()).isEmpty();
        if (!checkpoints.saved().isEmpty()) {
            int which = (int) Math.floorMod(
                    RandomStream.mix(seed + 1), (long) checkpoints.saved().size());
            List<String> again =
                    new ArrayList<>(text.subList(0, checkpoints.marks().get(which)));
            try (Simulation s = start(
                    String.valueOf(seed),
                    setting.config(),
                    o -> again.add(ObservationText.of(o)),
                    Checkpoints.NONE,
                    checkpoints.saved().get(which))) {
                same(s.await(), whole, again, text);
            }
            // A checkpoint saved over nodes is resumed in one process as well.
            List<String> here =
                    new ArrayList<>(text.subList(0, checkpoints.marks().get(which)));
            try (Simulation s = engine.start(
                    setting.config(),
                    ArithmeticLearner.of(setting, executor),
                    o -> here.add(ObservationText.of(o)),
                    new Simulation.Virtual(),
                    Checkpoints.NONE,
                    checkpoints.saved().get(which))) {
                same(s.await(), whole, here, text);
            }
        }
    }

    private static void same(RunResult found, RunResult wanted, List<String> text, List<String> wantedText) {
        assertThat(found.traceHash()).isEqualTo(wanted.traceHash());
        assertThat(text).isEqualTo(wantedText);
        assertThat(found.virtualSeconds()).isEqualTo(wanted.virtualSeconds());
        assertThat(found.endedBy()).isEqualTo(wanted.endedBy());
        for (int u = 0; u < wanted.users().size(); u++) {
            assertThat(found.users().get(u).parameters())
                    .isEqualTo(wanted.users().get(u).parameters());
            assertThat(found.users().get(u).messages())
                    .isEqualTo(wanted.users().get(u).messages());
        }
    }

    @Test
    void shardingMovesUsersWhenANodeJoinsAndWhenItLeaves() throws InterruptedException {
        long seed = 1;
        while (RandomConfigs.drawn(seed).config().users() < 8) {
            seed++;
        }
        Setting setting = RandomConfigs.drawn(seed);
        String hash;
        try (Engine engine = new Engine();
                Simulation s = engine.start(
                        setting.config(), ArithmeticLearner.of(setting, executor), o -> {}, new Simulation.Virtual())) {
            hash = s.await().traceHash();
        }
        assertThat(hashOverNodes(seed, setting)).isEqualTo(hash);
        DrawnRunFactory late = new DrawnRunFactory("1", 4, executor);
        try (Node node = new Node(ANYWHERE, late, cluster.address())) {
            cluster.await(List.of(), 4, Duration.ofSeconds(60), () -> true);
            assertThat(cluster.nodes()).contains(node.address());
            assertThat(hashOverNodes(seed, setting)).isEqualTo(hash);
        }
        assertThat(late.learners.get()).isBetween(1, setting.config().users() - 1);
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (cluster.nodes().size() > 3 && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        assertThat(hashOverNodes(seed, setting)).isEqualTo(hash);
    }

    private String hashOverNodes(long seed, Setting setting) {
        try (Simulation s = start(String.valueOf(seed), setting.config(), o -> {}, Checkpoints.NONE, null)) {
            return s.await().traceHash();
        }
    }

    @Test
    void aNodeThatCannotTakePartSaysWhy() {
        SimulationConfig config = RandomConfigs.drawn(1).config();
        try (Simulation s = start("impossible", config, o -> {}, Checkpoints.NONE, null)) {
            assertThatThrownBy(s::await)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("cannot take part: there is no such text here");
        }
        try (Simulation s = start("-1", config, o -> {}, Checkpoints.NONE, null)) {
            assertThatThrownBy(s::await)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("user 0 failed: ")
                    .hasMessageContaining("no room on the device");
        }
        try (Simulation s = start(new Drawn("1", "2", "the same"), config, o -> {}, Checkpoints.NONE, null)) {
            assertThatThrownBy(s::await)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("runs another program: 1, this is 2");
        }
        try (Simulation s = start(new Drawn("1", "1", "other"), config, o -> {}, Checkpoints.NONE, null)) {
            assertThatThrownBy(s::await)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("another base or other data");
        }
    }
}
