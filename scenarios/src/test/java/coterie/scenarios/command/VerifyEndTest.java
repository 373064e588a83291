package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code verify} believes no summary what a run was, and how it ended. */
class VerifyEndTest extends PlantedLies {
    private static final String REACHED = "evaluation.target_perplexity=80";
    private static final String NOT_REACHED = "evaluation.target_perplexity=1";
    private static final String DIVERGED = "training.learning_rate=900 training.schedule=constant";
    private static final String GONE = "faults.crashes=[{user:0,at_seconds:9},{user:1,at_seconds:9},"
            + "{user:2,at_seconds:9},{user:3,at_seconds:9}]";

    @ParameterizedTest
    @CsvSource({
        "scenario, other",
        "strategy, local",
        "topology, full",
        "clock, wall",
        "mode, synchronous",
        "status, interrupted",
        "status, gone",
        "status, diverged"
    })
    void whatARunIsSaidToHaveBeenFollows(String key, String lie) throws IOException {
        run("");
        summary(s -> s.put(key, lie));
        assertThat(verify(1)).contains("summary.json:").contains(": " + key + " is ");
    }

    @Test
    void anotherSeedIsFound() throws IOException {
        run("");
        summary(s -> s.put("seed", s.get("seed").asLong() + 1));
        assertThat(verify(1)).contains(": seed is ").contains("scenario.yaml make it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|target | no target was reached",
                "| gone | some users were not gone",
                "| divergence | events.jsonl says of no user",
                "| time | virtual_seconds is",
                "| stop | status is",
                "| other | no run ends so",
                NOT_REACHED + " | target | no target was reached",
                REACHED + " | turns | has no evaluation after its last turn",
                DIVERGED + " | turns | as it has",
                DIVERGED + " | time | as it has",
                GONE + " | turns | all users were gone for ever",
                GONE + " | divergence | says of no user"
            })
    void anotherEndIsFound(String settings, String by, String told) throws IOException {
        run(settings == null ? "" : settings);
        summary(s -> s.put("ended_by", by));
        assertThat(verify(1)).contains(told);
    }

    @ParameterizedTest
    @CsvSource({"true, target is", "false, the target was reached"})
    void aTargetOfWhichNothingIsToldIsFound(boolean removed, String told) throws IOException {
        run(REACHED);
        summary(s -> {
            if (removed) {
                s.remove("target");
            } else {
                s.put("ended_by", "turns");
            }
        });
        assertThat(verify(1)).contains(told);
    }
}
