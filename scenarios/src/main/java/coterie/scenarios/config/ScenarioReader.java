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
 * Reads scenario files: what a file says is laid over the defaults, every key checked against them, and the whole
 * turned into a {@link Scenario}. Whatever is wrong is told in one {@link InputException}.
 */
public final class ScenarioReader {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .stringQuotingChecker(new Quoting())
            .build());

    /**
     * A scenario as read.
     *
     * @param scenario with every setting filled in
     * @param resolved the same as a tree, in the file's own form
     * @param text what the file says; a pipe can be read only once
     * @param overrides what was laid over it
     * @param said where each setting stands
     * @param elsewhere whether it is meant for another machine
     */
    public record Loaded(
            Scenario scenario,
            ObjectNode resolved,
            Path file,
            String text,
            List<String> overrides,
            LocatedTree said,
            boolean elsewhere) {
        /** A setting's key path with file and line, for messages. */
        public String at(String path) {
            return said.at(path);
        }

        /** Keys that name files or folders. */
        public List<String> files() {
            return FilePaths.of(resolved);
        }

        /** As YAML, to be written beside the results: read again it gives the same scenario. */
        public String yaml() {
            return ScenarioReader.yaml(resolved);
        }

        /** The same for readers in other folders: with absolute paths. */
        public String portable() {
            ObjectNode moved = resolved.deepCopy();
            FilePaths.replace(moved, this::at, Path::toAbsolutePath);
            return ScenarioReader.yaml(moved);
        }

        /**
         * The same file under another strategy: what the file leaves open follows the strategy, what it says of the
         * run's own strategy alone is open, and what it says of this one as a baseline counts.
         */
        public Loaded under(Strategy strategy) {
            return under(strategy, List.of());
        }

        /**
         * The same, with settings laid over all that.
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

    /** Quotes a text that would be read as a number, a truth value or nothing. */
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
     * @param overrides {@code key.path=value} laid over it, the value as YAML, a map key by key
     * @throws InputException where the file cannot be read or anything in it is wrong
     */
    public static Loaded read(Path file, List<String> overrides) {
        return read(file, InputFile.text(file), overrides);
    }

    /**
     * Reads what a file says, or would say.
     *
     * @param file whose text it is, for messages and for paths beside it
     */
    public static Loaded read(Path file, String text, List<String> overrides) {
        return read(file, text, overrides, false);
    }

    /** @param elsewhere whether it is meant for another machine, so that the files it names are not looked at */
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

    /** A key path of the nested tree as the file has it. */
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
