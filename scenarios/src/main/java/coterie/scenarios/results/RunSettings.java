package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.scenarios.config.FlatTree;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.LocatedTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The resolved settings that a run left in its folder. */
public final class RunSettings {
    /** What a run was made from. */
    public static final String ORIGIN = "run.json";

    private static final String SCENARIO = "scenario.yaml";

    private RunSettings() {}

    /**
     * Reads the settings of a run.
     *
     * @return by key path, sorted; of settings that name files the hashes of the files; unset ones are left out. Empty
     *     if there are none
     * @throws coterie.scenarios.config.InputException if a file is damaged
     */
    public static Map<String, String> read(Path folder) {
        return read(folder, origin(folder));
    }

    /** {@code run.json}; missing in runs of earlier versions. */
    public static JsonNode origin(Path folder) {
        Path file = folder.resolve(ORIGIN);
        return Files.exists(file) ? ResultJson.read(file) : MissingNode.getInstance();
    }

    /** The settings of a run whose {@code run.json} has been read. */
    public static Map<String, String> read(Path folder, JsonNode origin) {
        Map<String, String> all = new TreeMap<>();
        if (origin.isMissingNode()) {
            // Runs of earlier versions have only the scenario.
            Path scenario = folder.resolve(SCENARIO);
            if (Files.exists(scenario)) {
                all.putAll(FlatTree.of(LocatedTree.parse(scenario.toString(), InputFile.text(scenario))
                        .root()));
            }
        }
        for (String block : new String[] {"scenario", "inputs"}) {
            origin.path(block)
                    .properties()
                    .forEach(e -> all.put(e.getKey(), e.getValue().asText()));
        }
        // Nothing is set there.
        all.values().removeIf("null"::equals);
        return all;
    }
}
