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
     * @param source the file, and the files that it extends
     * @param overrides settings that override the file
     * @param said location of each setting
     * @param elsewhere whether the scenario is meant for another machine
     */
    public record Loaded(
            Scenario scenario,
            ObjectNode resolved,
            ScenarioFile source,
            List<Assignment> overrides,
            LocatedTree said,
            boolean elsewhere) {
        /** Returns the file. */
        public Path file() {
            return source.file();
        }

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
            FilePaths.makeAbsolute(moved, this::at);
            return ScenarioReader.yaml(moved);
        }

        /**
         * Reads the same file with further settings.
         *
         * @param settings each KEY=VALUE
         */
        public Loaded with(List<String> settings) {
            List<Assignment> more = new ArrayList<>(overrides);
            settings.forEach(s -> more.add(Assignment.chosen(s)));
            return read(source, more, elsewhere);
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
            List<Assignment> more = new ArrayList<>(overrides);
            if (strategy != scenario.collaboration().strategy()) {
                OpenSettings.own().forEach((key, open) -> more.add(Assignment.chosen(key + "=" + open)));
            }
            JsonNode baselines = resolved.path("baseline_settings");
            for (int k = 0; k < baselines.size(); k++) {
                JsonNode b = baselines.get(k);
                if (b.path("strategy").asText().equals(strategy.label())) {
                    String set = "baseline_settings." + k + ".set";
                    b.path("set")
                            .properties()
                            .forEach(e -> more.add(
                                    new Assignment(e.getKey() + "=" + e.getValue(), at(Trees.join(set, e.getKey())))));
                }
            }
            settings.forEach(s -> more.add(Assignment.chosen(s)));
            for (String s :
                    List.of("collaboration.strategy=" + strategy.label(), "baselines=[]", "baseline_settings=[]")) {
                more.add(Assignment.chosen(s));
            }
            return read(source, more, elsewhere);
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
        List<Assignment> typed =
                overrides.stream().map(o -> Assignment.typed(file, o)).toList();
        return read(ScenarioFile.read(file, text), typed, elsewhere);
    }

    /**
     * Reads a scenario.
     *
     * @throws InputException if it is invalid; it has all mistakes that do not follow from one another
     */
    public static Loaded read(ScenarioFile source, List<Assignment> overrides, boolean elsewhere) {
        Reading reading = new Reading(source, List.copyOf(overrides), elsewhere);
        if (reading.mistakes().isEmpty()) {
            return reading.loaded();
        }
        throw Mistakes.told(new Blame(source, overrides, elsewhere).of(reading.mistakes()));
    }
}
