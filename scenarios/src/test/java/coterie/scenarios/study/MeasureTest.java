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
        String attacked = "{" + honest + ", 'attackers': {'weight': 0.2}, 'honest': {'perplexity': {'mean': 8}}}";
        assertThat(measured("honest.perplexity.mean", attacked)).isEqualTo(8);
        assertThat(measured("attackers.weight", attacked)).isEqualTo(0.2);
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
            perplexty.mean          | summary.json has no numbers at "perplexty"; allowed are KEY.KEY
            loss.mean               | with the first KEY one of attackers, bytes_sent
            """)
    void mistakesSayWhatIsAllowed(String measure, String part) {
        assertThatThrownBy(() -> Measure.parse(measure, TASK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }
}
