package coterie.model.learn;

import java.util.concurrent.CompletableFuture;

/** A learner whose turns follow the {@link TurnTemplate}. */
abstract class TemplateLearner implements Learner {
    abstract TurnTemplate turns();

    @Override
    public final CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        return turn(plan, TurnProgress.until(plan.turn()));
    }

    @Override
    public abstract CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress);

    @Override
    public final LearnerState state() {
        return turns().state();
    }

    @Override
    public final void restore(LearnerState state) {
        turns().restore(state);
    }
}
