package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is changed in the files of a run, {@code verify} finds it by their hashes. */
class VerifyHashesTest extends ChangedFilesFixture {
    private static final int CHANGES_A_FILE = 4;

    private static final long SEED = Long.getLong("coterie.seed", 1);

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
}
