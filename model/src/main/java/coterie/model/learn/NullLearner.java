package coterie.model.learn;

import coterie.model.exchange.Snapshot;
import coterie.model.trust.MixingInput;
import coterie.model.trust.TrustRow;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Learns nothing, in no time, to measure the engine alone. All snapshots carry the same parameters, and rows are
 * uniform.
 */
public final class NullLearner implements Learner {
    private static final List<TurnOutcome.Evaluation> NONE = List.of();
    private final int user;
    private final float[] parameters;

    /** @param parameters shared by all users; must not be changed */
    public NullLearner(int user, float[] parameters) {
        this.user = user;
        this.parameters = parameters;
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        TrustRow row = null;
        if (plan.beginning() instanceof TurnPlan.Mix mix) {
            MixingInput m = mix.input();
            int n = m.candidates().size();
            int[] users = new int[n];
            double[] weights = new double[n];
            for (int k = 0; k < n; k++) {
                users[k] = m.candidates().get(k).user();
                weights[k] = 1.0 / n;
            }
            row = TrustRow.given(m.turn(), users, weights, m.ages());
        }
        Snapshot snapshot = plan.publish()
                ? new Snapshot(
                        user,
                        plan.turn(),
                        plan.firstIteration() + plan.iterations(),
                        Snapshot.ONE_LAYOUT,
                        parameters,
                        null,
                        user)
                : null;
        return CompletableFuture.completedFuture(
                new TurnOutcome(row, row == null ? 0 : 1, NONE, Double.NaN, 0, parameters, user, snapshot));
    }

    @Override
    public LearnerState state() {
        return LearnerState.of(null);
    }

    @Override
    public void restore(LearnerState state) {
        // There is no state.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
