package coterie.scenarios.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import coterie.scenarios.config.JsonSchemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Mutated scenarios. */
final class ScenarioCases {
    static final String KIND = "scenario";
    /** A file that a scenario extends. */
    static final String BASE = "base.yaml";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build());
    private final Corpus corpus;
    private final SchemaDraws draws;

    ScenarioCases(Corpus corpus) {
        this.corpus = corpus;
        draws = new SchemaDraws(JsonSchemas.scenario(), corpus.folder());
    }

    /** Writes the case that a seed gives into a folder. */
    Case make(long seed, Path folder) throws IOException {
        Random random = new Random(seed);
        List<String> what = new ArrayList<>();
        ObjectNode tree = corpus.scenarios()
                .get(random.nextInt(corpus.scenarios().size()))
                .deepCopy();
        if (random.nextInt(3) > 0) {
            tree.remove("baselines");
        }
        Raw raw = new Raw();
        boolean yaml = random.nextInt(4) > 0;
        // Drawn settings alone mostly pass; with them, mutations reach further than the first wrong key.
        int mode = random.nextInt(12);
        for (int n = mode < 8 ? random.nextInt(4) : 0; n >= 0; n--) {
            what.add(draws.draw(tree, random));
        }
        if (mode >= 10) {
            what.add(draws.odd(tree, random, raw, yaml));
        }
        if (mode >= 3 && mode < 8) {
            TreeMutations mutations = new TreeMutations(random, raw, yaml);
            for (int n = random.nextInt(2); n >= 0; n--) {
                what.add(mutations.mutate(tree));
            }
        }
        if (mode % 3 == 0 || mode == 8) {
            what.add(divide(tree, folder, raw, yaml, new Random(~seed)));
        }
        String text = raw.fill(written(tree, yaml));
        if (mode == 8) {
            TextMutations.Mutated mutated = new TextMutations(random).mutate(text);
            text = mutated.text();
            what.add(mutated.what());
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (mode == 9) {
            BinaryMutations.Mutated mutated = new BinaryMutations(random).mutate(bytes);
            bytes = mutated.bytes();
            what.add(mutated.what());
        }
        Path file = folder.resolve("scenario.yaml");
        Files.write(file, bytes);
        return new Case(KIND, seed, folder, file, file, String.join("; ", what));
    }

    /**
     * Moves some blocks and settings to a file of their own, which the scenario extends, and leaves others in both.
     *
     * @return what was done
     */
    private String divide(ObjectNode tree, Path folder, Raw raw, boolean yaml, Random random) throws IOException {
        ObjectNode base = tree.deepCopy();
        for (String key : names(tree)) {
            ObjectNode side = random.nextBoolean() ? base : tree;
            JsonNode value = side.get(key);
            if (value instanceof ObjectNode block && random.nextBoolean()) {
                names(block).stream().filter(k -> random.nextBoolean()).forEach(block::remove);
            } else {
                side.remove(key);
            }
        }
        String extended = switch (random.nextInt(16)) {
            case 0 -> raw.put(Values.yaml(random));
            case 1 -> Values.string(random);
            case 2 -> random.nextBoolean() ? "scenario.yaml" : "missing.yaml";
            default -> BASE;
        };
        tree.put("extends", extended);
        if (random.nextInt(16) == 0) {
            base.put("extends", random.nextBoolean() ? BASE : "scenario.yaml");
        }
        if (base.isEmpty()) {
            base.put("users", 2);
        }
        Files.write(folder.resolve(BASE), raw.fill(written(base, yaml)).getBytes(StandardCharsets.UTF_8));
        return "divided into two files";
    }

    private static List<String> names(ObjectNode block) {
        List<String> names = new ArrayList<>();
        block.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static String written(JsonNode tree, boolean yaml) {
        try {
            return yaml ? YAML.writeValueAsString(tree) : tree.toPrettyString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
