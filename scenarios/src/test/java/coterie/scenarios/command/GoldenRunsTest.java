package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small runs that cover strategies, graphs, protocols, clocks and faults give the results that were recorded: in one
 * process, resumed from a checkpoint, and over three nodes. The build runs this test with arithmetic that is the same
 * on all x86-64 processors (see {@code scenarios/pom.xml}). The ordinary build has time for 27 of the 72 runs, the
 * profile {@code slow} does all. There, {@code -Dcoterie.golden=FILE} writes what one process gives into a file
 * instead, to replace {@code golden/hashes.yaml} where a change of results is meant.
 */
@Tag("golden")
class GoldenRunsTest {
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FILES = List.of("turns.jsonl", "evaluations.jsonl", "trust.jsonl");
    private static final String RECORD = System.getProperty("coterie.golden");
    private static final int NODES = 3;
    /** Runs that the ordinary build resumes and does over nodes. */
    private static final int OVER_NODES = 4;

    @TempDir
    private static Path shared;

    private static Path golden;
    /** Runs by name, and the base of each. */
    private static final Map<String, JsonNode> runs = new LinkedHashMap<>();

    private static final Map<String, JsonNode> bases = new LinkedHashMap<>();
    private static Map<String, Map<String, String>> recorded;
    private static final Map<String, Map<String, String>> found = new TreeMap<>();
    private static Processes processes;
    private static String nodes;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() throws Exception {
        golden = folder();
        JsonNode all = YAML.readTree(golden.resolve("runs.yaml").toFile());
        for (JsonNode part : List.of(all, all.get("vectors"))) {
            part.get("runs").properties().forEach(e -> {
                runs.put(e.getKey(), e.getValue());
                bases.put(e.getKey(), part.get("base"));
            });
        }
        recorded = RECORD != null
                ? Map.of()
                : YAML.readValue(golden.resolve("hashes.yaml").toFile(), new TypeReference<>() {});
        processes = new Processes(shared);
    }

    /** The addresses of nodes that serve one run after the other. */
    private static String nodes() throws Exception {
        if (nodes == null) {
            List<Processes.Running> all = new ArrayList<>();
            for (int k = 0; k < NODES; k++) {
                all.add(processes.start("node", "--threads", "1"));
            }
            List<String> addresses = new ArrayList<>();
            for (Processes.Running r : all) {
                addresses.add(r.address());
            }
            nodes = String.join(",", addresses);
        }
        return nodes;
    }

    @AfterAll
    static void stop() throws IOException {
        processes.close();
        if (RECORD != null) {
            YAML.writeValue(Path.of(RECORD).toFile(), found);
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(GoldenRunsTest.class.getResource("/golden").toURI());
    }

    static List<String> names() throws Exception {
        List<String> names = new ArrayList<>();
        JsonNode all = YAML.readTree(folder().resolve("runs.yaml").toFile());
        all.get("runs").fieldNames().forEachRemaining(names::add);
        all.get("vectors").get("runs").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The runs that the ordinary build also resumes and does over nodes. */
    static List<String> some() throws Exception {
        List<String> names = new ArrayList<>();
        YAML.readTree(folder().resolve("runs.yaml").toFile())
                .get("resumed_and_over_nodes")
                .forEach(name -> names.add(name.asText()));
        return names.subList(0, OVER_NODES);
    }

    static List<String> theOthers() throws Exception {
        List<String> names = names();
        names.removeAll(some());
        return names;
    }

    /** Every third of the others: with {@link #some}, what the ordinary build has time for. */
    static List<String> third() throws Exception {
        List<String> others = theOthers();
        return IntStream.range(0, others.size())
                .filter(k -> k % 3 == 0)
                .mapToObj(others::get)
                .toList();
    }

    static List<String> allButThird() throws Exception {
        List<String> names = names();
        names.removeAll(third());
        return names;
    }

    @ParameterizedTest
    @MethodSource("third")
    void inOneProcess(String name) throws IOException {
        Path out = folder.resolve("run");
        run(name, out, "--threads", "2");
        if (RECORD != null) {
            found.put(name, hashes(out));
        } else {
            assertThat(hashes(out)).isEqualTo(recorded.get(name));
        }
        assertThat(terminal.coterie("verify", out.toString()))
                .as(terminal.said())
                .isZero();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("allButThird")
    void theOthersInOneProcess(String name) throws IOException {
        inOneProcess(name);
    }

    @ParameterizedTest
    @MethodSource("some")
    void resumedAndOverNodes(String name) throws Exception {
        assumeThat(RECORD).isNull();
        Path out = folder.resolve("run");
        run(name, out, "--threads", "1");
        interrupt(out);
        assertThat(terminal.coterie("resume", out.toString(), "--quiet"))
                .as(terminal.said())
                .isZero();
        assertThat(hashes(out)).as("resumed").isEqualTo(recorded.get(name));
        run(name, folder.resolve("nodes"), "--nodes", nodes());
        assertThat(hashes(folder.resolve("nodes"))).as("over %d nodes", NODES).isEqualTo(recorded.get(name));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("theOthers")
    void theOthersResumedAndOverNodes(String name) throws Exception {
        resumedAndOverNodes(name);
    }

    private void run(String name, Path out, String... options) throws IOException {
        Path scenario = golden.resolve("base.yaml");
        Files.writeString(scenario, YAML.writeValueAsString(bases.get(name)));
        List<String> line = new ArrayList<>(List.of("run", scenario.toString(), "--out", out.toString(), "--quiet"));
        line.addAll(List.of(options));
        for (Map.Entry<String, JsonNode> setting : runs.get(name).properties()) {
            line.add("--set");
            line.add(setting.getKey() + "=" + JSON.writeValueAsString(setting.getValue()));
        }
        assertThat(terminal.coterie(line.toArray(String[]::new)))
                .as("%s: %s", line, terminal.said())
                .isZero();
    }

    /** Leaves a finished run as one whose process died after its first checkpoint that is still there. */
    private static void interrupt(Path run) throws IOException {
        Files.delete(run.resolve("summary.json"));
        List<Path> checkpoints;
        try (Stream<Path> list = Files.list(run.resolve("checkpoints"))) {
            checkpoints = list.filter(p -> p.toString().endsWith(".checkpoint"))
                    .sorted()
                    .toList();
        }
        assertThat(checkpoints).isNotEmpty();
        for (Path later : checkpoints.subList(1, checkpoints.size())) {
            Files.delete(later);
        }
    }

    /** The hash of the trace, and of the files of results. */
    private static Map<String, String> hashes(Path run) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        FILES.forEach(file -> hashes.put(file, sha256(run.resolve(file))));
        hashes.put(
                "trace",
                JSON.readTree(run.resolve("summary.json").toFile())
                        .get("trace_hash")
                        .asText());
        return hashes;
    }

    private static String sha256(Path file) {
        try {
            return "sha256:" + Sha256.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
