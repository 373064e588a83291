package coterie.scenarios.learner.lora;

import coterie.actors.schedule.Mode;
import coterie.model.attack.Backdoor;
import coterie.model.learn.BackdoorPhrase;
import coterie.model.learn.LearningRules;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.model.text.UserData;
import coterie.model.trust.CollaborationStrategy.PredictionForm;
import coterie.model.trust.Fidelity;
import coterie.model.trust.TrustStrategy;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserAttack;
import coterie.scenarios.learner.Schedules;
import java.util.Arrays;
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

    /**
     * Returns the phrase of a scenario's backdoors; null if it has none. A blank precedes trigger and target, as in the
     * middle of a text.
     *
     * @throws InputException if it does not fit into a sequence
     */
    static BackdoorPhrase backdoor(Loaded loaded, Tokenizer tokenizer) {
        List<Backdoor> all = UserAttack.backdoors(loaded.scenario());
        if (all.isEmpty()) {
            return null;
        }
        Backdoor first = all.get(0);
        BackdoorPhrase phrase =
                new BackdoorPhrase(tokens(tokenizer, first.trigger()), tokens(tokenizer, first.target()));
        int context = loaded.scenario().training().context();
        if (phrase.trigger().isEmpty() || phrase.target().isEmpty() || phrase.length() > context) {
            throw new InputException(loaded.at("adversaries") + ": trigger and target of a backdoor have "
                    + phrase.trigger().size() + " and " + phrase.target().size()
                    + " tokens; each must have one, and both together at most training.context, " + context);
        }
        return phrase;
    }

    private static List<Integer> tokens(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(" " + text)).boxed().toList();
    }

    /** @param backdoor null if there is none */
    static LearningRules of(Scenario s, TrustStrategy strategy, BackdoorPhrase backdoor) {
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
                        s.evaluation().tokens(), s.evaluation().protocol() == Scenario.TestSet.RELEASED, backdoor),
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
