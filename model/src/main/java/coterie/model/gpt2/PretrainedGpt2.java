package coterie.model.gpt2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained base and its tokenizer: a directory in Hugging Face's layout ({@code config.json}, {@code model.safetensors}, and {@code tokenizer.json}
 * or {@code vocab.json} with {@code merges.txt}), or one that is built in.
 */
public record PretrainedGpt2(Gpt2Weights weights, Tokenizer tokenizer) {
    private static final String BUILTIN = "builtin:";
    private static final List<String> BUILTIN_NAMES = List.of("tiny");
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "tokenizer.json");

    /**
     * Loads a base.
     *
     * @param name {@code builtin:NAME} or a directory
     * @throws DataException where there is no such base, or it is no GPT-2
     */
    public static PretrainedGpt2 load(String name) {
        try {
            return name.startsWith(BUILTIN) ? builtin(name.substring(BUILTIN.length())) : directory(Path.of(name));
        } catch (IOException e) {
            throw new DataException("cannot load base " + name + ": " + e.getMessage(), e);
        }
    }

    /** Names that {@link #load} knows without a file. */
    public static List<String> builtinNames() {
        return BUILTIN_NAMES.stream().map(n -> BUILTIN + n).toList();
    }

    private static PretrainedGpt2 builtin(String name) throws IOException {
        if (!BUILTIN_NAMES.contains(name)) {
            throw new DataException("there is no built-in base " + BUILTIN + name + "; there are " + builtinNames());
        }
        Path folder = Files.createTempDirectory("coterie-base");
        try {
            for (String file : FILES) {
                try (InputStream in = PretrainedGpt2.class.getResourceAsStream("/coterie/model/base/" + name + "/" + file)) {
                    Files.copy(in, folder.resolve(file));
                }
            }
            return directory(folder);
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private static PretrainedGpt2 directory(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataException("base " + folder + " is neither a directory nor one of " + builtinNames());
        }
        if (!Files.exists(folder.resolve("model.safetensors"))) {
            throw new DataException("base " + folder + " has no model.safetensors (pickled weights are not read: they can run code)");
        }
        Gpt2Config config = config(folder.resolve("config.json"));
        Tokenizer tokenizer = Tokenizer.in(folder);
        if (tokenizer.size() > config.vocabulary()) {
            throw new DataException("base " + folder + ": its tokenizer has " + tokenizer.size() + " tokens, its config.json a vocabulary of "
                    + config.vocabulary());
        }
        return new PretrainedGpt2(Gpt2Weights.read(folder.resolve("model.safetensors"), config), tokenizer);
    }

    private static Gpt2Config config(Path file) throws IOException {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.path("model_type").asText("gpt2").equals("gpt2")) {
            throw new DataException(file + ": model_type is " + json.path("model_type") + ", only gpt2 can be run");
        }
        String activation = json.path("activation_function").asText("gelu_new");
        if (!activation.equals("gelu_new") && !activation.equals("gelu")) {
            throw new DataException(file + ": activation_function is " + activation + ", known are gelu_new and gelu");
        }
        try {
            return new Gpt2Config(integer(json, "n_layer", file), integer(json, "n_embd", file), integer(json, "n_head", file),
                    integer(json, "vocab_size", file), integer(json, "n_positions", file), json.path("layer_norm_epsilon").asDouble(1e-5),
                    activation.equals("gelu"));
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    private static int integer(JsonNode json, String key, Path file) {
        if (!json.path(key).isInt()) {
            throw new DataException(file + ": " + key + " must be a whole number, found " + json.path(key));
        }
        return json.path(key).asInt();
    }
}
