package coterie.scenarios.config;

import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What no single setting can know: whether they fit together. */
final class ScenarioChecks {
    /** Token ids of one pass, which Java numbers with an int. */
    private static final int MOST_TOKENS = Integer.MAX_VALUE - 8;

    private ScenarioChecks() {}

    /**
     * @param at gives a key path its file and line
     * @throws InputException for the first thing that does not fit
     */
    static void check(Scenario s, UnaryOperator<String> at) {
        Strategy strategy = s.collaboration().strategy();
        boolean shared =
                strategy == Strategy.PREDICTION_SIMILARITY || s.baselines().contains(Strategy.PREDICTION_SIMILARITY);
        if (shared && s.data().sharedTokens() <= s.training().context()) {
            throw new InputException(at.apply("data.shared_tokens")
                    + ": prediction-similarity compares predictions on a shared set of at least "
                    + (s.training().context() + 1) + " tokens (training.context + 1), found "
                    + s.data().sharedTokens());
        }
        boolean validation = strategy == Strategy.VALIDATION_PERFORMANCE
                || s.baselines().contains(Strategy.VALIDATION_PERFORMANCE)
                || s.evaluation().protocol() == Scenario.TestSet.RELEASED;
        if (validation && s.data().validationTokens() <= s.training().context()) {
            throw new InputException(at.apply("data.validation_tokens") + ": must be at least "
                    + (s.training().context() + 1)
                    + " (training.context + 1) for validation-performance and for the released evaluation, found "
                    + s.data().validationTokens());
        }
        tooShort(s, at, "data.train_tokens", s.data().trainTokens());
        tooShort(s, at, "data.test_tokens", s.data().testTokens());
        if (strategy == Strategy.FEDAVG_THEN_LOCAL || s.baselines().contains(Strategy.FEDAVG_THEN_LOCAL)) {
            long kept = Math.round(s.collaboration().fineTuneShare() * s.data().trainTokens());
            long least = Math.min(kept == 0 ? Long.MAX_VALUE : kept, s.data().trainTokens() - kept);
            if (least <= s.training().context()) {
                throw new InputException(at.apply("collaboration.fine_tune_share") + ": fedavg-then-local trains on "
                        + (s.data().trainTokens() - kept)
                        + " of the train_tokens, then on the other " + kept + "; both must be at least "
                        + (s.training().context() + 1)
                        + " (training.context + 1), found share "
                        + s.collaboration().fineTuneShare());
            }
        }
        if (s.data().heterogeneity() == Scenario.Heterogeneity.MIXTURES) {
            checkMixtures(s, at);
        } else if (!s.data().mixtures().isEmpty()) {
            throw new InputException(
                    at.apply("data.mixtures") + ": counts only with heterogeneity: mixtures, found heterogeneity "
                            + RecordReader.kebab(s.data().heterogeneity().name()));
        }
        if (!s.data().source().startsWith("builtin:") && s.data().path() == null) {
            throw new InputException(
                    at.apply("data.path") + ": source " + s.data().source() + " needs a path");
        }
        if (s.checkpoints().path() != null) {
            InputFile.path(s.checkpoints().path(), at.apply("checkpoints.path"));
        }
        if (!strategy.trusts() && s.time().mode() == Mode.SYNCHRONOUS) {
            throw new InputException(at.apply("time.mode") + ": " + strategy.label()
                    + " is asynchronous by its nature, found synchronous");
        }
        if (!strategy.trusts() && s.collaboration().exchange() != Exchange.PARAMETERS) {
            throw new InputException(at.apply("collaboration.exchange") + ": " + strategy.label()
                    + " knows only parameters, found updates");
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
        Scenario.Trust trust = s.collaboration().trust();
        if (trust.compare() == Scenario.Compare.CHANGES && trust.normalise() != null) {
            throw new InputException(at.apply("collaboration.trust.normalise")
                    + ": counts only with compare: logits, found compare: changes");
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
            if (b == strategy || !baselines.add(b)) {
                throw new InputException(at.apply("baselines") + ": " + b.label()
                        + (b == strategy ? " is the run's own strategy already" : " stands there twice"));
            }
        }
    }

    private static void user(Scenario s, UnaryOperator<String> at, String path, int user) {
        if (user >= s.users()) {
            throw new InputException(at.apply(path) + ": users are 0 to " + (s.users() - 1) + ", found " + user);
        }
    }

    private static void tooShort(Scenario s, UnaryOperator<String> at, String path, int tokens) {
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
