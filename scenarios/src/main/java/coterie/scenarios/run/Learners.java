package coterie.scenarios.run;

import coterie.actors.schedule.Mode;
import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.LearningRules;
import coterie.model.learn.OneCycle;
import coterie.model.learn.Schedule;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.CollaborationStrategy.PredictionForm;
import coterie.model.trust.Fidelity;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The learners of a run's users on this machine, each on one of its devices. Thread-safe. */
final class Learners implements AutoCloseable {
    private final List<LearningDevice> devices;
    private final int[] users;
    private final TrustManager.Rules trust;
    private final FederatedDataset holding;
    private final LearningRules rules;
    private final Starts starts;
    private final AdapterLayout layout;
    private final List<Learner> made = new ArrayList<>();
    private boolean closed;

    /**
     * @param dataset with the tokens of these users
     * @param users on this machine, ascending; they take the devices in turn
     * @param devices with the scenario's base on them; they stay the caller's
     */
    Learners(Loaded loaded, AdapterLayout layout, FederatedDataset dataset, int[] users, List<LearningDevice> devices) {
        this.devices = devices;
        this.users = users.clone();
        trust = Strategies.rules(loaded.scenario(), dataset.mixtures(), layout);
        holding = holding(dataset, trust.strategy());
        rules = rules(loaded.scenario(), trust.strategy());
        this.layout = layout;
        starts = new Starts(loaded, layout);
    }

    /**
     * Makes a user's learner.
     *
     * @throws IllegalArgumentException if the user is not on this machine
     * @throws IllegalStateException if this is closed
     */
    synchronized Learner of(int user) {
        int place = Arrays.binarySearch(users, user);
        if (place < 0) {
            throw new IllegalArgumentException("user " + user + " is not on this machine");
        }
        if (closed) {
            throw new IllegalStateException("the run is over on this machine");
        }
        Learner learner = devices.get(place % devices.size())
                .learner(user, holding, layout, starts.row(user), rules, new TrustManager(user, trust));
        made.add(learner);
        return learner;
    }

    /** Closes them all, whatever they are computing. */
    @Override
    public synchronized void close() {
        closed = true;
        devices.forEach(LearningDevice::settle);
        made.forEach(Learner::close);
    }

    /** The data as a strategy divides it. */
    private static FederatedDataset holding(FederatedDataset dataset, TrustStrategy strategy) {
        if (strategy.fineTuneShare() == 0) {
            return dataset;
        }
        List<UserData> users = dataset.users().stream()
                .map(u -> u.withFineTuneShare(strategy.fineTuneShare()))
                .toList();
        return new FederatedDataset(dataset.categories(), users, dataset.shared(), dataset.notes());
    }

    private static LearningRules rules(Scenario s, TrustStrategy strategy) {
        Scenario.Training t = s.training();
        Scenario.Trust trust = s.collaboration().trust();
        boolean released = s.collaboration().fidelity() == Fidelity.RELEASED;
        Schedule schedule = t.schedule() == Scenario.ScheduleKind.CONSTANT
                ? Schedule.constant(t.learningRate())
                : new OneCycle(
                        t.scheduleIterations() == null ? t.iterations() : t.scheduleIterations(),
                        t.learningRate(),
                        t.warmup(),
                        t.startDivisor(),
                        t.endDivisor());
        // The released code draws other sequences in every round; users that are not at the same turn could not compare
        // them.
        boolean changes = strategy.predictions() == PredictionForm.CHANGES;
        LearningRules.PredictionRules predictions = strategy.predictions() == PredictionForm.NONE
                ? null
                : new LearningRules.PredictionRules(
                        trust.topKLogits(),
                        trust.sharedWindows(),
                        trust.positions() == Scenario.Positions.LAST,
                        changes,
                        released && !changes && s.time().mode() == Mode.SYNCHRONOUS);
        return new LearningRules(
                s.seed(),
                t.batchSize(),
                t.accumulationSteps(),
                t.context(),
                schedule,
                s.collaboration().exchange(),
                s.evaluation().every(),
                new LearningRules.EvaluationRules(
                        s.evaluation().tokens(), s.evaluation().protocol() == Scenario.TestSet.RELEASED),
                new LearningRules.ValidationRules(trust.validationTokens(), released),
                predictions,
                s.model().evaluationDropout(),
                s.faults().faults().any());
    }
}
