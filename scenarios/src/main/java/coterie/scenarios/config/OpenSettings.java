package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Fills in unset settings whose default depends on the fidelity, the strategy or another setting. */
final class OpenSettings {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double RELEASED_BASE_DROPOUT = 0.2;
    private static final int SHARED_WINDOWS = 16;
    private static final int RELEASED_SHARED_WINDOWS = 200;
    private static final String COLLABORATION = Slot.STRATEGY.path();

    /** Settings filled in here, other than those of strategies. */
    private static final Set<String> FILLED = Set.of(
            "model.base_dropout",
            "model.evaluation_dropout",
            "model.adapter.init",
            "model.lora.rank",
            "model.lora.alpha",
            "model.lora.targets",
            "data.seed",
            "collaboration.trust.shared_windows",
            "collaboration.trust.positions",
            "evaluation.protocol");

    private OpenSettings() {}

    /** Fills in the settings that depend on the fidelity and the strategy. */
    static void fill(ObjectNode root) {
        boolean released = root.at("/collaboration/fidelity").asText().equals("released");
        ObjectNode trust = Trees.block(root, "collaboration.trust");
        fill(trust, "shared_windows", released ? RELEASED_SHARED_WINDOWS : SHARED_WINDOWS);
        fill(trust, "positions", released ? "last" : "all");
        fill(Trees.block(root, "model.adapter"), "init", released ? "released" : "shared");
        fill(Trees.block(root, "model"), "base_dropout", released ? RELEASED_BASE_DROPOUT : 0.0);
        fill(Trees.block(root, "model"), "evaluation_dropout", released);
        fill(Trees.block(root, "evaluation"), "protocol", released ? "released" : "test");
        // A seed that is wrong is told once.
        if (root.at("/data/seed").isNull() && root.path("seed").isIntegralNumber()) {
            Trees.block(root, "data").set("seed", root.get("seed"));
        }
        fillFromStrategies(root);
    }

    private static void fill(ObjectNode block, String key, Object value) {
        if (block.get(key).isNull()) {
            block.set(key, MAPPER.valueToTree(value));
        }
    }

    /**
     * Fills in unset settings with the values chosen by the constructors of strategies. A setting whose meaning depends
     * on the strategy is filled in by the selected strategy only; any other also by strategies that may be baselines.
     */
    private static void fillFromStrategies(ObjectNode root) {
        ComponentRegistry.Choice strategies = ComponentRegistry.at(Slot.STRATEGY);
        RegisteredComponent chosen = strategies.chosen(root);
        ObjectNode block = Trees.block(root, COLLABORATION);
        for (RegisteredComponent c : strategies.components().values()) {
            Record strategy;
            try {
                strategy = ComponentReader.read(c, c == chosen ? block : c.withOwnDefaults(block));
            } catch (InputException e) {
                // If it matters, the error is reported with its location when the whole scenario is read.
                continue;
            }
            for (Map.Entry<String, String> e : c.located().entrySet()) {
                boolean mayFill = c == chosen || !c.own().contains(e.getValue());
                JsonNode value = mayFill ? c.value(strategy, e.getKey()) : null;
                if (value != null && Trees.node(block, e.getValue()).isNull()) {
                    Trees.set(block, e.getValue(), value);
                }
            }
        }
    }

    /** Returns the settings whose meaning depends on the strategy, with their defaults. */
    static Map<String, JsonNode> own() {
        Map<String, JsonNode> own = new TreeMap<>();
        for (RegisteredComponent c :
                ComponentRegistry.at(Slot.STRATEGY).components().values()) {
            for (String place : c.own()) {
                String key = Trees.join(COLLABORATION, place);
                own.put(key, Trees.node(Defaults.root(), key));
            }
        }
        return own;
    }

    /**
     * Fills in the unset settings of baselines, which depend on the strategy of the baseline rather than that of the
     * run. They are added to the settings of the baseline, so that reading the resolved scenario yields the same
     * baselines.
     *
     * @param root the resolved scenario
     * @param mistakes receives the settings of baselines that are wrong
     * @param under returns the resolved scenario under the strategy of a baseline
     */
    static void fillBaselines(ObjectNode root, Mistakes mistakes, Function<Strategy, ObjectNode> under) {
        ArrayNode filled = root.path("baseline_settings").deepCopy();
        for (int k = 0; k < filled.size(); k++) {
            String path = "baseline_settings." + k + ".set";
            ObjectNode set = (ObjectNode) filled.get(k).get("set");
            Set<String> given = Trees.leaves(set);
            for (String key : given) {
                if (key.equals("collaboration.strategy") || key.startsWith("baseline")) {
                    mistakes.add(
                            path, key + " depends on strategy and must not be set, found " + LocatedTree.kind(set));
                }
            }
            if (!mistakes.clean(path)) {
                continue;
            }
            ObjectNode baseline;
            try {
                baseline = under.apply(Strategy.of(filled.get(k).get("strategy")));
            } catch (InputException e) {
                mistakes.addWithin(path, e);
                continue;
            }
            for (String key : filledIn()) {
                if (!given.contains(key) && !Trees.node(root, key).equals(Trees.node(baseline, key))) {
                    set.set(key, Trees.node(baseline, key));
                }
            }
        }
        root.set("baseline_settings", filled);
    }

    /** Returns all settings that are filled in, except {@link #own}. */
    private static Set<String> filledIn() {
        Set<String> all = new TreeSet<>(FILLED);
        for (RegisteredComponent c :
                ComponentRegistry.at(Slot.STRATEGY).components().values()) {
            c.located().values().forEach(place -> all.add(Trees.join(COLLABORATION, place)));
        }
        all.removeAll(own().keySet());
        return all;
    }
}
