package coterie.model.learn;

import coterie.model.exchange.Exchange;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.task.Task;
import coterie.model.trust.Probe;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/**
 * The steps of a turn that do not depend on the model: saving, mixing or restoring, evaluating at the iterations at
 * which it is due, computing updates, detecting divergence, publishing. A learner supplies a {@link TrainedModel} and
 * computes the training steps.
 *
 * <p>A turn can be suspended between two steps, so that turns of many users can share threads. Not thread-safe: a user
 * does one turn at a time.
 */
final class TurnTemplate {
    private final int user;
    private final Task task;
    private final TurnRules rules;
    private final TrustManager trustManager;
    private final TrainedModel model;
    /** Null unless the strategy compares predictions. */
    private final SharedPredictions shared;

    /** Initial parameters; null unless the user's device may fail. */
    private final float[] start;
    /** Parameters that the next update is the difference from; null unless updates are exchanged. */
    private float[] before;
    /** Whether the last turn was published. The next update is then the difference from its end. */
    private boolean published;
    /** The model's parameters after the last turn, if they have been read from the device; otherwise null. */
    private float[] last;
    /** The device's last save; null if there is none. */
    private LearnerState.DeviceSave saved;

    /**
     * Creates a user before its first turn.
     *
     * @param start the model's initial parameters [P]
     * @param shared the user's predictions on the shared set; null unless the strategy compares them
     */
    TurnTemplate(
            int user,
            Task task,
            TurnRules rules,
            float[] start,
            TrustManager trustManager,
            TrainedModel model,
            SharedPredictions shared) {
        this.user = user;
        this.task = task;
        this.rules = rules;
        this.trustManager = trustManager;
        this.model = model;
        this.shared = shared;
        this.start = rules.crashes() ? start : null;
        before = exchangesUpdates() ? start : null;
    }

    private boolean exchangesUpdates() {
        return rules.exchange() == Exchange.UPDATES;
    }

    LearnerState state() {
        return new LearnerState(
                model.parameters(),
                model.optimiser(),
                before,
                published,
                saved,
                shared == null ? null : shared.state(),
                trustManager.state());
    }

    void restore(LearnerState s) {
        model.assign(s.parameters());
        model.restore(s.optimiser());
        before = s.before();
        published = s.published();
        saved = s.saved();
        last = null;
        if (shared != null) {
            shared.restore(s.predicted());
        }
        trustManager.restore(s.trust());
    }

    private void save(float[] parameters) {
        saved = new LearnerState.DeviceSave(
                parameters, model.optimiser(), published ? null : before, shared == null ? null : shared.state());
        trustManager.save();
    }

    /** @return parameters that the next update is the difference from */
    private float[] restoreSaved() {
        LearnerState.DeviceSave s = saved != null ? saved : new LearnerState.DeviceSave(start, null, null, null);
        model.assign(s.parameters());
        model.restore(s.optimiser());
        if (shared != null) {
            shared.restore(s.predicted());
        }
        trustManager.goBack();
        return s.before() != null ? s.before() : s.parameters();
    }

    Turn begin(TurnPlan plan, TurnProgress progress) {
        return new Turn(plan, progress);
    }

    /** A turn under way, between two training steps. */
    final class Turn implements Probe {
        private final TurnPlan plan;
        private final TurnProgress progress;
        private final CompletableFuture<TurnOutcome> done = new CompletableFuture<>();
        private final List<TurnOutcome.Evaluation> evaluations = new ArrayList<>(1);
        /** Null once begun, so that snapshots of other users can be freed during the turn. */
        private TurnPlan.Beginning beginning;

        private TrustRow trust;
        private UtilityRow utility;
        private long mixedHash;
        private int iteration;
        private int pass;
        private final StepLosses losses = new StepLosses();
        private boolean begun;
        /** Whether the forward passes are due with which a turn begins, after mixing. */
        private boolean beginningEnds;
        /** Whether the next training step is due. It may wait for turns that are due earlier. */
        private boolean ready;
        /** Null while everything is finite. */
        private Divergence divergence;

        private Turn(TurnPlan plan, TurnProgress progress) {
            this.progress = progress;
            this.plan = plan.withoutBeginning();
            beginning = plan.beginning();
            iteration = plan.firstIteration();
        }

        /** Completes with the outcome when the turn ends. */
        CompletableFuture<TurnOutcome> done() {
            return done;
        }

        TurnProgress progress() {
            return progress;
        }

        TurnPlan plan() {
            return plan;
        }

        /** Number of the iteration of the next step. */
        int iteration() {
            return iteration;
        }

        /** Number of the next step within its iteration. */
        int pass() {
            return pass;
        }

        /** Whether training sees flipped labels of the user's own data. */
        boolean flipsLabels() {
            return plan.flipsLabels() || plan.baits() >= 0;
        }

        /** Which examples of the next step are not the user's own; null if all are. */
        Bait bait() {
            return plan.baits() < 0 ? null : new Bait(plan.baits(), user, iteration, pass);
        }

        /** Whether the next {@link #advance} evaluates the parameters as they are. */
        boolean testsNext() {
            return goesOn() && (beginningEnds ? plan.evaluateFirst() : evaluates());
        }

        /** Whether the next {@link #advance} predicts with the parameters as they are. */
        boolean predictsNext() {
            return goesOn()
                    && shared != null
                    && (beginningEnds && shared.predictsBeforeTraining() || iteration == end() && plan.publish());
        }

        private boolean goesOn() {
            settle();
            return begun && !ready && divergence == null;
        }

        /** Whether the last {@link #advance} ended before forward passes, and is to be called again. */
        boolean paused() {
            return beginningEnds;
        }

        /** Whether an evaluation is due between two steps. */
        private boolean evaluates() {
            return pass == 0 && iteration < end() && iteration % rules.evaluateEvery() == 0;
        }

        /**
         * Advances to the next training step, or to a pause.
         *
         * @return whether there is one; false if the turn has ended
         */
        boolean advance() {
            if (ready) {
                return true;
            }
            settle();
            if (!begun) {
                begun = true;
                begin();
                beginningEnds = true;
                if (model.pauses() && (testsNext() || predictsNext())) {
                    return true;
                }
            }
            if (beginningEnds) {
                endBeginning();
                beginningEnds = false;
            } else if (divergence == null && evaluates()) {
                evaluate();
            }
            if (divergence == null && iteration < end()) {
                ready = true;
                return true;
            }
            done.complete(outcome().withUtility(utility));
            return false;
        }

        private int end() {
            return plan.firstIteration() + plan.iterations();
        }

        private void begin() {
            float[] left = last == null && (plan.save() || exchangesUpdates()) ? model.parameters() : last;
            last = null;
            if (plan.save()) {
                save(left);
            }
            if (beginning instanceof TurnPlan.Mix mix) {
                TrustManager.Mixed mixed = trustManager.mix(mix.input(), before, this, row -> {
                    trust = row;
                    utility = plan.utility() ? model.utility(mix.input(), plan.data()) : null;
                    progress.mixed(row, utility);
                });
                left = mixed.parameters();
                replace(left);
            } else if (beginning instanceof TurnPlan.Given given) {
                left = given.parameters();
                replace(left);
            } else if (beginning instanceof TurnPlan.LastSave) {
                left = restoreSaved();
            }
            // What was trained in turns that were not published belongs to the next update.
            boolean continues = beginning instanceof TurnPlan.Own && !published;
            before = !exchangesUpdates() ? null : continues ? before : left;
            beginning = null;
        }

        private void endBeginning() {
            if (plan.evaluateFirst()) {
                evaluate();
            }
            if (shared != null) {
                shared.trains(plan.turn());
            }
        }

        /** Replaces the parameters by others that were not trained here. */
        private void replace(float[] parameters) {
            model.assign(parameters);
            mixedHash = Snapshot.hash(parameters);
            if (shared != null) {
                shared.moved();
            }
        }

        private void evaluate() {
            TurnOutcome.Evaluation e =
                    new TurnOutcome.Evaluation(iteration, task.values(model.test(iteration, plan.data())));
            // If parameters are not finite, neither is the loss.
            if (e.isFinite()) {
                evaluations.add(e);
                progress.evaluated(e);
            } else {
                divergence = new Divergence(iteration, Divergence.Symptom.EVALUATION);
            }
        }

        @Override
        public double validationLoss(Snapshot candidate) {
            return model.validationLoss(candidate, plan.turn(), plan.data());
        }

        @Override
        public double[] validationLosses(List<Snapshot> candidates) {
            return model.validationLosses(candidates, plan.turn(), plan.data());
        }

        /** Counts a step that was computed with this loss. */
        void stepped(float stepLoss) {
            ready = false;
            if (!Float.isFinite(stepLoss)) {
                // The update of this step is not finite either.
                divergence = new Divergence(iteration, Divergence.Symptom.TRAINING_LOSS);
                return;
            }
            losses.add(stepLoss);
            count();
        }

        /** Counts a step that is under way. Its loss is asked for before a result that depends on it. */
        void stepped(DoubleSupplier stepLoss) {
            ready = false;
            losses.add(iteration, stepLoss);
            count();
        }

        /** Learns whether training has diverged, before a result is computed. */
        private void settle() {
            if (divergence == null && (evaluates() || iteration == end())) {
                divergence = losses.read();
            }
        }

        /** Counts a step whose loss was not computed. */
        void stepped() {
            ready = false;
            losses.add(Double.NaN);
            count();
        }

        private void count() {
            if (++pass == rules.passes()) {
                pass = 0;
                iteration++;
            }
        }

        private TurnOutcome outcome() {
            if (divergence != null) {
                return diverged();
            }
            float[] parameters = model.parameters();
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
                                model.layout(),
                                values,
                                trustManager.needsParameters() ? parameters : null,
                                predictions)
                        : new Snapshot(user, plan.turn(), iteration, model.layout(), values, predictions, hash);
            }
            published = plan.publish();
            last = exchangesUpdates() || rules.crashes() ? parameters : null;
            long passes = (long) plan.iterations() * rules.passes();
            double loss = losses.sum() / passes;
            trustManager.trained(loss);
            return new TurnOutcome(
                    trust, mixedHash, evaluations, loss, passes * rules.examples(), parameters, hash, snapshot);
        }

        private TurnOutcome diverged() {
            return TurnOutcome.diverged(trust, mixedHash, evaluations, divergence);
        }

        void fail(Throwable reason) {
            done.completeExceptionally(reason);
        }
    }
}
