package coterie.actors;

import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Adds the same number in every iteration, so that results of protocols can be computed by hand. */
public final class AddingLearner implements Learner {
    private final int user;
    private final float step;
    private float value;

    public AddingLearner(int user, float start, float step) {
        this.user = user;
        this.step = step;
        value = start;
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        if (plan.beginning() instanceof TurnPlan.Given g) {
            value = g.parameters()[0];
        }
        value += plan.iterations() * step;
        float[] row = {value};
        int end = plan.firstIteration() + plan.iterations();
        return CompletableFuture.completedFuture(new TurnOutcome(
                null,
                0,
                List.of(),
                Double.NaN,
                plan.iterations(),
                row,
                Snapshot.hash(row),
                plan.publish() ? new Snapshot(user, plan.turn(), end, row, null) : null));
    }

    @Override
    public LearnerState state() {
        return LearnerState.of(new float[] {value});
    }

    @Override
    public void restore(LearnerState state) {
        value = state.parameters()[0];
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
