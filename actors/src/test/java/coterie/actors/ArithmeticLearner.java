package coterie.actors;

import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.Collaborator;
import coterie.model.trust.FedAvg;
import coterie.model.trust.Mixing;
import coterie.model.trust.Snapshot;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustRow;
import coterie.topology.random.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A learner of four numbers: what it trains is a function of user, iteration and what it has, sensitive to every bit and to the order of things.
 * Mixing is the real one.
 */
public final class ArithmeticLearner implements Learner {
    private final int user;
    private final long seed;
    private final int evaluateEvery;
    private final Executor executor;
    private final Collaborator collaborator;
    private float[] row;

    public ArithmeticLearner(int user, long seed, int evaluateEvery, Executor executor, Collaborator.Rules rules) {
        this.user = user;
        this.seed = seed;
        this.evaluateEvery = evaluateEvery;
        this.executor = executor;
        this.collaborator = new Collaborator(user, rules);
        row = new float[] {user, 1, -user, 0.5f};
    }

    public static List<Learner> of(Setting w, Executor executor) {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < w.world().users(); u++) {
            all.add(new ArithmeticLearner(u, w.world().seed(), w.world().evaluateEvery(), executor, w.rules()));
        }
        return all;
    }

    /** FedAvg with a polynomial discount, its row kept for two turns. */
    public static Collaborator.Rules rules() {
        return new Collaborator.Rules(new FedAvg(0), 2, new StalenessDiscount.Polynomial(0.5), StalenessDiscount.Remainder.RENORMALISE);
    }

    /** A world and the trust of those who live in it. */
    public record Setting(coterie.actors.life.World world, Collaborator.Rules rules) {
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        return CompletableFuture.supplyAsync(() -> compute(plan), executor);
    }

    private TurnOutcome compute(TurnPlan plan) {
        TrustRow trust = null;
        long mixed = 0;
        if (plan.mixing() != null) {
            trust = collaborator.decide(plan.mixing().turn(), plan.mixing().candidates(), plan.mixing().ages(), c -> 0);
            row = Mixing.sum(trust.weights(), plan.mixing().candidates(), null);
            mixed = Snapshot.hash(row);
        }
        List<TurnOutcome.Evaluation> evaluations = new ArrayList<>();
        if (plan.evaluateFirst()) {
            evaluations.add(new TurnOutcome.Evaluation(plan.firstIteration(), row[0]));
        }
        row = row.clone();
        int end = plan.firstIteration() + plan.iterations();
        for (int i = plan.firstIteration(); i < end; i++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = 0.9f * row[k] + (Stream.mix(seed ^ user * 31L + i * 17L + k) >> 40) * 1e-7f;
            }
            if ((i + 1) % evaluateEvery == 0 && i + 1 < end) {
                evaluations.add(new TurnOutcome.Evaluation(i + 1, row[0]));
            }
        }
        Snapshot snapshot = plan.publish() ? new Snapshot(user, plan.turn(), end, row, null) : null;
        return new TurnOutcome(trust, mixed, evaluations, row[1], plan.iterations(), row, Snapshot.hash(row), snapshot);
    }

    @Override
    public void close() {
    }
}
