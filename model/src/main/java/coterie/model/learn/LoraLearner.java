package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.task.Task;
import coterie.model.text.DataException;
import coterie.model.text.UserData;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.DeviceErrors;
import coterie.model.trust.MixingInput;
import coterie.model.trust.TrustManager;
import coterie.model.utility.UtilityMeter;
import coterie.model.utility.UtilityRow;
import coterie.topology.drift.PhaseShares;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A user with a LoRA adapter on a shared base. Parameters and both moments of Adam lie flat on the device, 3 P numbers.
 */
final class LoraLearner extends TemplateLearner {
    private static final int RELEASED_BATCHES = 12;
    private final int user;
    private final UserData data;
    /** X_S, [categories][tokens]. */
    private final int[][] shared;

    private final AdapterLayout layout;
    private final LearningRules rules;
    private final Passes passes;
    private final LearningDevice device;
    private final NDManager owner;
    private final NDArray row;
    private final NDArray expAvg;
    private final NDArray expAvgSq;
    private final ForwardPasses forward;
    private final TurnTemplate turns;
    /** Sum of the gradients of an update's passes so far; null between updates. */
    private NDArray accumulated;

    private int updates;

    LoraLearner(
            int user,
            UserData data,
            int[][] shared,
            AdapterLayout layout,
            float[] start,
            LearningRules rules,
            TrustManager trustManager,
            Passes passes,
            LearningDevice device) {
        this.user = user;
        this.data = data;
        this.shared = shared;
        this.layout = layout;
        this.rules = rules;
        this.passes = passes;
        this.device = device;
        for (UserData phase : data.phases()) {
            check("train", phase.train());
            check("test", phase.test());
        }
        if (rules.context() > device.config().context()) {
            throw new DataException("training.context is " + rules.context() + ", the base reads at most "
                    + device.config().context() + " tokens");
        }
        owner = device.device().root().newSubManager();
        row = ComputeDevice.array(owner, start, start.length);
        expAvg = owner.zeros(row.getShape());
        expAvgSq = owner.zeros(row.getShape());
        forward = new ForwardPasses(layout, device, owner);
        SharedPredictions predictions = null;
        if (rules.predictions() != null) {
            LearningRules.PredictionRules where = rules.predictions();
            SharedWindows windows = new SharedWindows(shared, rules, where);
            predictions = new SharedPredictions(
                    where.changes(), turn -> forward.predict(where, windows.at(turn), row, noise(-2, turn)));
        }
        TurnTemplate.Rules common = new TurnTemplate.Rules(
                rules.exchange(),
                rules.evaluateEvery(),
                rules.accumulation(),
                (long) rules.batch() * rules.context(),
                rules.crashes());
        turns = new TurnTemplate(
                user, Task.LANGUAGE_MODELLING, common, start, trustManager, new Adapter(), predictions);
    }

    private void check(String what, int[] tokens) {
        if (tokens.length <= rules.context()) {
            throw new DataException("user " + user + " has " + tokens.length + " " + what + " tokens, a sequence takes "
                    + (rules.context() + 1));
        }
    }

    @Override
    TurnTemplate turns() {
        return turns;
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        TurnTemplate.Turn turn = turns.begin(plan, progress);
        device.submit(new Turn(turn));
        return turn.done();
    }

    @Override
    public void close() {
        owner.close();
    }

    AdapterLayout layout() {
        return layout;
    }

    NDArray row() {
        return row;
    }

    NDArray expAvg() {
        return expAvg;
    }

    NDArray expAvgSq() {
        return expAvgSq;
    }

    /** Sum of the gradients of this update's passes so far. */
    NDArray accumulated() {
        return accumulated;
    }

    /** Replaces the sum; null once the update is made. */
    void accumulate(NDArray sum) {
        if (accumulated != null) {
            accumulated.close();
        }
        accumulated = sum;
        if (sum != null) {
            sum.attach(owner);
        }
    }

    /** The adapter on the device. */
    private final class Adapter implements TurnTemplate.Model {
        private final String layoutName = layout.name();

        @Override
        public String layout() {
            return layoutName;
        }

        @Override
        public float[] parameters() {
            return ComputeDevice.floats(row);
        }

        @Override
        public void assign(float[] parameters) {
            device.program().assign(row, parameters);
        }

        @Override
        public LearnerState.Optimiser optimiser() {
            return new LearnerState.Optimiser(ComputeDevice.floats(expAvg), ComputeDevice.floats(expAvgSq), updates);
        }

        @Override
        public void restore(LearnerState.Optimiser state) {
            device.program().assign(expAvg, state == null ? new float[layout.size()] : state.expAvg());
            device.program().assign(expAvgSq, state == null ? new float[layout.size()] : state.expAvgSq());
            updates = state == null ? 0 : state.updates();
        }

        @Override
        public double[] test(int iteration, PhaseShares shares) {
            return shares.mean(p -> new double[] {testLoss(data.phase(p), iteration)});
        }

        private double testLoss(UserData of, int iteration) {
            TokenWindows w = rules.evaluation().released()
                    ? TokenWindows.random(
                            of.validation(),
                            Math.multiplyExact(RELEASED_BATCHES, rules.batch()),
                            rules.context(),
                            RandomStream.of(rules.seed(), Purpose.VALIDATION, user, -1, iteration))
                    : fixed(of.test(), rules.evaluation().tokens());
            return forward.loss(w, row, noise(-1, iteration));
        }

        @Override
        public double validationLoss(Snapshot candidate, int turn, PhaseShares shares) {
            return withRow(
                    candidate.parameters(),
                    other -> shares.mean(
                                    p -> new double[] {validationLoss(data.phase(p), other, candidate.user(), turn)})[
                            0]);
        }

        @Override
        public UtilityRow utility(MixingInput input, PhaseShares shares) {
            boolean changes = rules.predictions() != null && rules.predictions().changes();
            return new UtilityMeter(rules.utility().epsilon(), layout, changes)
                    .measure(user, input, shares, new Tried());
        }

        private double validationLoss(UserData of, NDArray adapter, int candidate, int turn) {
            TokenWindows w = rules.validation().released()
                    ? TokenWindows.random(
                            of.validation(),
                            Math.multiplyExact(RELEASED_BATCHES, rules.batch()),
                            rules.context(),
                            RandomStream.of(rules.seed(), Purpose.VALIDATION, user, candidate, turn))
                    : fixed(of.validation(), rules.validation().tokens());
            return forward.loss(w, adapter, noise(candidate, turn));
        }
    }

    /**
     * Dropout that the released code leaves on in evaluation; none if it is off.
     *
     * @param occasion and {@code when}: its key
     */
    private ForwardPasses.Noise noise(long occasion, long when) {
        return rules.noisy()
                ? at -> new long[] {
                    RandomStream.name(rules.seed(), Purpose.EVALUATION_DROPOUT, occasion, when, at, user)
                }
                : ForwardPasses.QUIET;
    }

    /** The adapter with any parameters, on which the utility of neighbours is measured. */
    private final class Tried implements UtilityMeter.Model {
        @Override
        public double validationLoss(float[] parameters, PhaseShares shares) {
            return withRow(
                    parameters,
                    other -> shares.mean(p -> new double[] {
                        forward.loss(
                                fixed(
                                        data.phase(p).validation(),
                                        rules.validation().tokens()),
                                other,
                                ForwardPasses.QUIET)
                    })[0]);
        }

        @Override
        public Predictions predictions(float[] parameters, PhaseShares shares) {
            LearningRules.PredictionRules where = rules.utility().predictions();
            TokenWindows w = new SharedWindows(shared, rules, where).at(0);
            return withRow(parameters, other -> forward.predict(where, w, other, ForwardPasses.QUIET));
        }
    }

    private <T> T withRow(float[] parameters, Function<NDArray, T> use) {
        try (NDManager m = owner.newSubManager()) {
            return use.apply(ComputeDevice.array(m, parameters, parameters.length));
        }
    }

    /**
     * Windows of a set, evenly spread and always the same.
     *
     * @param limit most tokens; 0 for all windows
     */
    private TokenWindows fixed(int[] tokens, int limit) {
        int available = TokenWindows.available(tokens, rules.context());
        int n = limit == 0 ? available : Math.max(1, Math.min(available, limit / rules.context()));
        return TokenWindows.spread(tokens, 0, n, n, rules.context());
    }

    /** A turn as a job of the device's workers. */
    final class Turn implements StepWorkers.Job {
        private final TurnTemplate.Turn turn;

        Turn(TurnTemplate.Turn turn) {
            this.turn = turn;
        }

        @Override
        public long due() {
            return turn.progress().due();
        }

        @Override
        public int most() {
            return Math.min(passes.most(), device.fitting().most());
        }

        @Override
        public boolean advance() {
            return turn.advance();
        }

        @Override
        public void fail(Throwable reason) {
            turn.fail(reason instanceof RuntimeException e ? DeviceErrors.inWords(e, device.name()) : reason);
        }

        LoraLearner learner() {
            return LoraLearner.this;
        }

        Passes passes() {
            return passes;
        }

        LearningRules rules() {
            return rules;
        }

        TokenWindows batch() {
            TokenWindows batch = honestBatch();
            return turn.flipsLabels() ? batch.flipped(device.config().vocabulary()) : batch;
        }

        private TokenWindows honestBatch() {
            RandomStream places = RandomStream.of(rules.seed(), Purpose.BATCH, user, turn.iteration(), turn.pass());
            int only = turn.data().only();
            if (only >= 0) {
                return TokenWindows.random(tokens(only), rules.batch(), rules.context(), places);
            }
            RandomStream phases =
                    RandomStream.of(rules.seed(), Purpose.DRIFT_BATCH, user, turn.iteration(), turn.pass());
            return TokenWindows.random(
                    i -> tokens(turn.data().drawn(phases.uniform())), rules.batch(), rules.context(), places);
        }

        private int[] tokens(int phase) {
            return turn.fineTunes()
                    ? data.phase(phase).fineTune()
                    : data.phase(phase).train();
        }

        long dropoutSeed() {
            return RandomStream.name(rules.seed(), Purpose.DROPOUT, user, turn.iteration(), turn.pass());
        }

        double rate() {
            return rules.schedule().rate(turn.iteration());
        }

        int updateNumber() {
            return updates + 1;
        }

        int pass() {
            return turn.pass();
        }

        void stepped(float loss) {
            int iteration = turn.iteration();
            turn.stepped(loss);
            updates += turn.iteration() - iteration;
        }
    }
}
