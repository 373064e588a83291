package coterie.scenarios.learner.lora;

import coterie.actors.schedule.Mode;
import coterie.model.learn.LearningRules;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.CollaborationStrategy.PredictionForm;
import coterie.model.trust.Fidelity;
import coterie.model.trust.TrustStrategy;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.learner.Schedules;
import java.util.List;

/** How the users of a scenario learn under a strategy, and from which data. */
final class LoraRules {
    private LoraRules() {}

    /** Returns the data as a strategy divides it. */
    static FederatedDataset holding(FederatedDataset dataset, TrustStrategy strategy) {
        if (strategy.fineTuneShare() == 0) {
            return dataset;
        }
        List<UserData> users = dataset.users().stream()
                .map(u -> u.withFineTuneShare(strategy.fineTuneShare()))
                .toList();
        return new FederatedDataset(dataset.categories(), users, dataset.shared(), dataset.notes());
    }

    static LearningRules of(Scenario s, TrustStrategy strategy) {
        Scenario.Training t = s.training();
        Scenario.Trust trust = s.collaboration().trust();
        boolean released = s.collaboration().fidelity() == Fidelity.RELEASED;
        // The released code draws other sequences in every round; users that are not at the same turn could not compare
        // them.
        boolean changes = strategy.predictions() == PredictionForm.CHANGES;
        LearningRules.PredictionRules predictions = strategy.predictions() == PredictionForm.NONE
                ? null
                : predictions(trust, changes, released && !changes && s.time().mode() == Mode.SYNCHRONOUS);
        return new LearningRules(
                s.seed(),
                t.batchSize(),
                t.accumulationSteps(),
                t.context(),
                Schedules.of(t),
                s.collaboration().exchange(),
                s.evaluation().every(),
                new LearningRules.EvaluationRules(
                        s.evaluation().tokens(), s.evaluation().protocol() == Scenario.TestSet.RELEASED),
                new LearningRules.ValidationRules(trust.validationTokens(), released),
                predictions,
                s.model().evaluationDropout(),
                s.deviceFaults().any(),
                s.record().utility() == 0
                        ? null
                        : new LearningRules.UtilityRules(
                                s.record().utilityEpsilon(), predictions(trust, false, false)));
    }

    private static LearningRules.PredictionRules predictions(
            Scenario.Trust trust, boolean changes, boolean anewEachTurn) {
        return new LearningRules.PredictionRules(
                trust.topKLogits(),
                trust.sharedWindows(),
                trust.positions() == Scenario.Positions.LAST,
                changes,
                anewEachTurn);
    }
}
