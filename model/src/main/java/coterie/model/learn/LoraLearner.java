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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A user with a LoRA adapter on a shared base. Parameters and both moments of Adam lie flat on the device, 3 P numbers.
 */
final class LoraLearner extends TemplateLearner {
    private final int user;
    private final UserData data;
    private final PoisonedBatch poisoned;
    private final AdapterLayout layout;
    private final LearningRules rules;
    private final Passes passes;
    private final LearningDevice device;
    private final NDManager owner;
    private final NDArray row;
    private final NDArray expAvg;
    private final NDArray expAvgSq;
    private final LoraReadings readings;
    private final TurnTemplate turns;
    private Ahead ahead = new Ahead();
    /** Sum of the gradients of an update's passes so far; null between updates. */
    private NDArray accumulated;

    private int updates;

    LoraLearner(
            int user,
            List<UserData> users,
            int[][] shared,
            AdapterLayout layout,
            float[] start,
            LearningRules rules,
            TrustManager trustManager,
            Passes passes,
            LearningDevice device) {
        this.user = user;
        data = users.get(user);
        poisoned = new PoisonedBatch(user, rules, users, device.config().vocabulary());
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
        readings = new LoraReadings(user, data, shared, rules);
        SharedPredictions predictions = null;
        if (rules.predictions() != null) {
            LearningRules.PredictionRules where = rules.predictions();
            predictions = new SharedPredictions(
                    where.changes(),
                    turn -> ahead.predictions != null
                            ? ahead.predictions
                            : device.forward().predictions(layout, where, readings.predictions(row, turn)));
        }
        TurnRules common = new TurnRules(
                rules.exchange(),
                rules.evaluateEvery(),
                rules.accumulation(),
                (long) rules.batch() * rules.context(),
                rules.crashes());
        turns = new TurnTemplate(user, task(), common, start, trustManager, new Adapter(), predictions);
    }

    private Task task() {
        return rules.evaluation().backdoor() == null ? Task.LANGUAGE_MODELLING : Task.LANGUAGE_MODELLING.withBackdoor();
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
    private final class Adapter implements TrainedModel {
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
        public boolean pauses() {
            return passes.kind() == Passes.Kind.CONSTANT;
        }

        @Override
        public double[] test(int iteration, PhaseShares shares) {
            return shares.mean(phase -> {
                Double known = ahead.losses.get(phase);
                double loss =
                        known != null ? known : device.forward().loss(layout, readings.test(row, phase, iteration));
                return rules.evaluation().backdoor() == null
                        ? new double[] {loss}
                        : new double[] {loss, backdoorSuccess(phase)};
            });
        }

        private double backdoorSuccess(int phase) {
            BackdoorPhrase phrase = rules.evaluation().backdoor();
            int target = phrase.target().size();
            return phrase.success(device.forward().likeliest(layout, readings.backdoor(row, phase), target));
        }

        @Override
        public double validationLoss(Snapshot candidate, int turn, PhaseShares shares) {
            return validationLosses(List.of(candidate), turn, shares)[0];
        }

        @Override
        public double[] validationLosses(List<Snapshot> candidates, int turn, PhaseShares shares) {
            double[] losses = new double[candidates.size()];
            int most = readings.validationPlaces(passes);
            for (int at = 0; at < losses.length; at += most) {
                List<Snapshot> some = candidates.subList(at, Math.min(losses.length, at + most));
                double[] found = withRows(
                        some.stream().map(Snapshot::parameters).toList(),
                        rows -> shares.mean(phase -> validationLosses(rows, some, turn, phase)));
                System.arraycopy(found, 0, losses, at, found.length);
            }
            return losses;
        }

        private double[] validationLosses(List<NDArray> rows, List<Snapshot> candidates, int turn, int phase) {
            List<ForwardPasses.Reading> all = new ArrayList<>();
            for (int k = 0; k < rows.size(); k++) {
                all.add(readings.validation(
                        rows.get(k), phase, candidates.get(k).user(), turn));
            }
            return device.forward().losses(layout, all, all.size());
        }

        @Override
        public UtilityRow utility(MixingInput input, PhaseShares shares) {
            boolean changes = rules.predictions() != null && rules.predictions().changes();
            return new UtilityMeter(rules.utility().epsilon(), layout, changes)
                    .measure(user, input, shares, new LoraTrial(layout, rules, readings, device));
        }
    }

    private <T> T withRows(List<float[]> parameters, Function<List<NDArray>, T> use) {
        try (NDManager m = owner.newSubManager()) {
            return use.apply(parameters.stream()
                    .map(p -> ComputeDevice.array(m, p, p.length))
                    .toList());
        }
    }

    /** Results of forward passes with the user's adapter as it is, computed together with those of other users. */
    private static final class Ahead {
        /** Loss on the test set of a phase. */
        private final Map<Integer, Double> losses = new HashMap<>();
        /** Null if there are none. */
        private Predictions predictions;
    }

    /** A turn as a job of the device's workers. */
    final class Turn implements StepWorkers.Job {
        private final TurnTemplate.Turn turn;
        /** For the next {@link #advance}. */
        private Ahead foreseen = new Ahead();

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
            ahead = foreseen;
            foreseen = new Ahead();
            return turn.advance();
        }

        @Override
        public boolean paused() {
            return turn.paused();
        }

        /** The forward passes that the next {@link #advance} asks for. */
        List<ForwardStacks.Foreseen> foreseen() {
            List<ForwardStacks.Foreseen> all = new ArrayList<>();
            if (turn.testsNext()) {
                for (int p = 0; p < turn.plan().data().shares().length; p++) {
                    int phase = p;
                    if (turn.plan().data().shares()[phase] > 0) {
                        all.add(ForwardStacks.Foreseen.ofLoss(
                                layout,
                                readings.test(row, phase, turn.iteration()),
                                loss -> foreseen.losses.put(phase, loss)));
                    }
                }
            }
            if (turn.predictsNext()) {
                all.add(ForwardStacks.Foreseen.ofPredictions(
                        layout,
                        rules.predictions(),
                        readings.predictions(row, turn.plan().turn()),
                        found -> foreseen.predictions = found));
            }
            return all;
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
            return poisoned.of(honestBatch(), turn);
        }

        private TokenWindows honestBatch() {
            RandomStream places = RandomStream.of(rules.seed(), Purpose.BATCH, user, turn.iteration(), turn.pass());
            int only = turn.plan().data().only();
            if (only >= 0) {
                return TokenWindows.random(tokens(only), rules.batch(), rules.context(), places);
            }
            RandomStream phases =
                    RandomStream.of(rules.seed(), Purpose.DRIFT_BATCH, user, turn.iteration(), turn.pass());
            return TokenWindows.random(
                    i -> tokens(turn.plan().data().drawn(phases.uniform())), rules.batch(), rules.context(), places);
        }

        private int[] tokens(int phase) {
            return turn.plan().fineTune()
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

        /** @param later whether the loss is read only when it is needed */
        void stepped(PassLosses losses, int place, boolean later) {
            int iteration = turn.iteration();
            if (later) {
                turn.stepped(() -> losses.of(place));
            } else {
                turn.stepped(losses.of(place));
            }
            updates += turn.iteration() - iteration;
        }
    }
}
