package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.trust.TrustRow;
import coterie.model.utility.Evidence;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Members;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A user that mixes with users 1 and 2 measures both after every second turn. */
class UtilityCheckTest {
    private final Findings findings = new Findings();
    private final UtilityCheck check = new UtilityCheck(
            SimulationConfig.builder(1, new GraphModel.Full().over(new Members(3, 1, null)))
                    .utilityEvery(2)
                    .build(),
            0,
            findings);

    private static Observation.Mixed mixed(int turn) {
        TrustRow row = TrustRow.given(turn, new int[] {0, 1, 2}, new double[] {0.5, 0.25, 0.25}, new int[] {0, 1, 0});
        return new Observation.Mixed(
                10 * turn, 0, turn, row, new int[] {turn, turn - 1, turn}, new double[] {0, 7, 3}, new double[] {0, 9, 9
                });
    }

    private static double[] evidence() {
        double[] all = new double[Evidence.values().length];
        Arrays.fill(all, -0.5);
        return all;
    }

    private static Observation.Utility measured(int turn, int neighbour) {
        return new Observation.Utility(
                10 * turn,
                0,
                turn,
                neighbour,
                turn - neighbour % 2,
                neighbour % 2,
                neighbour == 1 ? 7 : 3,
                0.01,
                evidence());
    }

    private void assertFound(String... parts) {
        assertThat(findings.violations()).hasSize(1);
        assertThat(findings.violations().get(0)).contains(parts);
    }

    @Test
    void whatIsDueAndNothingElseIsMeasured() {
        check.mixed(mixed(0));
        check.mixed(mixed(1));
        check.measured(measured(1, 1));
        check.measured(measured(1, 2));
        check.mixed(mixed(2));
        check.mixed(mixed(3));
        check.measured(measured(3, 2));
        check.measured(measured(3, 1));
        check.finished();
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void aMeasurementThatIsMissingIsFoundAtTheNextMixing() {
        check.mixed(mixed(1));
        check.measured(measured(1, 2));
        check.mixed(mixed(2));
        assertFound("user 0 mixed after turn 1", "what it measured of users [1]");
    }

    @Test
    void aMeasurementThatIsMissingIsFoundAtTheEnd() {
        check.mixed(mixed(1));
        check.measured(measured(1, 1));
        check.finished();
        assertFound("utility.jsonl", "users [2]");
    }

    @Test
    void aMeasurementThatIsNotDueIsFound() {
        check.mixed(mixed(2));
        check.measured(measured(2, 1));
        assertFound("no measurement of it is due", "after every 2 turns");
    }

    @Test
    void aMeasurementOfTheUserItselfOrTwiceIsFound() {
        check.mixed(mixed(1));
        check.measured(measured(1, 0));
        assertFound("user 0, and no measurement");
        check.measured(measured(1, 1));
        check.measured(measured(1, 1));
        assertThat(findings.found()).isEqualTo(2);
    }

    @Test
    void itIsOfTheSnapshotThatWasMixed() {
        check.mixed(mixed(1));
        Observation.Utility m = measured(1, 1);
        check.measured(new Observation.Utility(10, 0, 1, 1, 1, 1, 7, m.utility(), m.evidence()));
        assertFound("turn 1 of user 1", "mixed was turn 0");
    }

    @Test
    void valuesHaveTheirRanges() {
        check.mixed(mixed(1));
        double[] wrong = evidence();
        wrong[Evidence.KL.ordinal()] = 0.1;
        Observation.Utility m = measured(1, 1);
        check.measured(new Observation.Utility(10, 0, 1, 1, 0, 1, 7, m.utility(), wrong));
        assertFound("kl is 0.1, which it cannot be");
        double[] less = evidence();
        less[Evidence.WEIGHT_COSINE.ordinal()] = Double.NaN;
        check.measured(new Observation.Utility(10, 0, 1, 2, 1, 0, 3, m.utility(), less));
        assertThat(findings.violations().get(1)).contains("other evidence than the user's first measurement");
    }
}
