package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One attempt to read a scenario: either the scenario, or its mistakes. */
final class Reading {
    /** Settings that the graph, the network and the schedule of a run depend on. */
    private static final String[] SIMULATED = {
        "seed",
        "users",
        "model.learner",
        "training",
        "collaboration",
        "topology",
        "time",
        "participation",
        "faults",
        "groups",
        "data.drift",
        "adversaries",
        "evaluation",
        "record"
    };

    /** Blocks whose files they need. */
    private static final List<String> SIMULATED_FILES = List.of("topology", "time", "participation", "groups");

    /** A record tells one invalid value at a time. */
    private static final int MOST_ROUNDS = 100;

    private final Mistakes mistakes;
    private Loaded loaded;

    Reading(ScenarioFile source, List<Assignment> overrides, boolean elsewhere) {
        LocatedTree tree = source.tree();
        for (int k = 0; k < overrides.size(); k++) {
            tree.lay(overrides.get(k), source.chain().size() + k);
        }
        mistakes = new Mistakes(tree);
        ObjectNode merged = Merging.merged(tree.root(), mistakes);
        OpenSettings.fill(merged);
        FilePaths.locate(merged, source.file(), tree, mistakes);
        if (!elsewhere) {
            AdapterLora.follow(merged, tree.root());
        }
        Scenario scenario = converted(merged);
        if (scenario == null) {
            return;
        }
        ScenarioChecks.check(scenario, merged, mistakes);
        checkSimulation(scenario, merged, elsewhere);
        if (mistakes.isEmpty()) {
            loaded = new Loaded(scenario, merged, source, overrides, tree, elsewhere);
            OpenSettings.fillBaselines(
                    merged, mistakes, strategy -> loaded.under(strategy).resolved());
        }
    }

    /** Returns the mistakes in order of their location. */
    List<Mistake> mistakes() {
        return mistakes.sorted();
    }

    /** Returns the scenario, which is complete if there are no mistakes. */
    Loaded loaded() {
        return loaded;
    }

    private void checkSimulation(Scenario scenario, ObjectNode merged, boolean elsewhere) {
        boolean files = FilePaths.of(merged).stream()
                .anyMatch(key -> SIMULATED_FILES.stream().anyMatch(key::startsWith));
        if (mistakes.clean(SIMULATED) && !scenario.topology().needsCategories() && !(elsewhere && files)) {
            mistakes.collect(at -> SimulationConfigs.checked(scenario, null, at));
        }
    }

    /**
     * Converts the settings. Those that are invalid are set to their defaults, so that the others can be checked.
     *
     * @return null if that is not possible
     */
    private Scenario converted(ObjectNode merged) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            boolean first = round == 0;
            Set<String> invalid = new TreeSet<>();
            Scenario scenario = RecordReader.read(nested(merged), Scenario.class, (path, text) -> {
                String inFile = asInFile(path, merged);
                invalid.add(inFile);
                // What a default is compared with may be right beside the value that was meant.
                if (first || !mistakes.areMentioned(inFile, text)) {
                    mistakes.add(inFile, text);
                }
            });
            if (invalid.isEmpty()) {
                return scenario;
            }
            invalid.forEach(path -> Merging.reset(merged, path));
            OpenSettings.fill(merged);
        }
        return null;
    }

    private static ObjectNode nested(ObjectNode merged) {
        ObjectNode nested = merged.deepCopy();
        ComponentRegistry.all().forEach(c -> c.nest(nested));
        return nested;
    }

    /** Converts a key path of the nested tree to that of the file. */
    private static String asInFile(String path, ObjectNode merged) {
        for (ComponentRegistry.Choice c : ComponentRegistry.all()) {
            String inner = Trees.join(c.path(), c.holder()) + ".";
            if (c.holder() != null && path.startsWith(inner)) {
                return Trees.join(c.path(), c.chosen(merged).inBlock(path.substring(inner.length())));
            }
        }
        return path;
    }
}
