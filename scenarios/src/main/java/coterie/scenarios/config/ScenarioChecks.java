package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.schedule.Mode;
import coterie.model.attack.Attack;
import coterie.model.attack.Backdoor;
import coterie.model.attack.Mimic;
import coterie.model.attack.ValidationBaiting;
import coterie.model.attack.Wrapping;
import coterie.model.exchange.Exchange;
import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import coterie.topology.adversary.Adversaries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks that involve several settings. */
final class ScenarioChecks {
    private ScenarioChecks() {}

    /**
     * Checks a scenario.
     *
     * @param root all settings as a tree
     * @param mistakes receives the violations, except those that may follow from other mistakes
     */
    static void check(Scenario s, ObjectNode root, Mistakes mistakes) {
        Strategy strategy = s.collaboration().strategy();
        checkMixtures(s, mistakes);
        checkGroups(s, mistakes);
        if (s.checkpoints().path() != null) {
            mistakes.collect(at -> InputFile.path(s.checkpoints().path(), at.apply("checkpoints.path")));
        }
        if (mistakes.clean("collaboration.strategy") && !strategy.trusts()) {
            if (s.time().mode() == Mode.SYNCHRONOUS) {
                mistakes.add("time.mode", strategy.label() + " is asynchronous, found synchronous");
            }
            if (s.collaboration().exchange() != Exchange.PARAMETERS) {
                mistakes.add("collaboration.exchange", strategy.label() + " exchanges only parameters, found updates");
            }
        }
        if (mistakes.clean("users")) {
            checkUsers(s, mistakes);
            checkDrift(s, mistakes);
            checkAdversaries(s, mistakes);
        }
        checkBaselines(s, mistakes);
        if (s.record().utility() > 0 && mistakes.clean("collaboration", "model.learner", "record.utility")) {
            checkUtility(s, root, mistakes);
        }
        if (mistakes.clean("model.learner")) {
            checkLearner(s, root, mistakes);
        }
    }

    /** Utility is measured when users mix the parameters of others by trust. */
    private static void checkUtility(Scenario s, ObjectNode root, Mistakes mistakes) {
        Strategy strategy = s.collaboration().strategy();
        String impossible = !strategy.trusts()
                ? "is measured when users mix by trust, and " + strategy.label() + " is a protocol of its own"
                : s.collaboration().exchange() != Exchange.PARAMETERS
                        ? "needs the parameters of neighbours, which collaboration.exchange: updates does not send"
                        : !s.model().learner().measuresUtility()
                                ? "cannot be measured by users with model.learner "
                                        + root.at("/model/learner").asText()
                                : null;
        if (impossible != null) {
            mistakes.add(
                    "record.utility",
                    impossible + ": must be 0, found " + s.record().utility());
        }
    }

    private static void checkBaselines(Scenario s, Mistakes mistakes) {
        String allowed =
                String.join(", ", s.baselines().stream().map(Strategy::label).toList());
        for (int k = 0; k < s.baselineSettings().size() && mistakes.clean("baselines"); k++) {
            Strategy of = s.baselineSettings().get(k).strategy();
            if (!s.baselines().contains(of)) {
                mistakes.add(
                        "baseline_settings." + k + ".strategy",
                        "found " + of.label() + ", allowed are the baselines: " + allowed);
            }
        }
        Set<Strategy> baselines = new HashSet<>();
        for (Strategy b : s.baselines()) {
            boolean own = mistakes.clean("collaboration.strategy")
                    && b.equals(s.collaboration().strategy());
            if (own || !baselines.add(b)) {
                mistakes.add(
                        "baselines", b.label() + (own ? " is the run's own strategy already" : " stands there twice"));
            }
        }
    }

    private static void checkUsers(Scenario s, Mistakes mistakes) {
        for (int k = 0; k < s.faults().crashes().size(); k++) {
            checkUser(
                    s,
                    mistakes,
                    "faults.crashes." + k + ".user",
                    s.faults().crashes().get(k).user());
        }
        for (int k = 0; k < s.time().partitions().size(); k++) {
            String path = "time.partitions." + k + ".groups";
            s.time().partitions().get(k).groups().forEach(group -> group.forEach(u -> checkUser(s, mistakes, path, u)));
        }
    }

    private static void checkDrift(Scenario s, Mistakes mistakes) {
        List<DataDrift> all = s.data().drift();
        for (int k = 0; k < all.size() && mistakes.clean("data.drift"); k++) {
            if (all.get(k).mixture() != null) {
                checkMixture("data.drift." + k + ".mixture", all.get(k).mixture(), mistakes);
            }
        }
        if (mistakes.clean("data.drift", "seed")) {
            try {
                DataDrift.of(s);
            } catch (IllegalArgumentException e) {
                String[] message = e.getMessage().split(": ", 2);
                mistakes.add(message[0], message[1]);
            }
        }
    }

    private static void checkAdversaries(Scenario s, Mistakes mistakes) {
        for (int k = 0; k < s.adversaries().size() && mistakes.clean("adversaries"); k++) {
            Attack attack = s.adversaries().get(k).attack();
            if ((attack.flipsLabels() || attack.baits() >= 0)
                    && mistakes.clean("model.learner")
                    && !s.model().learner().flipsLabels()) {
                mistakes.add(
                        "adversaries." + k + ".attack.kind",
                        "users with this model.learner cannot train on flipped labels");
            }
            boolean text = attack.replacedTokens() > 0 || attack.backdoored() > 0;
            if (text && mistakes.clean("model.learner") && s.task().data() != Task.Data.TEXT) {
                mistakes.add(
                        "adversaries." + k + ".attack.kind",
                        "poisons text, and users with this model.learner learn from "
                                + kind(s.task().data()));
            }
        }
        checkBackdoors(s, mistakes);
        if (mistakes.clean("adversaries", "seed", "collaboration.strategy")) {
            try {
                Adversaries adversaries = UserAttack.of(s).adversaries();
                for (int k = 0; k < s.adversaries().size(); k++) {
                    checkNamed(
                            s, adversaries, s.adversaries().get(k).attack(), "adversaries." + k + ".attack", mistakes);
                }
            } catch (IllegalArgumentException e) {
                String[] message = e.getMessage().split(": ", 2);
                mistakes.add(message[0], message[1]);
            }
        }
    }

    /** All backdoors of a run have one phrase: its success is one metric. */
    private static void checkBackdoors(Scenario s, Mistakes mistakes) {
        List<Backdoor> all = UserAttack.backdoors(s);
        boolean one = all.stream()
                .allMatch(b -> b.trigger().equals(all.get(0).trigger())
                        && b.target().equals(all.get(0).target()));
        if (!one && mistakes.clean("adversaries")) {
            mistakes.add("adversaries", "all backdoors must have the same trigger and target");
        }
    }

    /** Checks users that attacks name: attackers know nothing of one another. */
    private static void checkNamed(Scenario s, Adversaries adversaries, Attack attack, String path, Mistakes mistakes) {
        if (attack instanceof Wrapping w && w.attack() != null) {
            checkNamed(s, adversaries, w.attack(), Trees.join(path, "attack"), mistakes);
        }
        if (attack instanceof Mimic m && m.user() != null) {
            checkHonest(s, adversaries, m.user(), Trees.join(path, "user"), mistakes);
        }
        if (attack instanceof ValidationBaiting b) {
            checkHonest(s, adversaries, b.victim(), Trees.join(path, "victim"), mistakes);
        }
    }

    private static void checkHonest(Scenario s, Adversaries adversaries, int user, String path, Mistakes mistakes) {
        if (user >= s.users()) {
            checkUser(s, mistakes, path, user);
        } else if (adversaries.contains(user)) {
            mistakes.add(path, "must be a user that never attacks, found " + user);
        } else if (user == s.collaboration().method().server().orElse(-1)) {
            mistakes.add(path, "must be a user that trains, found the server, " + user);
        }
    }

    private static void checkUser(Scenario s, Mistakes mistakes, String path, int user) {
        if (user >= s.users()) {
            mistakes.add(path, "users are 0 to " + (s.users() - 1) + ", found " + user);
        }
    }

    private static void checkLearner(Scenario s, ObjectNode root, Mistakes mistakes) {
        LearnerType learner = s.model().learner();
        String name = root.at("/model/learner").asText();
        if (mistakes.clean("data.source")
                && s.data().source().data() != learner.task().data()) {
            mistakes.add(
                    "data.source",
                    "model.learner " + name + " learns from "
                            + kind(learner.task().data()) + ", found "
                            + root.at("/data/source").asText() + ", a source of "
                            + kind(s.data().source().data()) + "; coterie list sources shows all");
        }
        requireDefaults(root, learner, name, mistakes);
        if (!learner.drifts() && !s.data().drift().isEmpty() && mistakes.clean("data.drift")) {
            mistakes.add(
                    "data.drift",
                    "users with model.learner " + name + " cannot learn from data that changes: must be [], found "
                            + LocatedTree.kind(root.at("/data/drift")));
        }
        boolean fit = mistakes.clean("data", "training", "collaboration", "evaluation");
        for (Strategy each : mistakes.clean("collaboration.strategy", "baselines") ? all(s) : List.<Strategy>of()) {
            CollaborationStrategy method = method(s, each, root);
            if (method.predictions() != CollaborationStrategy.PredictionForm.NONE && !learner.predicts()) {
                boolean own = each.equals(s.collaboration().strategy());
                mistakes.add(
                        own ? "collaboration.strategy" : "baselines",
                        each.label() + " compares predictions on a shared set, which users with model.learner " + name
                                + " do not send; allowed: " + String.join(", ", withoutPredictions(s, root)));
            } else if (fit) {
                mistakes.collect(at -> learner.check(s, each, method, at));
            }
        }
        if (fit) {
            mistakes.collect(at -> learner.check(s, at));
        }
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

    /** Requires that settings without effect have their default, as written or as filled in. */
    private static void requireDefaults(ObjectNode root, LearnerType learner, String name, Mistakes mistakes) {
        ObjectNode filled = Defaults.root().deepCopy();
        OpenSettings.fill(filled);
        List<String> changed = new ArrayList<>();
        for (String key : learner.unused()) {
            Set<String> all = Trees.node(filled, key) instanceof ObjectNode block
                    ? Trees.leaves(block).stream().map(k -> Trees.join(key, k)).collect(Collectors.toSet())
                    : Set.of(key);
            for (String each : new TreeSet<>(all)) {
                JsonNode found = Trees.node(root, each);
                if (!equal(found, Trees.node(filled, each)) && !equal(found, Trees.node(Defaults.root(), each))) {
                    changed.add(each);
                }
            }
        }
        // What was filled in differently follows from a setting that was given.
        List<String> given = changed.stream().filter(mistakes::given).toList();
        for (String key : given.isEmpty() ? changed.stream().limit(1).toList() : given) {
            mistakes.add(
                    key,
                    "has no effect with model.learner " + name + " and must be left at its default, "
                            + LocatedTree.kind(Trees.node(filled, key)) + "; found "
                            + LocatedTree.kind(Trees.node(root, key)));
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

    private static void checkMixtures(Scenario s, Mistakes mistakes) {
        if (!mistakes.clean("data.heterogeneity", "data.mixtures")) {
            return;
        }
        List<Map<String, Double>> all = s.data().mixtures();
        if (s.data().heterogeneity() != DataSettings.Heterogeneity.MIXTURES) {
            if (!all.isEmpty()) {
                mistakes.add(
                        "data.mixtures",
                        "only allowed with heterogeneity: mixtures, found heterogeneity "
                                + EnumNames.of(s.data().heterogeneity()));
            }
            return;
        }
        for (int u = 0; u < all.size(); u++) {
            checkMixture("data.mixtures." + u, all.get(u), mistakes);
        }
        if (mistakes.clean("users") && all.size() != s.users()) {
            mistakes.add("data.mixtures", "needs one map a user (" + s.users() + "), found " + all.size());
        }
    }

    private static void checkGroups(Scenario s, Mistakes mistakes) {
        for (int k = 0; k < s.groups().size() && mistakes.clean("groups"); k++) {
            UserGroup.GroupData data = s.groups().get(k).data();
            if (data != null && data.mixture() != null) {
                checkMixture("groups." + k + ".data.mixture", data.mixture(), mistakes);
            }
        }
    }

    private static void checkMixture(String path, Map<String, Double> m, Mistakes mistakes) {
        for (Map.Entry<String, Double> e : m.entrySet()) {
            if (e.getValue() == null) {
                mistakes.add(path + "." + e.getKey(), "must be a share, found nothing");
            }
        }
        double sum = m.values().stream()
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sum();
        if (m.values().stream().anyMatch(x -> x != null && !(x >= 0)) || Math.abs(sum - 1) > 1e-6) {
            mistakes.add(path, "shares must not be negative and must sum to 1, found " + m);
        }
    }
}
