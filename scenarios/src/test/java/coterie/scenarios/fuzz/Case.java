package coterie.scenarios.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * A mutated input, in a folder of its own.
 *
 * @param kind what is mutated: a name of {@link ScenarioCases} or {@link ForeignCases}
 * @param seed from which everything in it was drawn
 * @param folder that holds it
 * @param file the scenario or study to be checked
 * @param mutated the file that was changed
 * @param what was done to it
 */
record Case(String kind, long seed, Path folder, Path file, Path mutated, String what) {
    /** Names of the foreign files, the mutated one among them. */
    List<String> siblings() {
        String own = mutated.getFileName().toString();
        return switch (own) {
            case "config.json", "tokenizer.json", "vocab.json", "merges.txt" ->
                List.of("config.json", "model.safetensors", "tokenizer.json", "vocab.json", "merges.txt");
            case "adapter_config.json", "adapter_model.safetensors" ->
                List.of("adapter_config.json", "adapter_model.safetensors");
            default -> own.startsWith("model") ? List.of("model.safetensors", own, "config.json") : List.of(own);
        };
    }

    /** The name by which the case can be repeated. */
    String id() {
        return id(kind, seed);
    }

    static String id(String kind, long seed) {
        return kind + "/" + seed;
    }

    boolean ofScenario() {
        return kind.equals(ScenarioCases.KIND);
    }

    boolean ofStudy() {
        return kind.equals(ForeignCases.STUDY);
    }
}
