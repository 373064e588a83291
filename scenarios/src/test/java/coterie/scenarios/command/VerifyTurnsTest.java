package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code verify} knows when turns begin and end, who takes part, who mixes, whose device fails, and when users sleep.
 */
@Tag("slow")
class VerifyTurnsTest extends PlantedLies {
    private static final String FEDAVG = "collaboration.strategy=fedavg";
    private static final String ALWAYS = "participation={model:always}";
    private static final String CRASHES = "faults.crashes_per_hour=120 faults.down_seconds=5 faults.save_every=2";
    private static final String SESSIONS =
            "participation.model=sessions participation.mean_seconds=20" + " participation.online=0.6";
    private static final String SLEEP = SESSIONS + " participation.idle=sleep";

    private static boolean is(ObjectNode line, String event) {
        return line.path("event").asText().equals(event);
    }

    /** What users wait for, what they miss and what they lose, all at once. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                SLEEP + " time.mode=synchronous " + CRASHES,
                SESSIONS + " " + CRASHES + " faults.inbox=keep",
                SLEEP + " collaboration.staleness.bound=1 " + CRASHES,
                SESSIONS + " collaboration.staleness.buffer=2",
                "participation.model=diurnal participation.slot_minutes=0.1 participation.idle=sleep "
                        + "time.until_seconds=90",
                "participation.model=diurnal participation.slot_minutes=0.5 time.compute={model:constant,seconds:10}",
                SLEEP + " collaboration.strategy=ad-psgd " + CRASHES,
                SLEEP + " collaboration.strategy=swift " + CRASHES,
                SLEEP + " collaboration.strategy=fedbuff topology.kind=star " + CRASHES,
                SESSIONS + " collaboration.strategy=gossip collaboration.start_after=5 collaboration.every=3 "
                        + CRASHES,
                "collaboration.strategy=fedavg-then-local collaboration.every=3 evaluation.every=5 "
                        + "time.until_seconds=45",
                CRASHES + " collaboration.exchange=updates " + SESSIONS,
                SLEEP + " time.clock=wall time.speed=100 " + CRASHES + " faults.crashes_per_hour=30",
                SESSIONS + " time.clock=wall time.speed=200 time.until_seconds=40",
                CRASHES + " record.messages=false",
                "participation.idle=sleep evaluation.every=1 collaboration.strategy=swift",
                "evaluation.target_perplexity=75 time.clock=wall time.speed=200",
                "training.accumulation_steps=2 users=1"
            })
    void noTrueRunIsAccused(String settings) throws IOException {
        run(settings);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                FEDAVG,
                "time.mode=synchronous",
                "record.messages=false",
                CRASHES,
                "collaboration.strategy=swift"
            })
    void aMixingThatIsLeftOutIsFound(String settings) throws IOException {
        run(settings);
        ObjectNode gone = drop("trust.jsonl", l -> l.get("turn").asInt() < 4);
        assertThat(verify(1))
                .contains("took part in turn " + gone.get("turn") + ", and no line of trust.jsonl says that it mixed");
    }

    @Test
    void theLastMixingIsMissedToo() throws IOException {
        run("");
        drop("trust.jsonl", l -> true);
        assertThat(verify(1)).contains("took part in turn 5, and no line of trust.jsonl says that it mixed");
    }

    @ParameterizedTest
    @ValueSource(strings = {FEDAVG, "collaboration.strategy=swift", "collaboration.strategy=gossip"})
    void aTurnThatIsMixedTwiceIsFound(String settings) throws IOException {
        run(settings);
        repeat("trust.jsonl", l -> true, l -> {});
        assertThat(verify(1)).contains("and no turn waits to be mixed");
    }

    @Test
    void aMixingOfAnotherTurnIsFound() throws IOException {
        run(FEDAVG);
        lie("trust.jsonl", l -> l.get("turn").asInt() > 2, l -> {
            String me = l.get("user").asText();
            l.put("turn", l.get("turn").asInt() - 1)
                    .put("row_computed_in_turn", l.get("turn").asInt() - 1);
            ((ObjectNode) l.get("version")).put(me, l.get("turn").asInt());
            for (String k : List.copyOf(l.get("age").properties()).stream()
                    .map(Map.Entry::getKey)
                    .toList()) {
                ((ObjectNode) l.get("age"))
                        .put(
                                k,
                                Math.max(
                                        0,
                                        l.get("turn").asInt()
                                                - l.get("version").get(k).asInt()));
            }
        });
        assertThat(verify(1)).contains("the turn that has ended is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ALWAYS, SESSIONS})
    void aUserThatIsSaidToHaveSatOutIsFound(String settings) throws IOException {
        run(settings);
        int line = lie("turns.jsonl", l -> l.get("participated").asBoolean(), l -> l.put("participated", false));
        assertThat(verify(1))
                .contains("turns.jsonl:" + line + ": ")
                .contains("participated is false, the scenario says true");
    }

    @Test
    void aUserThatIsSaidToHaveBeenThereIsFound() throws IOException {
        run(SESSIONS);
        int line = lie("turns.jsonl", l -> !l.get("participated").asBoolean(), l -> l.put("participated", true));
        assertThat(verify(1))
                .contains("turns.jsonl:" + line + ": ")
                .contains("participated is true, the scenario says false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "collaboration.strategy=local",
                "record.messages=false",
                "time.mode=synchronous",
                SLEEP,
                CRASHES,
                "collaboration.strategy=ad-psgd"
            })
    void aTurnThatTakesAnotherTimeIsFound(String settings) throws IOException {
        run(settings);
        int line = lie("turns.jsonl", l -> true, l -> more(l, "started", -0.001));
        assertThat(verify(1)).contains("turns.jsonl:" + line + ": ").contains("and its device needs until");
    }

    /** All that happens is said to be a little later, as a run without messages can be rewritten. */
    @ParameterizedTest
    @ValueSource(strings = {FEDAVG + " record.messages=false", SLEEP + " record.messages=false"})
    void aUserThatLivesALittleLaterIsFound(String settings) throws IOException {
        run(settings);
        for (String file : List.of("turns.jsonl", "evaluations.jsonl", "trust.jsonl", "events.jsonl")) {
            List<ObjectNode> all = lines(file);
            for (ObjectNode l : all) {
                if (l.get("user").asInt() == 1) {
                    more(l, "virtual_seconds", 0.5);
                    for (String k : List.of("started", "until_seconds")) {
                        if (l.path(k).isNumber()) {
                            more(l, k, 0.5);
                        }
                    }
                }
            }
            all.sort((a, b) -> Double.compare(
                    a.get("virtual_seconds").asDouble(),
                    b.get("virtual_seconds").asDouble()));
            Files.write(
                    run.resolve(file), all.stream().map(ObjectNode::toString).toList());
        }
        hash();
        assertThat(verify(1))
                .containsAnyOf("and the user could begin at", "and the user is back at", "and its device needs until");
    }

    @ParameterizedTest
    @CsvSource({"4, 0, turn is", "3, 0.01, came to iteration 3 at", "12, 0.01, the last turn was over"})
    void anEvaluationOfAnotherTurnOrTimeIsFound(int iteration, double later, String told) throws IOException {
        run("evaluation.every=3");
        if (iteration == 4) {
            lie(
                    "evaluations.jsonl",
                    l -> l.get("iteration").asInt() == 6,
                    l -> l.put("turn", l.get("turn").asInt() - 1));
        } else {
            lie(
                    "evaluations.jsonl",
                    l -> l.get("iteration").asInt() == iteration,
                    l -> more(l, "virtual_seconds", later));
        }
        assertThat(verify(1)).contains(told);
    }

    @Test
    void whereDevicesFailTimesOfEvaluationsAreLookedAtToo() throws IOException {
        run(CRASHES);
        lie("evaluations.jsonl", l -> l.get("iteration").asInt() == 6, l -> more(l, "virtual_seconds", 0.001));
        assertThat(verify(1)).contains("came to iteration 6 at");
    }

    @ParameterizedTest
    @CsvSource({
        "crashed, virtual_seconds, 0.001, the scenario lets the device fail at",
        "crashed, until_seconds, 1, the scenario says",
        "crashed, turn, 1, turns have ended",
        "crashed, turn, -1, turns have ended",
        "crashed, saved_turn, 2, that have ended the last save",
        "restarted, iteration, 2, and it was saved at",
        "restarted, turn, 2, it was saved before turn",
        "restarted, virtual_seconds, 0.001, it was to be down until"
    })
    void aCrashThatIsAnotherIsFound(String event, String key, double more, String told) throws IOException {
        run(CRASHES);
        int line = lie("events.jsonl", l -> is(l, event), l -> {
            if (l.get(key).isIntegralNumber()) {
                l.put(key, l.get(key).asInt() + (int) more);
            } else {
                more(l, key, more);
            }
        });
        assertThat(verify(1)).contains("events.jsonl:" + line + ": ").contains(told);
    }

    @ParameterizedTest
    @CsvSource({"crashed, the device was not down", "restarted, says that it is up again"})
    void aCrashOfWhichHalfIsNotToldIsFound(String event, String told) throws IOException {
        run(CRASHES);
        drop("events.jsonl", l -> is(l, event));
        assertThat(verify(1)).contains(told);
    }

    @Test
    void aCrashThatIsNotToldIsFound() throws IOException {
        run(CRASHES);
        ObjectNode restarted = drop("events.jsonl", l -> is(l, "restarted"));
        drop("events.jsonl", l -> is(l, "crashed") && l.get("user").equals(restarted.get("user")));
        summary(s -> s.put("crashes", s.get("crashes").asInt() - 1));
        assertThat(verify(1)).contains("and no line of events.jsonl says so");
    }

    @ParameterizedTest
    @CsvSource({
        "until_seconds, 0.5, and the user is back at",
        "turn, 1, and the line of events.jsonl says turn",
        "virtual_seconds, 0.5, the user slept before it from"
    })
    void aSleepThatIsAnotherIsFound(String key, double more, String told) throws IOException {
        run(SLEEP);
        lie("events.jsonl", l -> is(l, "slept"), l -> {
            if (key.equals("turn")) {
                l.put(key, l.get(key).asInt() + 1);
            } else {
                more(l, key, more);
            }
        });
        assertThat(verify(1)).contains(told);
    }

    @Test
    void aSleepThatIsNotToldIsFound() throws IOException {
        run(SLEEP);
        drop("events.jsonl", l -> is(l, "slept"));
        assertThat(verify(1)).contains("no line of events.jsonl says that the user slept");
    }

    @ParameterizedTest
    @ValueSource(strings = {SLEEP, SESSIONS, "participation.idle=sleep"})
    void anAbsenceThatIsLeftOutIsFound(String settings) throws IOException {
        run(settings);
        drop("events.jsonl", l -> is(l, "absent"));
        assertThat(verify(1)).contains("absent").contains("no line of events.jsonl says");
    }

    @ParameterizedTest
    @ValueSource(strings = {SLEEP, "participation.idle=sleep"})
    void anAbsenceThatLastsLongerIsFound(String settings) throws IOException {
        run(settings);
        lie(
                "events.jsonl",
                l -> is(l, "absent") && l.get("until_seconds").isNumber(),
                l -> l.put("until_seconds", l.get("until_seconds").asDouble() + 0.5));
        assertThat(verify(1)).contains("absent");
    }
}
