package coterie.scenarios.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads scenario files: merges a file into the defaults, validates every key and converts the result to a
 * {@link Scenario}. Any error is reported as an {@link InputException}.
 */
public final class ScenarioReader {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .stringQuotingChecker(new Quoting())
            .build());

    /**
     * A scenario read from a file.
     *
     * @param scenario the scenario with every setting filled in
     * @param resolved the same as a tree, in the format of the file
     * @param file the file
     * @param text content of the file; a pipe can be read only once
     * @param overrides settings that override the file
     * @param said location of each setting
     * @param elsewhere whether the scenario is meant for another machine
     */
    public record Loaded(
            Scenario scenario,
            ObjectNode resolved,
            Path file,
            String text,
            List<String> overrides,
            LocatedTree said,
            boolean elsewhere) {
        /** Returns a key path with its file and line, for messages. */
        public String at(String path) {
            return said.at(path);
        }

        /** Returns the keys of settings that name files or folders. */
        public List<String> files() {
            return FilePaths.of(resolved);
        }

        /** Returns the resolved scenario as YAML. Reading it yields an equal scenario. */
        public String yaml() {
            return ScenarioReader.yaml(resolved);
        }

        /** Same as {@link #yaml}, with absolute paths, for use in other folders. */
        public String portable() {
            ObjectNode moved = resolved.deepCopy();
            FilePaths.replace(moved, this::at, Path::toAbsolutePath);
            return ScenarioReader.yaml(moved);
        }

        /**
         * Reads the same file under another strategy: unset settings follow that strategy, settings specific to the
         * run's own strategy are unset, and those given for that strategy as a baseline apply.
         */
        public Loaded under(Strategy strategy) {
            return under(strategy, List.of());
        }

        /**
         * Same as {@link #under(Strategy)}, with further settings.
         *
         * @param settings each KEY=VALUE
         */
        public Loaded under(Strategy strategy, List<String> settings) {
            List<String> more = new ArrayList<>(overrides);
            if (strategy != scenario.collaboration().strategy()) {
                OpenSettings.own().forEach((key, open) -> more.add(key + "=" + open));
            }
            for (JsonNode b : resolved.path("baseline_settings")) {
                if (b.path("strategy").asText().equals(strategy.label())) {
                    b.path("set").properties().forEach(e -> more.add(e.getKey() + "=" + e.getValue()));
                }
            }
            more.addAll(settings);
            more.add("collaboration.strategy=" + strategy.label());
            more.add("baselines=[]");
            more.add("baseline_settings=[]");
            return read(file, text, more, elsewhere);
        }
    }

    /** Quotes strings that would otherwise be read as a number, boolean or null. */
    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value)
                    || !new CoreSchema()
                            .getScalarResolver()
                            .resolve(value, true)
                            .equals(Tag.STR);
        }
    }

    private ScenarioReader() {}

    private static String yaml(ObjectNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @param overrides {@code key.path=value} settings that override the file, with the value as YAML; maps are merged
     *     by key
     * @throws InputException if the file cannot be read or is invalid
     */
    public static Loaded read(Path file, List<String> overrides) {
        return read(file, InputFile.text(file), overrides);
    }

    /**
     * Reads the content of a file.
     *
     * @param file the file, for messages and relative paths
     */
    public static Loaded read(Path file, String text, List<String> overrides) {
        return read(file, text, overrides, false);
    }

    /** @param elsewhere whether the scenario is meant for another machine, so that the files it names are not opened */
    public static Loaded read(Path file, String text, List<String> overrides, boolean elsewhere) {
        LocatedTree tree = LocatedTree.parse(file.toString(), text);
        overrides.forEach(o -> Overlay.lay(tree, o, Defaults.root()));
        ObjectNode merged = Merging.merged(tree);
        OpenSettings.fill(merged);
        FilePaths.locate(merged, file, tree);
        if (!elsewhere) {
            AdapterLora.follow(merged, tree.root());
        }
        Scenario scenario = convert(merged, tree);
        Loaded loaded = new Loaded(scenario, merged, file, text, List.copyOf(overrides), tree, elsewhere);
        ScenarioChecks.check(scenario, merged, tree::at);
        boolean files = loaded.files().stream()
                .anyMatch(
                        key -> key.startsWith("topology") || key.startsWith("time") || key.startsWith("participation"));
        if (!scenario.topology().needsCategories() && !(elsewhere && files)) {
            SimulationConfigs.checked(scenario, null, tree::at);
        }
        OpenSettings.fillBaselines(
                merged, tree::at, strategy -> loaded.under(strategy).resolved());
        return loaded;
    }

    private static Scenario convert(ObjectNode merged, LocatedTree tree) {
        ObjectNode nested = merged.deepCopy();
        for (ComponentRegistry.Choice c : ComponentRegistry.all()) {
            c.nest(nested);
        }
        return RecordReader.read(nested, Scenario.class, path -> tree.at(asInFile(path, merged)));
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
