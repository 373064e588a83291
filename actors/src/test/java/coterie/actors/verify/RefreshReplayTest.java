package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.AdaptiveRefresh;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Selection;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.model.trust.ValidationPerformance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * {@code coterie verify} asks the rule for measuring again, with what was recorded: here of twenty turns of a user with
 * one neighbour, whose data changes in turn 12.
 */
class RefreshReplayTest {
    private static final int TURNS = 20;
    private static final int DRIFT = 12;
    private static final TrustManager.Rules RULES = new TrustManager.Rules(
            new ValidationPerformance(1.0, Fidelity.PAPER, Selection.ALL),
            new AdaptiveRefresh(0.25, 0.05, 8, 1),
            TrustManager.FOREVER,
            new StalenessDiscount.Constant(),
            StalenessDiscount.Remainder.RENORMALISE,
            new WeightedMean());

    private static Observation.TurnEnded ended(int turn, double loss) {
        return new Observation.TurnEnded(turn + 1, 0, turn, turn, turn + 1, loss, 1, true, true, SentTotals.NONE, 0);
    }

    private static double loss(int turn) {
        return (turn < DRIFT ? 1 : 3) + 0.1 * (turn % 2);
    }

    /** What is recorded of the user, in the order of time. */
    private static List<Observation> history() {
        List<Observation> history = new ArrayList<>();
        TrustManager manager = new TrustManager(0, RULES);
        for (int t = 0; t < TURNS; t++) {
            int turn = t;
            history.add(ended(turn, loss(turn)));
            manager.trained(loss(turn));
            List<Snapshot> candidates = List.of(
                    new Snapshot(0, turn, turn + 1, new float[] {turn}, null),
                    new Snapshot(1, turn, turn + 1, new float[] {-turn}, null));
            TrustManager.Mixed mixed = manager.mix(
                    new MixingInput(turn, turn + 1, candidates, new int[2]),
                    null,
                    c -> c.user() == 0 ? 0.5 : turn < DRIFT ? 0.6 : 2,
                    row -> {});
            history.add(mixed(turn, mixed.row()));
        }
        return history;
    }

    private static Observation.Mixed mixed(int turn, TrustRow row) {
        return new Observation.Mixed(turn + 1, 0, turn, row, new int[] {turn, turn}, new double[2], new double[2]);
    }

    private static Findings check(List<Observation> history) {
        Findings findings = new Findings();
        RowCheck check = new RowCheck(RULES, false, findings);
        for (Observation o : history) {
            if (o instanceof Observation.TurnEnded t) {
                check.ended(t);
            } else if (o instanceof Observation.Mixed m) {
                check.mixed(m, 0);
            }
        }
        return findings;
    }

    /** The history with another line in place of the one of a turn. */
    private static List<Observation> falsified(
            Class<? extends Observation> kind, int turn, UnaryOperator<Observation> by) {
        return history().stream()
                .map(o -> kind.isInstance(o) && o.seconds() == turn + 1 ? by.apply(o) : o)
                .toList();
    }

    @Test
    void whatWasRecordedFollowsFromTheRule() {
        assertThat(check(history()).violations()).isEmpty();
        assertThat(history().stream()
                        .filter(o -> o instanceof Observation.Mixed m && m.row().passes() > 0)
                        .map(o -> ((Observation.Mixed) o).turn()))
                .as("the change is noticed, so that this test is of alarms too")
                .contains(DRIFT);
    }

    @Test
    void aFalsifiedTrainingLossIsFound() {
        List<Observation> calm = falsified(Observation.TurnEnded.class, DRIFT, o -> ended(DRIFT, 1));
        assertThat(check(calm).violations())
                .first()
                .asString()
                .contains("user 0, Mixed: user 0 was measured, and the rule says otherwise by the scores before");
    }

    @Test
    void aMeasurementThatTheRuleDoesNotMakeIsFound() {
        List<Observation> more = falsified(Observation.Mixed.class, DRIFT - 1, o -> {
            TrustRow row = ((Observation.Mixed) o).row();
            return mixed(
                    DRIFT - 1,
                    new TrustRow(
                            row.users(),
                            row.weights(),
                            row.ages(),
                            new int[2],
                            DRIFT - 1,
                            2,
                            row.distance(),
                            row.scores()));
        });
        assertThat(check(more).violations())
                .first()
                .asString()
                .contains("at 12.0 s, user 0, Mixed: user 0 was measured, and the rule says otherwise");
    }
}
