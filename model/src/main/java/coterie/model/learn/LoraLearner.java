package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.program.DecoderProgram;
import coterie.model.task.Task;
import coterie.model.text.DataException;
import coterie.model.text.UserData;
import coterie.model.torch.ComputeDevice;
import coterie.model.trust.MixingInput;
import coterie.model.trust.Probe;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A user with a LoRA adapter on a shared GPT-2: its row of parameters and both Adam moments, flat and on the device, 3
 * P numbers and little else.
 */
final class LoraLearner implements Learner {
    private static final int EVALUATION_ROWS = 16;
    private static final int RELEASED_BATCHES = 12;
    private final int user;
    private final UserData data;
    private final AdapterLayout layout;
    /** Null where the strategy compares no predictions. */
    private final SharedPredictions shared;

    private final LearningRules rules;
    private final TrustManager trustManager;
    private final Passes passes;
    private final LearningDevice device;
    private final NDManager owner;
    private final NDArray row;
    private final NDArray expAvg;
    private final NDArray expAvgSq;
    private NDArray accumulated;
    /** Parameters from which an update is counted; kept only where updates are exchanged. */
    private float[] before;
    /** Whether the last turn was published, so that the next update is counted from its end. */
    private boolean published;
    /** What the last turn has left, where it is at hand: what {@link #row} holds. Otherwise null. */
    private float[] last;

    private int updates;
    /** What a crash goes back to; null for the start. */
    private LearnerState.Saved saved;

    private final float[] start;

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
        this.layout = layout;
        this.rules = rules;
        this.trustManager = trustManager;
        this.passes = passes;
        this.device = device;
        check("train", data.train());
        check("test", data.test());
        if (rules.context() > device.config().context()) {
            throw new DataException("training.context is " + rules.context() + ", the base reads at most "
                    + device.config().context() + " tokens");
        }
        owner = device.device().root().newSubManager();
        this.shared = rules.predictions() == null
                ? null
                : new SharedPredictions(
                        new SharedWindows(shared, rules), rules.predictions().changes(), this::predict);
        row = ComputeDevice.array(owner, start, start.length);
        expAvg = owner.zeros(row.getShape());
        expAvgSq = owner.zeros(row.getShape());
        this.start = rules.crashes() ? start : null;
        before = exchangesUpdates() ? start : null;
    }

    private boolean exchangesUpdates() {
        return rules.exchange() == Exchange.UPDATES;
    }

    private void check(String what, int[] tokens) {
        if (tokens.length <= rules.context()) {
            throw new DataException("user " + user + " has " + tokens.length + " " + what + " tokens, a sequence takes "
                    + (rules.context() + 1));
        }
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
        return turn(plan, TurnProgress.until(plan.turn()));
    }

    @Override
    public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
        Turn turn = new Turn(plan, progress);
        device.submit(turn);
        return turn.done;
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

    AdapterLayout layout() {
        return layout;
    }

    /** Adds a pass's gradient to the sum of this update's passes and gives the sum. */
    NDArray accumulated(NDArray gradient, boolean begin) {
        if (!begin) {
            return accumulated.addi(gradient);
        }
        if (accumulated != null) {
            accumulated.close();
        }
        accumulated = gradient.duplicate();
        accumulated.attach(owner);
        return accumulated;
    }

    @Override
    public LearnerState state() {
        return new LearnerState(
                row.toFloatArray(),
                expAvg.toFloatArray(),
                expAvgSq.toFloatArray(),
                before,
                published,
                updates,
                saved,
                shared == null ? null : shared.state(),
                trustManager.state());
    }

    @Override
    public void restore(LearnerState s) {
        device.program().assign(row, s.row());
        device.program().assign(expAvg, s.expAvg());
        device.program().assign(expAvgSq, s.expAvgSq());
        before = s.before();
        published = s.published();
        updates = s.updates();
        saved = s.saved();
        last = null;
        if (shared != null) {
            shared.restore(s.predicted());
        }
        trustManager.restore(s.trust());
    }

    @Override
    public void close() {
        owner.close();
    }

    private void save(float[] parameters) {
        saved = new LearnerState.Saved(
                parameters,
                expAvg.toFloatArray(),
                expAvgSq.toFloatArray(),
                published ? null : before,
                updates,
                shared == null ? null : shared.state());
        trustManager.save();
    }

    /** @return parameters from which its next update is counted */
    private float[] restore() {
        LearnerState.Saved s = saved != null
                ? saved
                : new LearnerState.Saved(start, new float[start.length], new float[start.length], null, 0, null);
        device.program().assign(row, s.row());
        device.program().assign(expAvg, s.expAvg());
        device.program().assign(expAvgSq, s.expAvgSq());
        updates = s.updates();
        if (shared != null) {
            shared.restore(s.predicted());
        }
        trustManager.restore();
        return s.before() != null ? s.before() : s.row();
    }

    /** The seed of the dropout that stays on where nothing is trained; nothing where none does. */
    private long[] noise(long... key) {
        if (!rules.noisy()) {
            return DecoderProgram.QUIET;
        }
        long[] whole = Arrays.copyOf(key, key.length + 1);
        whole[key.length] = user;
        return new long[] {RandomStream.name(rules.seed(), Purpose.EVALUATION_DROPOUT, whole) >>> 16};
    }

    /** @param occasion and when: what dropout that stays on is keyed by */
    private double meanLoss(TokenWindows w, NDArray adapter, long occasion, long when) {
        double sum = 0;
        for (int at = 0; at < w.n(); at += EVALUATION_ROWS) {
            int n = Math.min(EVALUATION_ROWS, w.n() - at);
            try (NDManager m = owner.newSubManager()) {
                Shape shape = new Shape(n, w.length());
                NDArray ids = m.create(Arrays.copyOfRange(w.ids(), at * w.length(), (at + n) * w.length()), shape);
                NDArray targets =
                        m.create(Arrays.copyOfRange(w.targets(), at * w.length(), (at + n) * w.length()), shape);
                for (float loss : device.program()
                        .losses(ids, targets, layout, adapter, device.base(), noise(occasion, when, at), m)
                        .toFloatArray()) {
                    sum += loss;
                }
            }
        }
        return sum / ((double) w.n() * w.length());
    }

    /** All windows of a set, or as many as so many tokens make, evenly spread and always the same. */
    private TokenWindows fixed(int[] tokens, int limit) {
        int available = TokenWindows.available(tokens, rules.context());
        int n = limit == 0 ? available : Math.max(1, Math.min(available, limit / rules.context()));
        return TokenWindows.spread(tokens, 0, n, n, rules.context());
    }

    private double testLoss(int iteration) {
        TokenWindows w = rules.evaluation().released()
                ? TokenWindows.random(
                        data.validation(),
                        Math.multiplyExact(RELEASED_BATCHES, rules.batch()),
                        rules.context(),
                        RandomStream.of(rules.seed(), Purpose.VALIDATION, user, -1, iteration))
                : fixed(data.test(), rules.evaluation().tokens());
        return meanLoss(w, row, -1, iteration);
    }

    /**
     * The k largest logits at the positions of some sequences.
     *
     * @param turn what dropout that stays on is keyed by
     */
    private Predictions predict(TokenWindows w, int turn) {
        LearningRules.PredictionRules p = rules.predictions();
        int each = p.lastOnly() ? 1 : w.length();
        long[] tokens = new long[Math.multiplyExact(Math.multiplyExact(w.n(), each), p.topK())];
        float[] logits = new float[tokens.length];
        for (int at = 0; at < w.n(); at += EVALUATION_ROWS) {
            int n = Math.min(EVALUATION_ROWS, w.n() - at);
            long[] positions = new long[n * each];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = p.lastOnly() ? (long) (i + 1) * w.length() - 1 : i;
            }
            try (NDManager m = owner.newSubManager()) {
                NDArray ids = m.create(
                        Arrays.copyOfRange(w.ids(), at * w.length(), (at + n) * w.length()), new Shape(n, w.length()));
                NDList top = device.program()
                        .topLogits(
                                ids, layout, row, device.base(), m.create(positions), p.topK(), noise(-2, turn, at), m);
                System.arraycopy(
                        top.get(0).toFloatArray(), 0, logits, at * each * p.topK(), positions.length * p.topK());
                System.arraycopy(
                        top.get(1).toLongArray(), 0, tokens, at * each * p.topK(), positions.length * p.topK());
            }
        }
        return Predictions.of(device.config().vocabulary(), p.topK(), tokens, logits);
    }

    /** One turn on its way through the workers: between two steps one may let go of it, and another take it. */
    final class Turn implements StepWorkers.Job, Probe {
        private final TurnPlan plan;
        private final TurnProgress progress;
        private final CompletableFuture<TurnOutcome> done = new CompletableFuture<>();
        private final List<TurnOutcome.Evaluation> evaluations = new ArrayList<>();
        private final int[] tokens;
        /** Let go of after mixing: others' snapshots must not live as long as a turn takes. */
        private TurnPlan.Beginning beginning;

        private TrustRow trust;
        private long mixedHash;
        private int iteration;
        private int pass;
        private double loss;
        private boolean begun;
        /**
         * Whether the next training step is due: it may have to wait while turns that are needed earlier are computed.
         */
        private boolean ready;
        /** Null as long as all is finite. */
        private Divergence divergence;

        Turn(TurnPlan plan, TurnProgress progress) {
            this.progress = progress;
            this.plan = TurnPlan.turn(plan.turn(), TurnPlan.Own.INSTANCE, plan.firstIteration())
                    .evaluateFirst(plan.evaluateFirst())
                    .train(plan.iterations())
                    .fineTune(plan.fineTune())
                    .publish(plan.publish())
                    .save(plan.save())
                    .build();
            beginning = plan.beginning();
            tokens = plan.fineTune() ? data.fineTune() : data.train();
            iteration = plan.firstIteration();
        }

        @Override
        public long due() {
            return progress.due();
        }

        @Override
        public int most() {
            return passes.most();
        }

        Passes passes() {
            return passes;
        }

        @Override
        public boolean advance() {
            if (ready) {
                return true;
            }
            if (!begun) {
                begun = true;
                begin();
            } else if (divergence == null && pass == 0 && iteration < end() && iteration % rules.evaluateEvery() == 0) {
                evaluate();
            }
            if (divergence == null && iteration < end()) {
                ready = true;
                return true;
            }
            done.complete(outcome());
            return false;
        }

        private int end() {
            return plan.firstIteration() + plan.iterations();
        }

        private void begin() {
            float[] left = last == null && (plan.save() || exchangesUpdates()) ? row.toFloatArray() : last;
            last = null;
            if (plan.save()) {
                save(left);
            }
            if (beginning instanceof TurnPlan.Mix mix) {
                left = mix(mix.input());
                moved();
            } else if (beginning instanceof TurnPlan.Given given) {
                left = given.parameters();
                device.program().assign(row, left);
                mixedHash = Snapshot.hash(left);
                moved();
            } else if (beginning instanceof TurnPlan.Saved) {
                left = restore();
            }
            // What was trained in turns that were not published belongs to the next update.
            boolean goesOn = beginning instanceof TurnPlan.Own && !published;
            before = !exchangesUpdates() ? null : goesOn ? before : left;
            beginning = null;
            if (plan.evaluateFirst()) {
                evaluate();
            }
            if (shared != null) {
                shared.trains(plan.turn());
            }
        }

        /** Parameters have become others, not by training. */
        private void moved() {
            if (shared != null) {
                shared.moved();
            }
        }

        private void evaluate() {
            TurnOutcome.Evaluation e =
                    new TurnOutcome.Evaluation(iteration, Task.LANGUAGE_MODELLING.values(testLoss(iteration)));
            // An adapter that is not finite shows in its loss: nothing else need be looked at.
            if (e.isFinite()) {
                evaluations.add(e);
                progress.evaluated(e);
            } else {
                divergence = new Divergence(iteration, Divergence.Symptom.EVALUATION);
            }
        }

        private float[] mix(MixingInput input) {
            TrustManager.Mixed mixed = trustManager.mix(input, before, this, row -> {
                trust = row;
                progress.mixed(row);
            });
            device.program().assign(row, mixed.parameters());
            mixedHash = Snapshot.hash(mixed.parameters());
            return mixed.parameters();
        }

        @Override
        public double validationLoss(Snapshot candidate) {
            float[] adapter = candidate.parameters();
            TokenWindows w = rules.validation().released()
                    ? TokenWindows.random(
                            data.validation(),
                            Math.multiplyExact(RELEASED_BATCHES, rules.batch()),
                            rules.context(),
                            RandomStream.of(rules.seed(), Purpose.VALIDATION, user, candidate.user(), plan.turn()))
                    : fixed(data.validation(), rules.validation().tokens());
            try (NDManager m = owner.newSubManager()) {
                return meanLoss(w, ComputeDevice.array(m, adapter, adapter.length), candidate.user(), plan.turn());
            }
        }

        TokenWindows batch() {
            return TokenWindows.random(
                    tokens,
                    rules.batch(),
                    rules.context(),
                    RandomStream.of(rules.seed(), Purpose.BATCH, user, iteration, pass));
        }

        long dropoutSeed() {
            // A generator takes the seed plus a small number for each site in the network.
            return RandomStream.name(rules.seed(), Purpose.DROPOUT, user, iteration, pass) >>> 16;
        }

        double rate() {
            return rules.schedule().rate(iteration);
        }

        int updateNumber() {
            return updates + 1;
        }

        int pass() {
            return pass;
        }

        LearningRules rules() {
            return rules;
        }

        LoraLearner learner() {
            return LoraLearner.this;
        }

        void stepped(float stepLoss) {
            ready = false;
            if (!Float.isFinite(stepLoss)) {
                // What the step has made of the adapter is no better: this is the turn's last.
                divergence = new Divergence(iteration, Divergence.Symptom.TRAINING_LOSS);
                return;
            }
            loss += stepLoss;
            if (++pass == rules.accumulation()) {
                pass = 0;
                iteration++;
                updates++;
            }
        }

        private TurnOutcome outcome() {
            if (divergence != null) {
                return diverged();
            }
            float[] parameters = row.toFloatArray();
            float[] values =
                    plan.publish() && exchangesUpdates() ? Snapshot.difference(parameters, before) : parameters;
            if (!Snapshot.finite(values) || values != parameters && !Snapshot.finite(parameters)) {
                divergence = new Divergence(iteration, Divergence.Symptom.PARAMETERS);
                return diverged();
            }
            long hash = Snapshot.hash(parameters);
            Snapshot snapshot = null;
            if (plan.publish()) {
                Predictions predictions = shared == null ? null : shared.publish(plan.turn());
                if (predictions != null && !predictions.finite()) {
                    divergence = new Divergence(iteration, Divergence.Symptom.PREDICTIONS);
                    return diverged();
                }
                snapshot = exchangesUpdates()
                        ? Snapshot.ofUpdate(
                                user,
                                plan.turn(),
                                iteration,
                                values,
                                trustManager.needsParameters() ? parameters : null,
                                predictions)
                        : new Snapshot(user, plan.turn(), iteration, values, predictions, hash);
            }
            published = plan.publish();
            last = exchangesUpdates() || rules.crashes() ? parameters : null;
            long passes = (long) plan.iterations() * rules.accumulation();
            return new TurnOutcome(
                    trust,
                    mixedHash,
                    evaluations,
                    loss / passes,
                    passes * rules.batch() * rules.context(),
                    parameters,
                    hash,
                    snapshot);
        }

        private TurnOutcome diverged() {
            return TurnOutcome.diverged(trust, mixedHash, evaluations, divergence);
        }

        @Override
        public void fail(Throwable reason) {
            done.completeExceptionally(reason);
        }
    }
}
