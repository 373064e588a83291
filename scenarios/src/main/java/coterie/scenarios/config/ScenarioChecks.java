package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import coterie.model.trust.CollaborationStrategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Checks that involve several settings. */
final class ScenarioChecks {
    /** Largest number of tokens of one pass, which are indexed by an int. */
    private static final int MOST_TOKENS = Integer.MAX_VALUE - 8;

    private ScenarioChecks() {}

    /**
     * Checks a scenario.
     *
     * @param root all settings as a tree
     * @param at maps a key path to its location, for messages
     * @throws InputException for the first violation
     */
    static void check(Scenario s, ObjectNode root, UnaryOperator<String> at) {
        Strategy strategy = s.collaboration().strategy();
        for (Strategy each : all(s)) {
            CollaborationStrategy method = method(s, each, root);
            checkData(s, each, method, at);
        }
        if (s.evaluation().protocol() == Scenario.TestSet.RELEASED) {
            requireValidation(s, "the released evaluation", at);
        }
        requireWindow(s, at, "data.train_tokens", s.data().trainTokens());
        requireWindow(s, at, "data.test_tokens", s.data().testTokens());
        if (s.data().heterogeneity() == Scenario.Heterogeneity.MIXTURES) {
            checkMixtures(s, at);
        } else if (!s.data().mixtures().isEmpty()) {
            throw new InputException(
                    at.apply("data.mixtures") + ": only allowed with heterogeneity: mixtures, found heterogeneity "
                            + EnumNames.of(s.data().heterogeneity()));
        }
        if (s.checkpoints().path() != null) {
            InputFile.path(s.checkpoints().path(), at.apply("checkpoints.path"));
        }
        if (!strategy.trusts() && s.time().mode() == Mode.SYNCHRONOUS) {
            throw new InputException(
                    at.apply("time.mode") + ": " + strategy.label() + " is asynchronous, found synchronous");
        }
        if (!strategy.trusts() && s.collaboration().exchange() != Exchange.PARAMETERS) {
            throw new InputException(at.apply("collaboration.exchange") + ": " + strategy.label()
                    + " exchanges only parameters, found updates");
        }
        for (int k = 0; k < s.faults().crashes().size(); k++) {
            user(
                    s,
                    at,
                    "faults.crashes." + k + ".user",
                    s.faults().crashes().get(k).user());
        }
        for (int k = 0; k < s.time().partitions().size(); k++) {
            String path = "time.partitions." + k + ".groups";
            s.time().partitions().get(k).groups().forEach(group -> group.forEach(u -> user(s, at, path, u)));
        }
        long window = s.training().context() + 1L;
        if (s.training().batchSize() > MOST_TOKENS / window) {
            throw new InputException(at.apply("training.batch_size") + ": batch_size × (context + 1) must be at most "
                    + MOST_TOKENS
                    + " tokens, found " + s.training().batchSize() + " × " + window);
        }
        for (int k = 0; k < s.baselineSettings().size(); k++) {
            Strategy of = s.baselineSettings().get(k).strategy();
            if (!s.baselines().contains(of)) {
                throw new InputException(at.apply("baseline_settings." + k + ".strategy") + ": found " + of.label()
                        + ", allowed are the baselines: "
                        + String.join(
                                ", ",
                                s.baselines().stream().map(Strategy::label).toList()));
            }
        }
        Set<Strategy> baselines = new HashSet<>();
        for (Strategy b : s.baselines()) {
            if (b.equals(strategy) || !baselines.add(b)) {
                throw new InputException(at.apply("baselines") + ": " + b.label()
                        + (b.equals(strategy) ? " is the run's own strategy already" : " stands there twice"));
            }
        }
    }

    /** Returns the strategy of the run and its baselines. */
    private static List<Strategy> all(Scenario s) {
        List<Strategy> all = new ArrayList<>(List.of(s.collaboration().strategy()));
        s.baselines().stream().filter(b -> !all.contains(b)).forEach(all::add);
        return all;
    }

    private static CollaborationStrategy method(Scenario s, Strategy strategy, ObjectNode root) {
        return strategy.equals(s.collaboration().strategy())
                ? s.collaboration().method()
                : strategy.facts(Trees.block(root, Slot.STRATEGY.path()));
    }

    /** Checks that the data a strategy needs is available. */
    private static void checkData(
            Scenario s, Strategy strategy, CollaborationStrategy method, UnaryOperator<String> at) {
        int context = s.training().context();
        boolean predicts = method.predictions() != CollaborationStrategy.PredictionForm.NONE;
        if (predicts && s.data().sharedTokens() <= context) {
            throw new InputException(at.apply("data.shared_tokens") + ": " + strategy.label()
                    + " compares predictions on a shared set of at least "
                    + (context + 1) + " tokens (training.context + 1), found "
                    + s.data().sharedTokens());
        }
        if (method.needsValidationSet()) {
            requireValidation(s, strategy.label(), at);
        }
        if (method.fineTuneShare() > 0) {
            int tokens = s.data().trainTokens();
            long kept = Math.round(method.fineTuneShare() * tokens);
            long least = Math.min(kept == 0 ? Long.MAX_VALUE : kept, tokens - kept);
            if (least <= context) {
                throw new InputException(at.apply("collaboration.fine_tune_share") + ": " + strategy.label()
                        + " trains on " + (tokens - kept) + " of the train_tokens, then on the other " + kept
                        + "; both must be at least " + (context + 1) + " (training.context + 1), found share "
                        + method.fineTuneShare());
            }
        }
    }

    private static void requireValidation(Scenario s, String what, UnaryOperator<String> at) {
        int least = s.training().context() + 1;
        if (s.data().validationTokens() < least) {
            throw new InputException(at.apply("data.validation_tokens") + ": must be at least " + least
                    + " (training.context + 1) for " + what + ", found "
                    + s.data().validationTokens());
        }
    }

    private static void user(Scenario s, UnaryOperator<String> at, String path, int user) {
        if (user >= s.users()) {
            throw new InputException(at.apply(path) + ": users are 0 to " + (s.users() - 1) + ", found " + user);
        }
    }

    private static void requireWindow(Scenario s, UnaryOperator<String> at, String path, int tokens) {
        if (tokens <= s.training().context()) {
            throw new InputException(at.apply(path) + ": must be at least "
                    + (s.training().context() + 1) + " (training.context + 1), found " + tokens);
        }
    }

    private static void checkMixtures(Scenario s, UnaryOperator<String> at) {
        if (s.data().mixtures().size() != s.users()) {
            throw new InputException(at.apply("data.mixtures") + ": needs one map a user (" + s.users() + "), found "
                    + s.data().mixtures().size());
        }
        for (int u = 0; u < s.users(); u++) {
            Map<String, Double> m = s.data().mixtures().get(u);
            for (Map.Entry<String, Double> e : m.entrySet()) {
                if (e.getValue() == null) {
                    throw new InputException(
                            at.apply("data.mixtures." + u + "." + e.getKey()) + ": must be a share, found nothing");
                }
            }
            double sum = m.values().stream().mapToDouble(Double::doubleValue).sum();
            if (m.values().stream().anyMatch(x -> !(x >= 0)) || Math.abs(sum - 1) > 1e-6) {
                throw new InputException(
                        at.apply("data.mixtures." + u) + ": shares must not be negative and must sum to 1, found " + m);
            }
        }
    }
}
