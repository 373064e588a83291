package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.model.task.Task;
import coterie.model.text.DatasetOutline;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import coterie.topology.group.Membership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users whose data changes, in {@code users.json} and in the report: the data of user 1 does, at a drawn instant. */
class RunParticipantsTest {
    private static final Drifts DRIFTS =
            Drifts.of(1, 2, List.of(new Drift(new Membership(null, null, List.of(1)), 10, 90, 0)));
    private static final double[][][] PHASES = {{{1, 0}}, {{0, 1}, {0.75, 0.25}}};
    private static final RunParticipants CAST = new RunParticipants(
            List.of("left", "right"), new UserMixtures(PHASES, DRIFTS), List.of(), new int[2], List.of());

    @TempDir
    private Path folder;

    @Test
    void phasesAreReadAsTheyWereWritten() throws IOException {
        CAST.write(
                folder,
                new DatasetOutline(
                        List.of("left", "right"),
                        Arrays.stream(PHASES)
                                .map(p -> new DatasetOutline.User(p[0], 30, 10, 10))
                                .toList(),
                        List.of()));
        RunParticipants read = RunParticipants.read(folder);
        assertThat(read.data().drifts()).isEqualTo(DRIFTS);
        assertThat(read.data().phases()).isDeepEqualTo(PHASES);
        assertThat(read.mixture(1, 1)).isEqualTo("left 75 %, right 25 %");
    }

    @Test
    void attacksAreReadAsTheyWereWrittenAndMarked() throws IOException {
        RunParticipants attacked = new RunParticipants(
                CAST.categories(),
                CAST.data(),
                List.of(),
                new int[2],
                List.of(
                        List.of(),
                        List.of(
                                new RunParticipants.Attack(1, "alie", 5, 20),
                                new RunParticipants.Attack(0, "sign-flip", 20, Double.POSITIVE_INFINITY))),
                List.of());
        attacked.write(
                folder,
                new DatasetOutline(
                        List.of("left", "right"),
                        Arrays.stream(PHASES)
                                .map(p -> new DatasetOutline.User(p[0], 30, 10, 10))
                                .toList(),
                        List.of()));
        assertThat(RunParticipants.read(folder).attacks()).isEqualTo(attacked.attacks());
        RunReport report = new RunReport(attacked, Task.LANGUAGE_MODELLING);
        TrustRow row = TrustRow.given(0, new int[] {0, 1}, new double[] {0.75, 0.25}, new int[2]);
        report.observed(new Observation.Attacked(8, 1, 2, 1, "alie", true));
        report.observed(new Observation.Mixed(9, 0, 0, row, new int[2], new double[2], new double[2]));
        report.observed(new Observation.Mixed(9, 1, 0, row, new int[2], new double[2], new double[2]));
        assertThat(report.json().path("attackers").toString()).isEqualTo("[1]");
        assertThat(report.json().at("/attack_times").toString())
                .isEqualTo("[{\"attack\":\"sign-flip\",\"from\":20.0,\"until\":null,\"users\":[1]},"
                        + "{\"attack\":\"alie\",\"from\":5.0,\"until\":20.0,\"users\":[1]}]");
        assertThat(report.json().path("in_attackers").toString())
                .as("the row of the honest user")
                .isEqualTo("{\"at\":[9],\"weight\":[0.25],\"influence\":[0.25],\"equal\":[0.5],\"auc\":[null]}");
        assertThat(report.json().at("/attacks/0/attack").asText()).isEqualTo("alie");
    }

    @Test
    void theReportMarksChangesAndTheOracleFollows() {
        double at = DRIFTS.of(1).get(0).atSeconds();
        RunReport report = new RunReport(CAST, Task.LANGUAGE_MODELLING);
        TrustRow alone = TrustRow.given(0, new int[] {0, 1}, new double[] {0, 1}, new int[2]);
        report.observed(new Observation.Mixed(at - 1, 1, 0, alone, new int[2], new double[2], new double[2]));
        report.observed(new Observation.Drifted(at + 3, 1, 1, 1, at, 0));
        report.observed(new Observation.Mixed(at + 3, 1, 1, alone, new int[2], new double[2], new double[2]));
        assertThat(report.json().path("drifts").toString())
                .isEqualTo("[{\"user\":1,\"mixture\":\"left 75 %, right 25 %\",\"at\":" + Json.rounded(at)
                        + ",\"over\":0.0}]");
        assertThat(report.json().at("/steps/oracle/0").asDouble()).isZero();
        // Products 3/4 and 5/8: the oracle gives 6/11 to user 0.
        assertThat(report.json().at("/steps/oracle/1").asDouble()).isEqualTo(Json.rounded(12 / 11.0));
    }
}
