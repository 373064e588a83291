package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same scenario gives the same trace hash and the same result files for any number of threads and nodes, on a
 * machine that has other things to do. {@code -Dcoterie.repetitions=N} says how often runs are repeated.
 */
class SameBitsTest {
    private static final String SCENARIO = """
            name: bits
            users: 7
            data:
              source: 'builtin:romance'
              train_tokens: 2000
              validation_tokens: 200
              test_tokens: 300
              shared_tokens: 300
            training: {iterations: 4, batch_size: %s, context: %s}
            collaboration: {every: 2, trust: {shared_windows: 1, top_k_logits: 5}}
            time: {compute: {model: lognormal, mean_seconds: 30, sigma: 0.5}, loss: 0.05}
            evaluation: {every: 4, tokens: 100}
            record: {samples: 0, utility: 1}
            """;
    private static final List<String> FILES = List.of(
            "turns.jsonl", "evaluations.jsonl", "trust.jsonl", "messages.jsonl", "events.jsonl", "utility.jsonl");
    private static final String FORCED = "coterie.passes";
    private static final List<String> SHAPES =
            List.of("1x16", "1x32", "1x64", "1x128", "2x32", "2x64", "3x32", "4x16", "4x32", "4x64", "8x16", "8x64");
    private static final String[] ONE_THREAD = {"--threads", "1"};
    private static final String[] TWO_THREADS = {"--threads", "2"};
    private static final int NODES = 3;
    private static final int REPETITIONS = Integer.getInteger("coterie.repetitions", 20);

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(FORCED);
    }

    /** Keeps the cores busy, now more, now less. */
    private static final class Neighbours implements AutoCloseable {
        private volatile boolean quiet;
        private volatile double sink;

        void disturb(int n) {
            for (int k = 0; k < n; k++) {
                Random random = new Random(k);
                Thread t = new Thread(() -> disturb(random), "neighbour-" + k);
                t.setDaemon(true);
                t.start();
            }
        }

        private void disturb(Random random) {
            try {
                while (!quiet) {
                    long end = System.nanoTime() + random.nextInt(20_000_000);
                    while (System.nanoTime() < end) {
                        sink = Math.sin(sink);
                    }
                    Thread.sleep(random.nextInt(30));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            quiet = true;
        }
    }

    /** What a run of the scenario is called with. */
    private String[] line(String shape, String... options) throws IOException {
        String[] of = shape.split("x");
        Path scenario = folder.resolve("bits.yaml");
        Files.writeString(scenario, SCENARIO.formatted(of[0], of[1]));
        List<String> line = new ArrayList<>(
                List.of("run", scenario.toString(), "--out", out().toString(), "--overwrite", "--quiet"));
        line.addAll(List.of(options));
        return line.toArray(String[]::new);
    }

    private Path out() {
        return folder.resolve("run");
    }

    /**
     * Runs it here.
     *
     * @return {@link #results}
     */
    private TreeMap<String, String> run(String shape, String... options) throws IOException {
        String[] line = line(shape, options);
        assertThat(terminal.coterie(line))
                .as("%s: %s", List.of(line), terminal.said())
                .isZero();
        return results();
    }

    /** Trace hash and contents of the result files. */
    private TreeMap<String, String> results() throws IOException {
        TreeMap<String, String> results = new TreeMap<>();
        ObjectNode summary = (ObjectNode)
                new ObjectMapper().readTree(out().resolve("summary.json").toFile());
        results.put("trace_hash", summary.get("trace_hash").asText());
        for (String file : FILES) {
            results.put(file, Files.readString(out().resolve(file)));
        }
        return results;
    }

    /**
     * Nodes that serve one run after the other.
     *
     * @return what a run over them is told
     */
    private String[] nodes(Processes processes, int threads) throws Exception {
        String forced = System.getProperty(FORCED);
        List<String> before =
                forced == null ? List.of() : List.of("env", "JAVA_TOOL_OPTIONS=-D" + FORCED + "=" + forced);
        List<Processes.Running> all = new ArrayList<>();
        for (int k = 0; k < NODES; k++) {
            all.add(processes.start(before, "node", "--threads", String.valueOf(threads)));
        }
        List<String> addresses = new ArrayList<>();
        for (Processes.Running r : all) {
            addresses.add(r.address());
        }
        return new String[] {"--nodes", String.join(",", addresses)};
    }

    /** Every run is as the first, and, where passes are not forced, as with one user a pass. */
    private void same(String shape, int repetitions, List<String[]> places) throws IOException {
        TreeMap<String, String> first = null;
        try (Neighbours busy = new Neighbours()) {
            busy.disturb(Runtime.getRuntime().availableProcessors());
            for (int k = 0; k < repetitions; k++) {
                for (String[] place : places) {
                    TreeMap<String, String> results = run(shape, place);
                    first = first == null ? results : first;
                    assertThat(results)
                            .as("%s, repetition %d, %s", shape, k, List.of(place))
                            .isEqualTo(first);
                }
            }
        }
        if (System.getProperty(FORCED) == null) {
            assertThat(run(shape, "--stack", "1"))
                    .as("%s, one user a pass", shape)
                    .isEqualTo(first);
        }
    }

    @Test
    void usersThatShareAPassAreAsAlone() throws IOException {
        same("3x32", 1, List.of(ONE_THREAD, TWO_THREADS));
    }

    /** As where users' bits depend on who shares a pass: every pass has the same places. */
    @Test
    void wherePassesMayNotBeFormedFreely() throws IOException {
        System.setProperty(FORCED, "constant");
        same("3x32", 1, List.of(ONE_THREAD, TWO_THREADS));
    }

    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @ValueSource(strings = {"alone", "constant", "apart"})
    void wherePassesMayNotBeFormedFreelyOverNodes(String passes) throws Exception {
        System.setProperty(FORCED, passes);
        try (Processes processes = new Processes(folder)) {
            same("3x32", 2, List.of(ONE_THREAD, TWO_THREADS, nodes(processes, 1), nodes(processes, 2)));
        }
    }

    /**
     * As on a processor of another kind: with MKL's kernels for AVX2, products with the base depend on the number of
     * rows at these shapes.
     */
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @ValueSource(strings = {"1x16", "2x32"})
    void onAnotherProcessor(String shape) throws Exception {
        List<String> avx2 = List.of("env", "MKL_ENABLE_INSTRUCTIONS=AVX2", "ATEN_CPU_CAPABILITY=avx2");
        TreeMap<String, String> first = null;
        try (Processes processes = new Processes(folder)) {
            for (String[] place : List.of(
                    new String[] {"--stack", "1"}, ONE_THREAD, TWO_THREADS, ONE_THREAD, TWO_THREADS, new String[] {
                        "--nodes", String.valueOf(NODES)
                    })) {
                Processes.Running run = processes.start(avx2, line(shape, place));
                assertThat(run.exit()).as(run.said()).isZero();
                first = first == null ? results() : first;
                assertThat(results()).as("%s, %s", shape, List.of(place)).isEqualTo(first);
            }
        }
    }

    @Tag("slow")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    @Test
    void manyTimesAtManyShapes() throws Exception {
        try (Processes processes = new Processes(folder)) {
            List<String[]> places = List.of(ONE_THREAD, TWO_THREADS, nodes(processes, 1), nodes(processes, 2));
            for (String shape : SHAPES) {
                same(shape, REPETITIONS, places);
            }
        }
    }
}
