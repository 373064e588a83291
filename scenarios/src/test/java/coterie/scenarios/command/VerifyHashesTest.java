package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is changed in the files of a run, {@code verify} finds it. */
class VerifyHashesTest {
    private static final String SMALL = """
            name: small
            users: 3
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 2, batch_size: 1, context: 16}
            collaboration: {strategy: prediction-similarity, every: 1, trust: {shared_windows: 1}}
            evaluation: {every: 1}
            record: {samples: 1}
            tracking: [csv, parquet, tensorboard]
            baselines: [local]
            """;
    private static final int CHANGES_A_FILE = 4;
    private static final long SEED = Long.getLong("coterie.seed", 1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path shared;

    private static Path original;

    @TempDir
    private Path folder;

    private Path run;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void once() throws IOException {
        Path scenario = Files.writeString(shared.resolve("small.yaml"), SMALL);
        original = shared.resolve("run");
        assertThat(Main.execute("run", scenario.toString(), "--quiet", "--threads", "1", "--out", original.toString()))
                .isZero();
    }

    @BeforeEach
    void copy() throws IOException {
        run = folder.resolve("run");
        try (Stream<Path> all = Files.walk(original)) {
            for (Path p : all.toList()) {
                Files.copy(p, run.resolve(original.relativize(p).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private int verify() {
        return terminal.coterie("verify", run.toString());
    }

    private String said() {
        return terminal.out() + terminal.err();
    }

    private static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    private static List<String> paths(Path run) throws IOException {
        return read(run.resolve("manifest.json")).get("files").findValuesAsText("path");
    }

    private void change(String file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(run.resolve(file));
        String after = change.apply(before);
        assertThat(after).as("something is changed in " + file).isNotEqualTo(before);
        Files.writeString(run.resolve(file), after);
    }

    /** What else is there stays out of it: the page, checkpoints, the runs in baselines/, hidden files. */
    @Test
    void theManifestNamesEveryFileOfTheRun() throws IOException {
        for (Path one : List.of(run, run.resolve("baselines/local"))) {
            List<String> there;
            try (Stream<Path> all = Files.walk(one)) {
                there = all.filter(Files::isRegularFile)
                        .map(p -> one.relativize(p).toString())
                        .filter(p -> !p.startsWith("baselines/") && !p.startsWith("checkpoints/") && !p.startsWith("."))
                        .filter(p -> !p.equals("manifest.json") && !p.equals("report.html"))
                        .sorted()
                        .toList();
            }
            JsonNode manifest = read(one.resolve("manifest.json"));
            assertThat(paths(one))
                    .isEqualTo(there)
                    .contains(
                            "scenario.yaml",
                            "users.json",
                            "timing.jsonl",
                            "summary.json",
                            "adapters/user-2/adapter_model.safetensors",
                            "tables/turns.parquet");
            for (JsonNode file : manifest.get("files")) {
                byte[] content = Files.readAllBytes(one.resolve(file.get("path").asText()));
                assertThat(file.get("bytes").asInt()).isEqualTo(content.length);
                assertThat(file.get("sha256").asText()).isEqualTo(Sha256.of(content));
            }
            JsonNode summary = read(one.resolve("summary.json"));
            assertThat(manifest.get("trace_hash")).isEqualTo(summary.get("trace_hash"));
            assertThat(manifest.get("records_hash")).isEqualTo(summary.get("records_hash"));
            StringBuilder lines = new StringBuilder(summary.get("trace_hash").asText() + "\n");
            for (String name : List.of("turns", "evaluations", "trust", "events", "messages")) {
                String hash = "sha256:" + Sha256.of(Files.readAllBytes(one.resolve(name + ".jsonl")));
                assertThat(summary.get("records").get(name).asText()).isEqualTo(hash);
                lines.append(name).append(' ').append(hash).append('\n');
            }
            assertThat(summary.get("records_hash").asText()).isEqualTo("sha256:" + Sha256.of(lines.toString()));
        }
        assertThat(verify()).as(said()).isZero();
        assertThat(said().lines()).as(said()).hasSize(2).allMatch(l -> l.contains("all of them can be true"));
    }

    @Test
    void filesThatOthersPutThereAreNoFault() throws IOException {
        Files.writeString(run.resolve("notes.txt"), "mine");
        Files.writeString(run.resolve("adapters/README.md"), "mine");
        Files.delete(run.resolve("report.html"));
        assertThat(Main.execute("report", run.toString())).as(said()).isZero();
        assertThat(Main.execute(
                        "query",
                        run.toString(),
                        "SELECT * FROM turns",
                        "--format",
                        "csv",
                        "--out",
                        run.resolve("turns.csv").toString()))
                .as(said())
                .isZero();
        assertThat(verify()).as(said()).isZero();
    }

    @Test
    void aChangedByteOfAnyFileIsFound() throws IOException {
        Random random = new Random(SEED);
        for (String prefix : List.of("", "baselines/local/")) {
            for (String path : paths(run.resolve(prefix))) {
                Path file = run.resolve(prefix + path);
                byte[] good = Files.readAllBytes(file);
                for (int k = 0; k < CHANGES_A_FILE && good.length > 0; k++) {
                    byte[] bad = good.clone();
                    int at = random.nextInt(bad.length);
                    bad[at] ^= (byte) (1 + random.nextInt(255));
                    Files.write(file, bad);
                    String what = "coterie.seed=" + SEED + ", byte " + at + " of " + file;
                    assertThat(verify()).as(what + ": " + said()).isIn(1, 2);
                    assertThat(said())
                            .as(what)
                            .contains("  " + path + ": was changed: its SHA-256 is ")
                            .doesNotContain("Exception")
                            .doesNotContain("a fault in coterie");
                }
                Files.write(file, good);
            }
        }
        assertThat(verify()).as(said()).isZero();
    }

    @Test
    void aFileThatIsCutLongerOrGoneIsFound() throws IOException {
        for (String path : paths(run)) {
            Path file = run.resolve(path);
            byte[] good = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(good, good.length + 1));
            assertThat(verify()).as(path + ": " + said()).isIn(1, 2);
            assertThat(said()).contains("  " + path + ": has " + (good.length + 1) + " bytes, and had " + good.length);
            if (good.length > 0) {
                Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
                assertThat(verify()).as(path + ": " + said()).isIn(1, 2);
                assertThat(said()).contains("  " + path + ": has " + (good.length - 1) + " bytes");
            }
            Files.delete(file);
            assertThat(verify()).as(path + ": " + said()).isIn(1, 2);
            assertThat(said()).contains("  " + path + ": is missing");
            Files.createDirectory(file);
            assertThat(verify()).as(path + ": " + said()).isIn(1, 2);
            assertThat(said()).contains("  " + path + ": is not a file");
            Files.delete(file);
            Files.write(file, good);
        }
    }

    /** Without a manifest the records are still chained to the trace hash in the summary. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "turns.jsonl | \"parameters_hash\":\"[0-9a-f]{3}", "turns.jsonl | \"training_loss\":\\d+\\.\\d",
                "turns.jsonl | \"tokens\":\\d", "turns.jsonl | \"virtual_seconds\":\\d",
                "evaluations.jsonl | \"loss\":\\d\\.\\d\\d", "evaluations.jsonl | \"perplexity\":\\d+\\.\\d\\d",
                "evaluations.jsonl | \"iteration\":\\d", "trust.jsonl | \"distance\":\\d\\.\\d\\d\\d",
                "trust.jsonl | \"evidence_age\":\\{\"0\":\\d", "messages.jsonl | \"bytes\":\\d\\d",
                "messages.jsonl | \"sent_seconds\":\\d"
            })
    void aChangedDigitOfARecordIsFoundWithoutAManifest(String file, String place) throws IOException {
        Files.delete(run.resolve("manifest.json"));
        assertThat(verify()).as(said()).isZero();
        assertThat(said()).contains("no manifest.json: of hashes only those of the records were checked");
        change(file, text -> {
            java.util.regex.Matcher m = java.util.regex.Pattern.compile(place).matcher(text);
            assertThat(m.find()).as(place + " in " + text).isTrue();
            char digit = text.charAt(m.end() - 1);
            return text.substring(0, m.end() - 1) + (digit == '5' ? '6' : '5') + text.substring(m.end());
        });
        assertThat(verify()).as(said()).isEqualTo(1);
        assertThat(said())
                .contains("  " + file + ": was changed: its SHA-256 is ")
                .contains("… in summary.json");
    }

    @Test
    void linesInAnotherOrderLeftOutOrAddedAreFoundWithoutAManifest() throws IOException {
        Files.delete(run.resolve("manifest.json"));
        for (String name : List.of("turns", "evaluations", "trust", "messages")) {
            Path file = run.resolve(name + ".jsonl");
            List<String> good = Files.readAllLines(file);
            List<String> swapped = new ArrayList<>(good);
            Collections.swap(swapped, 0, 1);
            List<String> doubled = new ArrayList<>(good);
            doubled.add(good.get(good.size() - 1));
            for (List<String> bad : List.of(
                    swapped,
                    doubled,
                    good.subList(0, good.size() - 1),
                    good.subList(1, good.size()),
                    List.<String>of())) {
                Files.write(file, bad);
                assertThat(verify()).as(said()).isEqualTo(1);
                assertThat(said()).contains("  " + name + ".jsonl: was changed");
            }
            Files.delete(file);
            assertThat(verify()).as(said()).isEqualTo(1);
            assertThat(said()).contains("  " + name + ".jsonl: is missing");
            Files.write(file, good);
        }
        assertThat(verify()).as(said()).isZero();
    }

    @Test
    void aSummaryThatDoesNotBelongToTheRecordsIsFoundWithoutAManifest() throws IOException {
        Files.delete(run.resolve("manifest.json"));
        Path file = run.resolve("summary.json");
        String good = Files.readString(file);
        for (String key : List.of("trace_hash", "records_hash", "turns", "events")) {
            change("summary.json", t -> t.replaceFirst("(\"" + key + "\" : \"sha256:)[0-9a-f]{4}", "$10123"));
            assertThat(verify()).as(key + ": " + said()).isEqualTo(1);
            assertThat(said()).contains("summary.json: records_hash is not that of trace_hash and records");
            Files.writeString(file, good);
        }
        ObjectNode without = (ObjectNode) JSON.readTree(good);
        ((ObjectNode) without.get("records")).remove("messages");
        Files.writeString(file, without.toPrettyString());
        assertThat(verify()).as(said()).isEqualTo(1);
        assertThat(said()).contains("messages.jsonl: is there, but summary.json does not know it");
        for (String damaged : List.of(
                "\"records\" : 3",
                "\"records\" : {\"../../x\" : \"sha256:0\"}",
                "\"records\" : {\"turns\" : \"md5:0\"}",
                "\"records\" : {\"turns\" : 7}")) {
            Files.writeString(file, good.replaceFirst("(?s)\"records\" : \\{.*?\\}", damaged));
            assertThat(verify()).as(said()).isEqualTo(2);
            assertThat(terminal.err()).contains(file + ": records").hasLineCount(1);
        }
        Files.writeString(file, good.replaceFirst("\"records_hash\"", "\"other\""));
        assertThat(verify()).as(said()).isEqualTo(2);
        assertThat(said()).contains("records_hash must be sha256: and 64 hexadecimal digits, found nothing");
    }

    /** Runs of earlier versions have no hashes; what follows from other fields is checked in them too. */
    @Test
    void ofARunWithoutHashesItIsSaidThatTheyWereNotChecked() throws IOException {
        Files.delete(run.resolve("manifest.json"));
        ObjectNode summary = (ObjectNode) read(run.resolve("summary.json"));
        summary.remove(List.of("records", "records_hash"));
        Files.writeString(run.resolve("summary.json"), summary.toPrettyString());
        assertThat(verify()).as(said()).isZero();
        assertThat(said().lines().findFirst().orElseThrow()).contains("no manifest.json: hashes were not checked");
        Map<String, UnaryOperator<String>> changes = new LinkedHashMap<>();
        changes.put(
                "evaluations.jsonl:1: perplexity is", t -> t.replaceFirst("(\"perplexity\":\\d+\\.)\\d", "$1" + "77"));
        changes.put(
                "turns.jsonl:1: training_loss must be a number or null, found \"x\"",
                t -> t.replaceFirst("(\"training_loss\":)[0-9.]+", "$1\"x\""));
        changes.put(
                "turns.jsonl:1: turn must be a whole number, found 0.5",
                t -> t.replaceFirst("\"turn\":0", "\"turn\":0.5"));
        changes.put(
                "turns.jsonl:1: messages_lost is more",
                t -> t.replaceFirst("\"messages_lost\":0", "\"messages_lost\":99"));
        changes.put(
                "trust.jsonl:1: age is not of the users of row",
                t -> t.replaceFirst("\"age\":\\{", "\"age\":{\"9\":0,"));
        changes.put(
                "trust.jsonl:1: row_computed_in_turn is after turn",
                t -> t.replaceFirst("\"row_computed_in_turn\":0", "\"row_computed_in_turn\":3"));
        changes.put(
                "messages.jsonl:1: lost must be true or false", t -> t.replaceFirst("\"lost\":false", "\"lost\":0"));
        changes.put(": is no record as a run writes it", t -> t.replaceFirst("\"sent_seconds\":", "\"sent\":"));
        changes.put(": virtual time is from 0", t -> t.replaceFirst("\"virtual_seconds\":", "\"virtual_seconds\":-"));
        changes.put(": there is no user 7", t -> t.replaceFirst("\"to\":\\d", "\"to\":7"));
        for (Map.Entry<String, UnaryOperator<String>> c : changes.entrySet()) {
            String file =
                    c.getKey().startsWith(":") ? "messages.jsonl" : c.getKey().split(":")[0];
            String good = Files.readString(run.resolve(file));
            change(file, c.getValue());
            assertThat(verify()).as(c.getKey() + ": " + said()).isEqualTo(1);
            assertThat(said()).contains(c.getKey());
            Files.writeString(run.resolve(file), good);
        }
        assertThat(verify()).as(said()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"format\": 2}",
                "{\"format\": 1}",
                "{\"format\": 1, \"files\": {}}",
                "{\"format\": 1, \"files\": [7]}",
                "{\"format\": 1, \"files\": [{\"path\": 7}]}",
                "PATH:../outside.txt",
                "PATH:..",
                "PATH:.",
                "PATH:",
                "PATH:/etc/passwd",
                "PATH:adapters/../../outside.txt",
                "PATH:./turns.jsonl",
                "PATH:adapters//x",
                "PATH:adapters/",
                "PATH:a\\u0000b",
                "PATH:a\\nb",
                "PATH:turns.jsonl",
                "BYTES:-1",
                "BYTES:\"7\"",
                "BYTES:1.5",
                "BYTES:99999999999999999999",
                "SHA:\"ABC\"",
                "SHA:null",
                "TRACE:7",
                "TRACE:\"sha256:12\""
            })
    void aDamagedManifestIsToldAndNothingOutsideIsRead(String damage) throws IOException {
        Path file = run.resolve("manifest.json");
        Files.writeString(folder.resolve("outside.txt"), "x");
        String good = Files.readString(file);
        String value = damage.substring(damage.indexOf(':') + 1);
        String one = "(?s)(\"path\" : \"events.jsonl\",\\s+\"bytes\" : )(\\d+)(,\\s+\"sha256\" : )(\"[0-9a-f]+\")";
        String literal = java.util.regex.Matcher.quoteReplacement(value);
        String bad = damage.startsWith("PATH:")
                ? good.replaceFirst("events\\.jsonl", literal)
                : damage.startsWith("BYTES:")
                        ? good.replaceFirst(one, "$1" + literal + "$3$4")
                        : damage.startsWith("SHA:")
                                ? good.replaceFirst(one, "$1$2$3" + literal)
                                : damage.startsWith("TRACE:")
                                        ? good.replaceFirst("(\"trace_hash\" : )\"[^\"]+\"", "$1" + literal)
                                        : damage;
        assertThat(bad).isNotEqualTo(good);
        Files.writeString(file, bad);
        assertThat(verify()).as(said()).isEqualTo(2);
        assertThat(terminal.err())
                .startsWith("coterie: " + file)
                .hasLineCount(1)
                .doesNotContain("Exception", "fasterxml", "java.");
    }

    /** A link is followed within the folder alone. */
    @Test
    void aLinkThatLeadsOutOfTheFolderIsNotFollowed() throws IOException {
        Path turns = run.resolve("turns.jsonl");
        Path outside = Files.move(turns, folder.resolve("outside.jsonl"));
        Files.createSymbolicLink(turns, outside);
        assertThat(verify()).as(said()).isEqualTo(1);
        assertThat(said()).contains("turns.jsonl: is a link that leads out of the folder");
        Files.delete(turns);
        Files.move(outside, run.resolve("moved.jsonl"));
        Files.createSymbolicLink(turns, Path.of("moved.jsonl"));
        assertThat(verify()).as(said()).isZero();
        Files.delete(turns);
        Files.createSymbolicLink(turns, Path.of("turns.jsonl"));
        assertThat(verify()).as(said()).isIn(1, 2);
        assertThat(said()).contains("turns.jsonl: cannot be read").doesNotContain("Exception");
    }

    @Test
    void aManifestOfAnotherRunIsFound() throws IOException {
        String other = "sha256:" + "0".repeat(64);
        for (String key : List.of("trace_hash", "records_hash")) {
            String good = Files.readString(run.resolve("manifest.json"));
            change("manifest.json", t -> t.replaceFirst("(\"" + key + "\" : )\"[^\"]+\"", "$1\"" + other + "\""));
            assertThat(verify()).as(said()).isEqualTo(1);
            assertThat(said()).contains("manifest.json: " + key + " is not that of summary.json");
            Files.writeString(run.resolve("manifest.json"), good);
        }
    }

    @Test
    void baselinesAreCheckedTooAndThoseThatAreNotThereAreNamed() throws IOException {
        Files.delete(run.resolve("baselines/local/adapters/user-0/adapter_config.json"));
        assertThat(verify()).as(said()).isEqualTo(1);
        assertThat(said().lines().toList())
                .as(said())
                .hasSize(3)
                .anyMatch(l -> l.contains("baselines/local: ") && l.contains("1 thing cannot be true"));
        try (Stream<Path> all = Files.walk(run.resolve("baselines"))) {
            for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
        assertThat(verify()).as(said()).isZero();
        assertThat(said()).contains("baselines that are not there: local");
    }
}
