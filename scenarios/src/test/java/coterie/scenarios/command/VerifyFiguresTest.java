package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} adds up what a run has recorded: a false figure is found although all hashes were computed again. */
class VerifyFiguresTest extends PlantedLies {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "time.mode=synchronous",
                "collaboration.strategy=model-similarity collaboration.exchange=updates "
                        + "collaboration.trust.refresh=on-receipt",
                "collaboration.strategy=model-similarity collaboration.trust.top_k=2 "
                        + "collaboration.staleness.remainder=self",
                "collaboration.strategy=validation-performance collaboration.trust.refresh=budget-1 "
                        + "faults.crashes_per_hour=60"
                        + " faults.down_seconds=5",
                "collaboration.strategy=validation-performance collaboration.trust.max_age=2 topology.kind=full"
                        + " collaboration.trust.refresh=older-than-15-seconds",
                "collaboration.strategy=validation-performance collaboration.trust.refresh=adaptive topology.kind=full",
                "collaboration.strategy=fedavg topology={kind:random-peers,peers:2}",
                "collaboration.strategy=fedavg-then-local time.mode=synchronous participation.idle=sleep",
                "collaboration.strategy=oracle topology={kind:trusted-peers,peers:1,explore:1}",
                "collaboration.strategy=local",
                "collaboration.strategy=ad-psgd",
                "collaboration.strategy=gossip topology.kind=full",
                "collaboration.strategy=swift",
                "collaboration.strategy=fedbuff topology.kind=star",
                "evaluation.target_perplexity=80",
                "evaluation.target={metric:loss,value:4.4}",
                "evaluation.target_perplexity=1",
                "record.messages=false",
                "time.clock=wall time.speed=200"
            })
    void whatARunSaysOfItselfFollowsFromItsLines(String settings) throws IOException {
        run(settings);
        String said = verify(0);
        if (settings.equals("record.messages=false")) {
            assertThat(said).contains("no messages were recorded");
        } else {
            assertThat(said).doesNotContain("not checked");
        }
        summary(n -> more((ObjectNode) n.get("staleness"), "mean_seconds", 1));
        assertThat(verify(1)).contains("staleness.mean_seconds is");
    }

    /** A figure of the summary is another than that of the lines. */
    @ParameterizedTest
    @CsvSource({
        "/perplexity/mean, evaluations.jsonl",
        "/perplexity/std, evaluations.jsonl",
        "/perplexity/per_user/1, evaluations.jsonl",
        "/perplexity/before/0, evaluations.jsonl",
        "/perplexity/users, evaluations.jsonl",
        "/staleness/mean_versions, trust.jsonl",
        "/staleness/max_versions, trust.jsonl",
        "/staleness/mean_seconds, trust.jsonl",
        "/staleness/trust_weighted_seconds, trust.jsonl",
        "/staleness/trust_weighted_versions, trust.jsonl",
        "/staleness/versions/count, trust.jsonl",
        "/staleness/seconds/p90, trust.jsonl",
        "/staleness/information_seconds/mean, trust.jsonl",
        "/staleness/evidence_turns/max, trust.jsonl",
        "/participation, turns.jsonl",
        "/presence, events.jsonl",
        "/turns, turns.jsonl",
        "/tokens_trained, turns.jsonl",
        "/crashes, events.jsonl",
        "/forward_passes, trust.jsonl",
        "/spectral_gap, trust.jsonl",
        "/graph_spectral_gap, the scenario's graph",
        "/spectral_gaps/0/spectral_gap, the scenario's graph",
        "/trust_to_oracle_l1, trust.jsonl and users.json",
        "/trust_to_uniform_l1, trust.jsonl",
        "/trust_change_l1/mean, trust.jsonl",
        "/trust_change_l1/last, trust.jsonl",
        "/categories/2, users.json",
        "/virtual_seconds, the records",
        "/tokens_per_second, tokens_trained and wall_seconds",
        "/messages/sent, messages.jsonl",
        "/messages/lost, messages.jsonl",
        "/messages/delivered, messages.jsonl",
        "/messages/dropped, messages.jsonl",
        "/bytes_sent/total, messages.jsonl",
        "/bytes_sent/parameters, messages.jsonl"
    })
    void aFigureThatIsNotThatOfTheLinesIsFound(String path, String source) throws IOException {
        run("");
        aLieIsFound(path, source);
    }

    @ParameterizedTest
    @CsvSource({
        "/attackers/influence, trust.jsonl",
        "/attackers/last_auc, trust.jsonl",
        "/attackers/rank, trust.jsonl",
        "/honest/perplexity/mean, evaluations.jsonl"
    })
    void aFalseFigureOfAttackersIsFound(String path, String source) throws IOException {
        run("collaboration.aggregation.rule=geometric-median topology.kind=full"
                + " adversaries=[{users:1,attack:{kind:sign-flip},from_seconds:20}]");
        aLieIsFound(path, source);
    }

    private void aLieIsFound(String path, String source) throws IOException {
        ObjectNode summary =
                (ObjectNode) JSON.readTree(run.resolve("summary.json").toFile());
        int at = path.lastIndexOf('/');
        JsonNode is = summary.at(path);
        assertThat(is.isNumber()).as(path + " is " + is).isTrue();
        JsonNode lie = is.isIntegralNumber()
                ? JSON.getNodeFactory().numberNode(is.asLong() + 1)
                : DoubleNode.valueOf(is.asDouble() * 1.01 + 0.001);
        JsonNode parent = at == 0 ? summary : summary.at(path.substring(0, at));
        if (parent instanceof ObjectNode object) {
            object.set(path.substring(at + 1), lie);
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(path.substring(at + 1)), lie);
        }
        Files.writeString(run.resolve("summary.json"), summary.toPrettyString());
        hash();
        String said = verify(1);
        assertThat(said)
                .contains(path.substring(1).replace('/', '.') + " is " + lie.asText())
                .contains(source);
        assertThat(said.lines().filter(l -> l.startsWith("  ")).findFirst().orElseThrow())
                .matches("  summary\\.json:.*");
    }

    @Test
    void messagesThatTheScenarioRecordsAndThatAreNotThereAreMissed() throws IOException {
        run("");
        Files.delete(run.resolve("messages.jsonl"));
        hash();
        assertThat(verify(1)).contains("messages.jsonl: is missing, and record.messages of scenario.yaml is true");
    }

    /** Prediction bytes are declared as parameter bytes; the total is unchanged. */
    @Test
    void bytesOfPredictionsThatAreCalledParametersAreFound() throws IOException {
        run("");
        int line = lie(
                "turns.jsonl",
                l -> l.get("prediction_bytes").asInt() > 0,
                l -> l.put("parameter_bytes", l.get("parameter_bytes").asInt() + 4)
                        .put("prediction_bytes", l.get("prediction_bytes").asInt() - 4));
        assertThat(verify(1)).contains("turns.jsonl:" + line + ": ").contains("messages carry parameters of");
    }

    @Test
    void aGapThatWasTakenAwayIsMissed() throws IOException {
        run("");
        summary(s -> s.remove("graph_spectral_gap"));
        assertThat(verify(1)).contains("graph_spectral_gap is nothing");
        run("");
        summary(s -> {
            s.remove(List.of("graph_spectral_gap", "spectral_gaps", "trust_change_l1"));
            object(s, "staleness").remove(List.of("trust_weighted_versions", "trust_weighted_seconds"));
        });
        assertThat(verify(1)).contains("trust_change_l1 is nothing");
    }

    /** Where no messages were recorded turns say what was sent. */
    @ParameterizedTest
    @CsvSource({
        "messages, sent, it is",
        "messages, lost, it is",
        "bytes_sent, total, it is",
        "bytes_sent, parameters, make it",
        "bytes_sent, predictions, make it"
    })
    void withoutMessagesSumsAreThoseOfTurns(String of, String key, String told) throws IOException {
        run("record.messages=false");
        summary(s -> object(s, of).put(key, s.get(of).get(key).asLong() + 1));
        assertThat(verify(1)).contains(of + "." + key + " is ").contains(told).contains("turns.jsonl");
    }

    @Test
    void aLossThatIsAnotherChangesTheSummary() throws IOException {
        run("");
        lie(
                "evaluations.jsonl",
                l -> true,
                l -> l.put("loss", l.get("loss").asDouble() / 2)
                        .put("perplexity", Math.exp(l.get("loss").asDouble() / 2)));
        assertThat(verify(1)).contains("perplexity.mean is").contains("evaluations.jsonl make it");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-3, 1e300, 1e-320})
    void numbersThatNoRunHasAreTold(double wild) throws IOException {
        for (String column :
                List.of("row", "age", "age_seconds", "information_seconds", "score", "version", "evidence_age")) {
            run("");
            lie("trust.jsonl", l -> other(l) != null, l -> object(l, column).put(other(l), wild));
            assertThat(verify(1)).as(column).contains("trust.jsonl:");
        }
        for (String column : List.of("iteration", "tokens", "messages_sent", "parameter_bytes", "turn")) {
            run("");
            lie("turns.jsonl", l -> true, l -> l.put(column, (long) (1e15 * Math.signum(wild))));
            verify(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "turns.jsonl, tokens, iterations of 16 tokens",
        "turns.jsonl, iteration, the schedule says",
        "turns.jsonl, messages_sent, bytes were sent",
        "turns.jsonl, prediction_bytes, messages of",
        "trust.jsonl, row_computed_in_turn, by evidence_age it is",
        "trust.jsonl, forward_passes, forward_passes is",
        "messages.jsonl, bytes, and messages of",
        "messages.jsonl, turn, no user has sent this"
    })
    void aNumberOfALineThatIsAnotherIsFound(String file, String key, String told) throws IOException {
        run("");
        int line = lie(
                file,
                l -> l.path(key).isNumber() && !l.path("collaborative").isBoolean()
                        || l.path("messages_sent").asInt() > 0,
                l -> l.put(key, l.get(key).asLong() - 1));
        String said = verify(1);
        assertThat(said).contains(told);
        assertThat(said.lines().anyMatch(l -> l.matches("  [a-z]+\\.jsonl:\\d+: .*")))
                .as(line + ": " + said)
                .isTrue();
    }

    @Test
    void whoTookPartIsAMatterOfTheWorld() throws IOException {
        run("");
        int line = lie("turns.jsonl", l -> !l.get("participated").asBoolean(), l -> l.put("participated", true));
        assertThat(verify(1)).contains("turns.jsonl:" + line + ": ").contains("participated is true");
    }

    /** Loss and perplexity of the line fit one another. */
    @ParameterizedTest
    @CsvSource({"4, no evaluation at iteration 4", "12, user 1 has no evaluation after its last turn"})
    void anEvaluationThatIsMissingIsFound(int iteration, String told) throws IOException {
        run("");
        List<ObjectNode> all = lines("evaluations.jsonl");
        assertThat(all.removeIf(
                        l -> l.get("user").asInt() == 1 && l.get("iteration").asInt() == iteration))
                .isTrue();
        Files.write(
                run.resolve("evaluations.jsonl"),
                all.stream().map(JsonNode::toString).toList());
        hash();
        assertThat(verify(1)).contains(told);
    }

    @Test
    void anEvaluationAtAnotherTimeIsFound() throws IOException {
        run("");
        lie(
                "evaluations.jsonl",
                l -> l.get("iteration").asInt() == 4,
                l -> l.put("virtual_seconds", l.get("virtual_seconds").asDouble() + 0.001));
        assertThat(verify(1)).contains("came to iteration 4 at").contains("was evaluated there at");
    }

    @Test
    void aMessageThatIsSaidNeverToHaveArrivedIsFound() throws IOException {
        run("");
        drop(
                "messages.jsonl",
                l -> l.get("event").asText().equals("received")
                        && l.get("taken").asBoolean()
                        && l.get("virtual_seconds").asDouble() < 50);
        summary(s -> object(s, "messages")
                .put("delivered", s.at("/messages/delivered").asLong() - 1));
        assertThat(verify(1)).contains("and no line of messages.jsonl says so");
    }
}
