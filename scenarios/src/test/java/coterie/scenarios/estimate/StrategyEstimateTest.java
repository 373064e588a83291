package coterie.scenarios.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.schedule.TurnSchedule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run takes, from what short trials took. */
class StrategyEstimateTest {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    /** An iteration takes 1 s and 30 s of virtual time; 5 s are for what happens once. */
    private static final Trial[] LOCAL = {
        new Trial(2, 2, 7, 60, 0, 0, 2000, 100), new Trial(12, 12, 17, 360, 0, 0, 12_000, 100)
    };

    /** With mixing an iteration takes 3 s. */
    private static final Trial[] MIXED = {
        new Trial(2, 2, 11, 60, 32, 320, 2000, 100), new Trial(12, 12, 41, 360, 192, 1920, 12_000, 100)
    };

    @Test
    void theWorkedExample() {
        StrategyEstimate e =
                StrategyEstimate.of("fedavg", LOCAL, MIXED, new StrategyEstimate.Amount(100, 4, 4, 4, 30, NEVER));
        assertThat(e.seconds()).isCloseTo(118, within(1e-9));
        assertThat(e.virtualSeconds()).isCloseTo(120, within(1e-9));
        assertThat(e.messages()).as("16 after each collaboration").isCloseTo(64, within(1e-9));
        assertThat(e.bytes()).isCloseTo(640, within(1e-9));
        assertThat(e.diskBytes()).isCloseTo(100 + 4 * 1000, within(1e-9));
    }

    @Test
    void aRunThatEndsEarlierTakesItsShare() {
        StrategyEstimate e =
                StrategyEstimate.of("fedavg", LOCAL, MIXED, new StrategyEstimate.Amount(100, 4, 4, 4, 30, 60));
        assertThat(e.seconds()).isCloseTo(59, within(1e-9));
        assertThat(e.virtualSeconds()).isCloseTo(60, within(1e-9));
        assertThat(e.messages()).isCloseTo(32, within(1e-9));
    }

    @Test
    void withoutCollaborationNothingIsSent() {
        StrategyEstimate e =
                StrategyEstimate.of("local", LOCAL, LOCAL, new StrategyEstimate.Amount(100, 4, 4, 4, 0, NEVER));
        assertThat(e.seconds()).isCloseTo(100, within(1e-9));
        assertThat(e.messages()).isZero();
    }

    @Test
    void ofASingleTrialTheMeanCounts() {
        Trial[] one = {new Trial(2, 2, 60, 60, 0, 0, 2000, 100)};
        assertThat(StrategyEstimate.of("local", one, one, new StrategyEstimate.Amount(10, 10, 10, 10, 0, NEVER))
                        .seconds())
                .isCloseTo(300, within(1e-9));
    }

    @Test
    void collaborationsAreCountedByTheSchedule() {
        assertThat(TrialRuns.collaborations(new TurnSchedule(500, 100, 25, 0))).isEqualTo(17);
        assertThat(TrialRuns.collaborations(new TurnSchedule(10, 0, 25, 0))).isZero();
        assertThat(List.of(TrialRuns.collaborations(new TurnSchedule(2_000_000_000, 0, 1, 0))))
                .containsExactly(2_000_000_000L);
    }
}
