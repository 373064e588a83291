package coterie.actors;

import coterie.actors.user.SimulationConfig;
import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.task.Task;
import coterie.model.trust.Fidelity;
import coterie.model.trust.Refresh;
import coterie.model.trust.Selection;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.model.trust.ValidationPerformance;
import coterie.topology.drift.Drifts;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A learner of a few numbers: training is a function of user, iteration and parameters that is sensitive to every bit
 * and to the order of steps. Mixing is that of the program.
 */
public final class ArithmeticLearner implements Learner {
    private final int user;
    private final long seed;
    private final int evaluateEvery;
    private final Executor executor;
    private final TrustManager trustManager;
    private final boolean updates;
    private float[] row;
    /** The parameters that an update is the difference to. */
    private float[] before;

    private boolean published;
    private LearnerState.DeviceSave saved;

    public ArithmeticLearner(int user, long seed, int evaluateEvery, Executor executor, TrustManager.Rules rules) {
        this(user, seed, evaluateEvery, executor, rules, Exchange.PARAMETERS);
    }

    public ArithmeticLearner(
            int user, long seed, int evaluateEvery, Executor executor, TrustManager.Rules rules, Exchange exchange) {
        updates = exchange == Exchange.UPDATES;
        this.user = user;
        this.seed = seed;
        this.evaluateEvery = evaluateEvery;
        this.executor = executor;
        this.trustManager = new TrustManager(user, rules);
        begin(new float[] {user, 1, -user, 0.5f});
    }

    /** The same with more numbers, so that its snapshots count as large. */
    public ArithmeticLearner enlarged(int size) {
        begin(java.util.Arrays.copyOf(row, size));
        return this;
    }

    private void begin(float[] start) {
        row = start;
        before = start;
        saved = new LearnerState.DeviceSave(start, null, start, null);
    }

    public static List<Learner> of(Setting w, Executor executor) {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < w.config().users(); u++) {
            all.add(of(w, u, executor));
        }
        return all;
    }

    /** A learner for a configuration. */
    public static ArithmeticLearner of(Setting w, int user, Executor executor) {
        return new ArithmeticLearner(
                user, w.config().seed(), w.config().evaluateEvery(), executor, w.rules(), w.exchange());
    }

    /** Validation performance, each row measured in every other turn, with a polynomial discount. */
    public static TrustManager.Rules rules() {
        return rules(new Refresh.EveryTurns(2), Drifts.NONE);
    }

    public static TrustManager.Rules rules(Refresh refresh, Drifts drifts) {
        return new TrustManager.Rules(
                new ValidationPerformance(1.0, Fidelity.PAPER, Selection.ALL),
                refresh,
                TrustManager.FOREVER,
                new StalenessDiscount.Polynomial(0.5),
                StalenessDiscount.Remainder.RENORMALISE,
                new AggregationRules(new WeightedMean()),
                drifts);
    }

    /** A configuration and the trust rules of its users. */
    public record Setting(SimulationConfig config, TrustManager.Rules rules) {
        Exchange exchange() {
            return config.protocol().exchange();
        }
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        return CompletableFuture.supplyAsync(() -> compute(plan), executor);
    }

    /** What iteration i of a user adds to its k-th number: x ← 0.9 x + noise. */
    public static double noise(long seed, int user, int i, int k) {
        return (RandomStream.mix(seed ^ user * 31L + i * 17L + k) >> 40) * 1e-7f;
    }

    private TurnOutcome compute(TurnPlan plan) {
        if (plan.save()) {
            saved = new LearnerState.DeviceSave(row, null, published ? row : before, null);
            trustManager.save();
        }
        TrustRow trust = null;
        long mixed = 0;
        if (plan.beginning() instanceof TurnPlan.Mix m) {
            TrustManager.Mixed result = trustManager.mix(
                    m.input(), updates ? before : null, c -> Math.abs(c.parameters()[0]) + user % 3, known -> {});
            trust = result.row();
            row = result.parameters();
            mixed = Snapshot.hash(row);
        } else if (plan.beginning() instanceof TurnPlan.Given g) {
            row = g.parameters();
            mixed = Snapshot.hash(row);
        } else if (plan.beginning() instanceof TurnPlan.LastSave) {
            row = saved.parameters();
            before = saved.before();
            trustManager.goBack();
        }
        boolean counts =
                plan.beginning() instanceof TurnPlan.LastSave || plan.beginning() instanceof TurnPlan.Own && !published;
        before = counts ? before : row;
        List<TurnOutcome.Evaluation> evaluations = new ArrayList<>();
        if (plan.evaluateFirst()) {
            evaluations.add(evaluation(plan.firstIteration(), row));
        }
        row = row.clone();
        // 0 in the first phase.
        float poison = (plan.flipsLabels() ? 0.25f : 0)
                + (plan.baits() + 1) / 16f
                + (float) (plan.replacedTokens() + plan.backdoored());
        float phase = (float) plan.data().mean(p -> new double[] {p})[0] + poison;
        int end = plan.firstIteration() + plan.iterations();
        for (int i = plan.firstIteration(); i < end; i++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = 0.9f * row[k] + (float) noise(seed, user, i, k) + phase;
            }
            if ((i + 1) % evaluateEvery == 0 && i + 1 < end) {
                evaluations.add(evaluation(i + 1, row));
            }
        }
        published = plan.publish();
        Snapshot snapshot = !plan.publish()
                ? null
                : !updates
                        ? new Snapshot(user, plan.turn(), end, row, null)
                        : Snapshot.ofUpdate(
                                user,
                                plan.turn(),
                                end,
                                Snapshot.ONE_LAYOUT,
                                Snapshot.difference(row, before),
                                trustManager.needsParameters() ? row : null,
                                null);
        double loss = plan.iterations() == 0 ? Double.NaN : row[1];
        trustManager.trained(loss);
        return new TurnOutcome(trust, mixed, evaluations, loss, plan.iterations(), row, Snapshot.hash(row), snapshot);
    }

    private static TurnOutcome.Evaluation evaluation(int iteration, float[] row) {
        return new TurnOutcome.Evaluation(iteration, Task.LANGUAGE_MODELLING.values(Math.abs(row[0])));
    }

    @Override
    public LearnerState state() {
        return new LearnerState(row, null, before, published, saved, null, trustManager.state());
    }

    @Override
    public void restore(LearnerState state) {
        row = state.parameters();
        before = state.before();
        published = state.published();
        saved = state.saved();
        trustManager.restore(state.trust());
    }

    @Override
    public void close() {}
}
