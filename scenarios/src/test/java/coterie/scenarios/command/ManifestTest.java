package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code manifest.json} names the files of a run and their hashes, and is not believed beyond that. */
class ManifestTest extends ChangedFilesFixture {
    /** Other files are not included: the page, checkpoints, runs in baselines/, hidden files. */
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
