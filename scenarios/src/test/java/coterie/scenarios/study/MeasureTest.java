package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.event.Observation;
import coterie.model.learn.Divergence;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.scenarios.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a study can measure: the mean of two users is 30 from 0 s, 20 from 100 s and 10 from 300 s on. */
class MeasureTest {
    private static final Task TASK = Task.LANGUAGE_MODELLING;

    @TempDir
    private static Path folder;

    private static void evaluated(Recorder to, double seconds, int user, double perplexity) {
        to.observed(new Observation.Evaluated(seconds, user, 0, 0, TASK.values(Math.log(perplexity))));
    }

    @BeforeEach
    void run() throws IOException {
        try (Recorder recorder = new Recorder(folder, TASK, (user, phase) -> "", false, false, null, 0)) {
            evaluated(recorder, 0, 0, 40);
            evaluated(recorder, 0, 1, 20);
            evaluated(recorder, 100, 0, 20);
            evaluated(recorder, 300, 0, 8);
            evaluated(recorder, 300, 1, 12);
            recorder.observed(new Observation.Diverged(600, 1, 0, 0, Divergence.Symptom.PARAMETERS));
        }
    }

    private static Double measured(String measure, String summary) throws IOException {
        JsonNode read = new ObjectMapper().readTree(summary.replace('\'', '"'));
        return Measure.parse(measure, TASK).of(read, folder);
    }

    @ParameterizedTest
    @CsvSource({
        "perplexity@0s, 30",
        "perplexity@99.9s, 30",
        "perplexity@100s, 20",
        "perplexity@350s, 10",
        "perplexity@1e4s, 8",
        "perplexity.auc@50s, 1500",
        "perplexity.auc@200s, 5000",
        "perplexity.auc, 8000",
        "time_to(perplexity<=20), 100",
        "time_to( perplexity <= 11 ), 300",
        "time_to(perplexity<=30.5), 0",
        "perplexity.mean, 10"
    })
    void curvesAreMeasured(String measure, double expected) throws IOException {
        assertThat(measured(
                        measure,
                        "{'status': 'completed', 'ended_by': 'turns', 'users': 2, 'virtual_seconds': 400,"
                                + " 'perplexity': {'mean': 10}}"))
                .isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"perplexity@401s, target", "perplexity.auc@401s, time", "time_to(perplexity<=3), turns"})
    void aRunThatEndedBeforeHasNoNumber(String measure, String endedBy) throws IOException {
        String summary = "{'status': 'completed', 'ended_by': '" + endedBy + "', 'users': 2, 'virtual_seconds': 400}";
        assertThat(measured(measure, summary)).isEqualTo(StudyTable.NEVER);
        assertThat(measured(measure, "{'status': 'diverged'}")).isNaN();
    }

    private static Observation.Mixed mixed(double seconds, int user, double... weights) {
        TrustRow row = new TrustRow(new int[] {0, 1}, weights, new int[2], new int[2], 0, 0, 1);
        return new Observation.Mixed(seconds, user, 0, row, new int[2], new double[2], new double[2]);
    }

    /** Two users of one category, until the second changes to another at 100 s; its row follows at 150 s. */
    @ParameterizedTest
    @CsvSource({"9s, ", "10s, 1", "50s, 0", "99.9s, 0", "100s, 1", "150s, 0.5", "1000s, 0.5"})
    void rowsInUseAreComparedWithTheOracleOfTheInstant(String instant, Double expected, @TempDir Path drifting)
            throws IOException {
        Files.writeString(drifting.resolve("users.json"), """
                {"categories": ["oak", "ash"], "edges": null, "users": [{"mixture": [1, 0]},
                  {"mixture": [1, 0], "drift": [{"entry": 0, "at_seconds": 100, "over_seconds": 0, "mixture": [0, 1]}]}]}
                """);
        try (Recorder recorder = new Recorder(drifting, TASK, (user, phase) -> "", false, false, null, 0)) {
            recorder.observed(mixed(10, 0, 1, 0));
            recorder.observed(mixed(20, 0, 0.5, 0.5));
            recorder.observed(mixed(50, 1, 0.5, 0.5));
            recorder.observed(mixed(150, 1, 0, 1));
        }
        String summary = "{'status': 'completed', 'ended_by': 'turns', 'users': 2, 'virtual_seconds': 400}";
        JsonNode read = new ObjectMapper().readTree(summary.replace('\'', '"'));
        Double measured = Measure.parse("trust_to_oracle_l1@" + instant, TASK).of(read, drifting);
        assertThat(measured).isEqualTo(expected);
    }

    @Test
    void withoutAttackersAllUsersAreHonest() throws IOException {
        String honest = "'status': 'completed', 'perplexity': {'mean': 10}";
        assertThat(measured("honest.perplexity.mean", "{" + honest + "}")).isEqualTo(10);
        assertThat(measured("attackers.weight", "{" + honest + "}")).isNull();
        assertThat(measured("refused.messages", "{" + honest + "}")).isNull();
        String attacked = "{" + honest + ", 'attackers': {'weight': 0.2}, 'honest': {'perplexity': {'mean': 8}}}";
        assertThat(measured("honest.perplexity.mean", attacked)).isEqualTo(8);
        assertThat(measured("attackers.weight", attacked)).isEqualTo(0.2);
    }

    private static final String ATTACKED = "{'status': 'completed', 'ended_by': 'turns', 'users': 3,"
            + " 'virtual_seconds': 400, 'attackers': {'seconds_to_auc': null, 'seconds_to_detect': 30}}";

    private static Observation.Mixed row(double seconds, int user, double... weights) {
        TrustRow row = TrustRow.given(0, new int[] {0, 1, 2}, weights, new int[3]);
        return new Observation.Mixed(seconds, user, 0, row, new int[3], new double[3], new double[3]);
    }

    /** User 2 of three attacks from 50 s on; users have perplexities of 10, 20 and 90, and at 300 s of 8, 16 and 90. */
    @ParameterizedTest
    @CsvSource({
        "honest.perplexity@0s, 15",
        "honest.perplexity@300s, 12",
        "perplexity@300s, 38",
        "honest.perplexity.auc@400s, 5700",
        "time_to(honest.perplexity<=12.5), 300",
        "attackers.weight@99s, ",
        "attackers.weight@100s, 0.4",
        "attackers.weight@150s, 0.3",
        "attackers.influence@150s, 0.3",
        "attackers.weight@400s, 0.1",
        "attackers.auc@100s, 0",
        "attackers.auc@400s, 1",
        "time_to(attackers.auc>=0.9), 150",
        "time_to(attackers.auc>=0.5), 100",
        "attackers.seconds_to_detect, 30",
        "attackers.seconds_to_auc, Infinity"
    })
    void honestUsersAndTrustInAttackersAreMeasured(String measure, Double expected, @TempDir Path attacked)
            throws IOException {
        Files.writeString(
                attacked.resolve("scenario.yaml"),
                "users: 3\nadversaries: [{ids: [2], attack: {kind: sign-flip}, from_seconds: 50}]\n");
        try (Recorder recorder = new Recorder(attacked, TASK, (user, phase) -> "", false, false, null, 0)) {
            for (int user = 0; user < 3; user++) {
                evaluated(recorder, 0, user, new double[] {10, 20, 90}[user]);
            }
            recorder.observed(row(10, 0, 0, 0, 1));
            recorder.observed(row(100, 0, 0.4, 0.2, 0.4));
            recorder.observed(row(150, 1, 0.4, 0.4, 0.2));
            recorder.observed(row(200, 0, 0.5, 0.5, 0));
            recorder.observed(row(200, 2, 0, 0, 1));
            for (int user = 0; user < 3; user++) {
                evaluated(recorder, 300, user, new double[] {8, 16, 90}[user]);
            }
        }
        JsonNode read = new ObjectMapper().readTree(ATTACKED.replace('\'', '"'));
        Double found = Measure.parse(measure, TASK).of(read, attacked);
        if (expected == null || expected.isInfinite()) {
            assertThat(found).isEqualTo(expected);
        } else {
            assertThat(found).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void attackersThatAreNeverFoundHaveNoTime(@TempDir Path attacked) throws IOException {
        Files.writeString(
                attacked.resolve("scenario.yaml"), "users: 3\nadversaries: [{ids: [2], attack: {kind: sign-flip}}]\n");
        try (Recorder recorder = new Recorder(attacked, TASK, (user, phase) -> "", false, false, null, 0)) {
            recorder.observed(row(10, 0, 0.5, 0.5, 0));
            recorder.observed(row(20, 0, 0.5, 0, 0.5));
        }
        JsonNode read = new ObjectMapper().readTree(ATTACKED.replace('\'', '"'));
        Measure measure = Measure.parse("time_to(attackers.auc>=0.9)", TASK);
        assertThat(measure.of(read, attacked)).isEqualTo(StudyTable.NEVER);
        JsonNode honest = new ObjectMapper().createObjectNode().put("status", "completed");
        assertThat(measure.of(honest, attacked)).as("no user attacks").isNull();
    }

    @Test
    void theBetterValuesAreThoseOfTheMetric() {
        assertThat(Measure.parse("accuracy@5s", Task.CLASSIFICATION).better()).isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("accuracy.auc", Task.CLASSIFICATION).better()).isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("time_to(accuracy>=0.5)", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
        assertThat(Measure.parse("accuracy.mean", Task.CLASSIFICATION).better()).isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("bytes_sent.total", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
        assertThat(Measure.parse("trust_rank_correlation", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("utility_correlation.symmetric_kl", Task.CLASSIFICATION)
                        .better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("oracle_correlation.utility", Task.CLASSIFICATION)
                        .better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("utility.mean", Task.CLASSIFICATION).better()).isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("utility.forward_passes", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
        assertThat(Measure.parse("attackers.auc", Task.CLASSIFICATION).better()).isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("attackers.auc@5s", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("honest.accuracy@5s", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("attackers.weight", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
        assertThat(Measure.parse("honest.accuracy.mean", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.HIGHER);
        assertThat(Measure.parse("honest.loss.mean", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
        assertThat(Measure.parse("trust_to_uniform_l1", Task.CLASSIFICATION).better())
                .isEqualTo(Metric.Direction.LOWER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            perplexty@600s          | there is no metric "perplexty"; METRIC must be one of loss, perplexity
            perplexity@600          | allowed are KEY.KEY of summary.json
            perplexity@s            | "" is no number
            perplexity@10mins       | "10min" is no number
            perplexity@-1s          | SECONDS must be from 0 to 30000000, found "perplexity@-1s"
            perplexity@1e9s         | SECONDS must be from 0 to
            f1.auc                  | there is no metric "f1"
            perplexity.auc@1        | allowed are KEY.KEY
            time_to(perplexity>=20) | lower perplexity is better, allowed is time_to(perplexity<=20)
            time_to(perplexity<=x)  | "x" is no number
            time_to(perplexity=20)  | allowed are KEY.KEY
            time_to(attackers.auc<=1) | allowed is time_to(attackers.auc>=VALUE)
            time_to(attackers.auc>=2) | with a VALUE above 0 and at most 1
            attackers.rank@5s       | allowed are KEY.KEY
            honest.f1@5s            | there is no metric "f1"
            perplexty.mean          | summary.json has no numbers at "perplexty"; allowed are KEY.KEY
            loss.mean               | with the first KEY one of attackers, bytes_sent
            """)
    void mistakesSayWhatIsAllowed(String measure, String part) {
        assertThatThrownBy(() -> Measure.parse(measure, TASK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }
}
