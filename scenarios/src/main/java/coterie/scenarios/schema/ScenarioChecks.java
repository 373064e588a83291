package coterie.scenarios.schema;

import coterie.actors.life.Mode;
import coterie.model.trust.Mixing;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What no single setting can know: whether they fit together. */
final class ScenarioChecks {
    private ScenarioChecks() {
    }

    /** @param at gives a key path its file and line @throws InputException for the first thing that does not fit */
    static void check(Scenario s, UnaryOperator<String> at) {
        Strategy strategy = s.collaboration().strategy();
        boolean shared = strategy == Strategy.PREDICTION_SIMILARITY || s.baselines().contains(Strategy.PREDICTION_SIMILARITY);
        if (shared && s.data().sharedTokens() <= s.training().context()) {
            throw new InputException(at.apply("data.shared_tokens") + ": prediction-similarity compares predictions on a shared set of at least "
                    + (s.training().context() + 1) + " tokens (training.context + 1), found " + s.data().sharedTokens());
        }
        boolean validation = strategy == Strategy.VALIDATION_PERFORMANCE || s.baselines().contains(Strategy.VALIDATION_PERFORMANCE)
                || s.evaluation().protocol() == Scenario.TestSet.RELEASED;
        if (validation && s.data().validationTokens() <= s.training().context()) {
            throw new InputException(at.apply("data.validation_tokens") + ": must be at least " + (s.training().context() + 1)
                    + " (training.context + 1) for validation-performance and for the released evaluation, found " + s.data().validationTokens());
        }
        tooShort(s, at, "data.train_tokens", s.data().trainTokens());
        tooShort(s, at, "data.test_tokens", s.data().testTokens());
        if (s.data().heterogeneity() == Scenario.Heterogeneity.MIXTURES) {
            checkMixtures(s, at);
        } else if (!s.data().mixtures().isEmpty()) {
            throw new InputException(at.apply("data.mixtures") + ": counts only with heterogeneity: mixtures, found heterogeneity "
                    + ScenarioReader.kebab(s.data().heterogeneity().name()));
        }
        if (!s.data().source().startsWith("builtin:") && s.data().path() == null) {
            throw new InputException(at.apply("data.path") + ": source " + s.data().source() + " needs a path");
        }
        if (!strategy.trusts() && s.time().mode() == Mode.SYNCHRONOUS) {
            throw new InputException(at.apply("time.mode") + ": " + strategy.label() + " is asynchronous by its nature, found synchronous");
        }
        if (!strategy.trusts() && s.collaboration().exchange() != Mixing.Exchange.PARAMETERS) {
            throw new InputException(at.apply("collaboration.exchange") + ": " + strategy.label() + " knows only parameters, found updates");
        }
        for (int k = 0; k < s.faults().crashes().size(); k++) {
            if (s.faults().crashes().get(k).user() >= s.users()) {
                throw new InputException(at.apply("faults.crashes." + k + ".user") + ": users are 0 to " + (s.users() - 1) + ", found "
                        + s.faults().crashes().get(k).user());
            }
        }
        if (!s.topology().needsCategories()) {
            try {
                Worlds.of(s, null);
            } catch (IllegalArgumentException e) {
                String[] parts = e.getMessage().split(": ", 2);
                throw new InputException(at.apply(parts[0]) + ": " + parts[1]);
            }
        }
        if (s.baselines().contains(strategy)) {
            throw new InputException(at.apply("baselines") + ": " + strategy.label() + " is the run's own strategy already");
        }
    }

    private static void tooShort(Scenario s, UnaryOperator<String> at, String path, int tokens) {
        if (tokens <= s.training().context()) {
            throw new InputException(at.apply(path) + ": must be at least " + (s.training().context() + 1) + " (training.context + 1), found " + tokens);
        }
    }

    private static void checkMixtures(Scenario s, UnaryOperator<String> at) {
        if (s.data().mixtures().size() != s.users()) {
            throw new InputException(at.apply("data.mixtures") + ": needs one map a user (" + s.users() + "), found " + s.data().mixtures().size());
        }
        for (int u = 0; u < s.users(); u++) {
            Map<String, Double> m = s.data().mixtures().get(u);
            double sum = m.values().stream().mapToDouble(Double::doubleValue).sum();
            if (m.values().stream().anyMatch(x -> !(x >= 0)) || Math.abs(sum - 1) > 1e-6) {
                throw new InputException(at.apply("data.mixtures." + u) + ": shares must not be negative and must sum to 1, found " + m);
            }
        }
    }
}
