package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code verify} makes trust rows again: a false weight, score or age is found although all hashes were computed again.
 */
class VerifyRowsTest extends PlantedLies {
    @Test
    void twoWeightsThatWereExchangedAreFound() throws IOException {
        run("");
        int line = lie("trust.jsonl", l -> other(l) != null, l -> {
            ObjectNode row = object(l, "row");
            JsonNode mine = row.get(l.get("user").asText());
            row.set(l.get("user").asText(), row.get(other(l)));
            row.set(other(l), mine);
        });
        assertThat(verify(1))
                .contains("trust.jsonl:" + line + ": ")
                .contains("from scores, discount and remainder follows");
    }

    @Test
    void aScoreThatIsAnotherIsFound() throws IOException {
        run("");
        int line = lie("trust.jsonl", l -> other(l) != null, l -> add(l, "score", other(l), 0.25));
        assertThat(verify(1))
                .contains("trust.jsonl:" + line + ": ")
                .contains("from scores, discount and remainder follows");
    }

    @Test
    void anAgeThatIsAnotherIsFound() throws IOException {
        for (String column : List.of("age", "age_seconds", "information_seconds", "evidence_age", "version")) {
            run("");
            int line = lie("trust.jsonl", l -> other(l) != null, l -> add(l, column, other(l), 1));
            assertThat(verify(1)).as(column).contains("trust.jsonl:" + line + ": ");
        }
    }

    /** All four ages fit the snapshot of the turn before, which had arrived too. */
    @Test
    void anOlderSnapshotThanTheNewestThatHadArrivedIsFound() throws IOException {
        run("");
        List<ObjectNode> received = lines("messages.jsonl").stream()
                .filter(m -> m.get("event").asText().equals("received"))
                .toList();
        List<ObjectNode> older = new ArrayList<>();
        int line = lie(
                "trust.jsonl",
                l -> {
                    older.clear();
                    if (other(l) != null) {
                        received.stream()
                                .filter(m -> m.get("to").equals(l.get("user"))
                                        && m.get("from").asText().equals(other(l))
                                        && m.get("turn").asInt()
                                                < l.get("version").get(other(l)).asInt())
                                .forEach(older::add);
                    }
                    return !older.isEmpty();
                },
                l -> {
                    ObjectNode m = older.get(older.size() - 1);
                    double sent = l.get("virtual_seconds").asDouble()
                            - m.get("sent_seconds").asDouble();
                    object(l, "version").put(other(l), m.get("turn").asInt());
                    object(l, "age")
                            .put(
                                    other(l),
                                    Math.max(
                                            0,
                                            l.get("turn").asInt()
                                                    - m.get("turn").asInt()));
                    object(l, "age_seconds").put(other(l), sent);
                });
        assertThat(verify(1)).contains("trust.jsonl:" + line + ": ").contains("the newest that had arrived is turn");
    }

    @Test
    void aNeighbourThatIsLeftOutIsFound() throws IOException {
        run("");
        int line = lie("trust.jsonl", l -> other(l) != null, l -> {
            String left = other(l);
            for (String column :
                    List.of("row", "age", "age_seconds", "information_seconds", "version", "evidence_age", "score")) {
                object(l, column).remove(left);
            }
            double sum = 0;
            for (JsonNode w : l.get("row")) {
                sum += w.asDouble();
            }
            for (String k :
                    l.get("row").properties().stream().map(e -> e.getKey()).toList()) {
                object(l, "row").put(k, l.get("row").get(k).asDouble() / sum);
            }
        });
        assertThat(verify(1)).contains("trust.jsonl:" + line + ": ").contains("is not in the row, and its turn");
    }

    /** A user's own cosine is 1, and does not enter its row; the others' are cosines too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aScoreThatIsNoCosineIsFound(boolean own) throws IOException {
        run("");
        int line = lie(
                "trust.jsonl",
                l -> other(l) != null,
                l -> object(l, "score").put(own ? l.get("user").asText() : other(l), own ? 0.5 : 1.5));
        assertThat(verify(1))
                .contains("trust.jsonl:" + line + ": ")
                .contains(own ? "for the user itself" : "and it is a cosine");
    }

    @ParameterizedTest
    @CsvSource({"score, 0.5", "evidence_age, 1"})
    void measurementsOfWhichThereAreNoneAreFound(String column, double lie) throws IOException {
        run("collaboration.strategy=fedavg");
        int line = lie("trust.jsonl", l -> other(l) != null, l -> {
            if (column.equals("score")) {
                object(l, column).put(other(l), lie);
            } else {
                object(l, column).put(other(l), (int) lie);
            }
        });
        assertThat(verify(1)).contains("trust.jsonl:" + line + ": ").contains("and nothing is measured");
    }

    /** Runs of earlier versions recorded none: this one did. */
    @Test
    void scoresThatWereTakenAwayAreMissed() throws IOException {
        run("");
        lie("trust.jsonl", l -> true, l -> l.remove("score"));
        assertThat(verify(1)).contains("trust.jsonl: lines without score: 1, and this run recorded it");
    }

    /** Where updates are exchanged too. */
    @Test
    void ofUpdatesAnAgeThatIsAnotherIsFound() throws IOException {
        run("collaboration.strategy=fedavg collaboration.exchange=updates");
        int line = lie("trust.jsonl", l -> other(l) != null, l -> add(l, "information_seconds", other(l), 1));
        assertThat(verify(1)).contains("trust.jsonl:" + line + ": ").contains("information_seconds of user");
    }
}
