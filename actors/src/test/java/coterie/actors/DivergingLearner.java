package coterie.actors;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner.Setting;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Divergence;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Learns like another learner until a given turn, in which its training diverges. */
public final class DivergingLearner implements Learner {
    private final Learner learner;
    private final int turn;
    private boolean diverged;

    public DivergingLearner(Learner learner, int turn) {
        this.learner = learner;
        this.turn = turn;
    }

    /** Learners for a configuration, of which one diverges. */
    public static List<Learner> of(Setting setting, Executor executor, int user, int turn) {
        List<Learner> all = ArithmeticLearner.of(setting, executor);
        all.set(user, new DivergingLearner(all.get(user), turn));
        return all;
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        // A crash may have lost the turn in which it diverged.
        diverged &= !(plan.beginning() instanceof TurnPlan.LastSave);
        assertThat(diverged).as("a turn after that in which it has diverged").isFalse();
        if (plan.beginning() instanceof TurnPlan.Mix m) {
            m.input()
                    .candidates()
                    .forEach(c -> assertThat(Snapshot.finite(c.values()))
                            .as("what is mixed")
                            .isTrue());
        }
        if (plan.turn() < turn) {
            return learner.turn(plan);
        }
        diverged = true;
        return learner.turn(plan)
                .thenApply(o -> TurnOutcome.diverged(
                        o.row(),
                        o.mixedHash(),
                        o.evaluations(),
                        new Divergence(plan.firstIteration(), Divergence.Symptom.TRAINING_LOSS)));
    }

    @Override
    public LearnerState state() {
        return learner.state();
    }

    @Override
    public void restore(LearnerState state) {
        learner.restore(state);
    }

    @Override
    public void close() {
        learner.close();
    }
}
