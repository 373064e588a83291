package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Checks that involve several settings. */
final class ScenarioChecks {
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
        checkLearner(s, root, at);
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

    private static void checkLearner(Scenario s, ObjectNode root, UnaryOperator<String> at) {
        LearnerType learner = s.model().learner();
        String name = root.at("/model/learner").asText();
        if (s.data().source().data() != learner.task().data()) {
            throw new InputException(at.apply("data.source") + ": model.learner " + name + " learns from "
                    + kind(learner.task().data()) + ", found "
                    + root.at("/data/source").asText() + ", a source of "
                    + kind(s.data().source().data()) + "; coterie list sources shows all");
        }
        learner.unused().forEach(key -> requireDefault(root, key, name, at));
        for (Strategy each : all(s)) {
            CollaborationStrategy method = method(s, each, root);
            if (method.predictions() != CollaborationStrategy.PredictionForm.NONE && !learner.predicts()) {
                boolean own = each.equals(s.collaboration().strategy());
                throw new InputException(at.apply(own ? "collaboration.strategy" : "baselines") + ": " + each.label()
                        + " compares predictions on a shared set, which users with model.learner " + name
                        + " do not send; allowed: " + String.join(", ", withoutPredictions(s, root)));
            }
            learner.check(s, each, method, at);
        }
        learner.check(s, at);
    }

    private static String kind(Task.Data data) {
        return data.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> withoutPredictions(Scenario s, ObjectNode root) {
        return Strategy.all().stream()
                .filter(each -> method(s, each, root).predictions() == CollaborationStrategy.PredictionForm.NONE)
                .map(Strategy::label)
                .toList();
    }

    /** Requires that a setting, or every setting of a block, has its default, as written or as filled in. */
    private static void requireDefault(ObjectNode root, String key, String learner, UnaryOperator<String> at) {
        ObjectNode filled = Defaults.root().deepCopy();
        OpenSettings.fill(filled);
        Set<String> all = Trees.node(filled, key) instanceof ObjectNode block
                ? Trees.leaves(block).stream().map(k -> Trees.join(key, k)).collect(Collectors.toSet())
                : Set.of(key);
        for (String each : new TreeSet<>(all)) {
            JsonNode found = Trees.node(root, each);
            if (!equal(found, Trees.node(filled, each)) && !equal(found, Trees.node(Defaults.root(), each))) {
                throw new InputException(at.apply(each) + ": has no effect with model.learner " + learner
                        + " and must be left at its default, " + LocatedTree.kind(Trees.node(filled, each))
                        + "; found " + LocatedTree.kind(found));
            }
        }
    }

    private static boolean equal(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.doubleValue() == b.doubleValue() : a.equals(b);
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

    private static void user(Scenario s, UnaryOperator<String> at, String path, int user) {
        if (user >= s.users()) {
            throw new InputException(at.apply(path) + ": users are 0 to " + (s.users() - 1) + ", found " + user);
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
