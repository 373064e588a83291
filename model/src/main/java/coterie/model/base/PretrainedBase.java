package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import coterie.model.base.gguf.GgufSource;
import coterie.model.base.source.BaseSource;
import coterie.model.base.source.BuiltinSource;
import coterie.model.base.source.FolderSource;
import coterie.model.files.ForeignText;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A trained base and its tokenizer: a directory in Hugging Face's layout ({@code config.json},
 * {@code model.safetensors} or its shards, and {@code tokenizer.json} or {@code vocab.json} with {@code merges.txt}), a
 * GGUF file, or one that is built in.
 */
public record PretrainedBase(BaseWeights weights, Tokenizer tokenizer) {
    private static final String BUILTIN = "builtin:";
    private static final List<String> BUILTIN_NAMES = List.of("tiny");
    /** Excludes the files of a pretraining under way. */
    private static final Pattern READ =
            Pattern.compile("(?!checkpoint\\.|training\\.).*\\.(json|safetensors)|merges\\.txt");

    /**
     * Opens a base. Its weights are checked for having the shape that its configuration says; their numbers are decoded
     * and checked by {@link BaseWeights#read} or {@link BaseWeights#check}.
     *
     * @param name {@code builtin:NAME}, a directory or a GGUF file
     * @throws DataException if there is no such base, or it is of no known family or cannot be run as its files say
     * @throws coterie.model.torch.TorchUnavailableException where the tokenizer's native library cannot be loaded on
     *     this machine
     */
    public static PretrainedBase load(String name) {
        return reading(name, source -> of(name, source));
    }

    /**
     * The shape of a base. Its weights are only checked for having this shape.
     *
     * @param name {@code builtin:NAME}, a directory or a GGUF file
     * @throws DataException if there is no such base, or its files do not agree on a shape
     */
    public static DecoderConfig config(String name) {
        return weights(name).config();
    }

    /**
     * The parameters of a base, without its tokenizer, as {@link #load} opens them.
     *
     * @param name {@code builtin:NAME}, a directory or a GGUF file
     * @throws DataException if there is no such base, or its arrays are not those of its configuration
     */
    public static BaseWeights weights(String name) {
        return reading(name, source -> weights(name, source));
    }

    private interface Reading<T> {
        T of(BaseSource source) throws IOException;
    }

    private static <T> T reading(String name, Reading<T> reading) {
        try {
            return reading.of(source(name));
        } catch (InvalidPathException e) {
            throw new DataException(
                    "base " + ForeignText.brief(TextNode.valueOf(name)) + " is not a path: " + e.getReason(), e);
        } catch (IOException e) {
            throw refusal(name, e);
        }
    }

    /** A base that cannot be read. */
    static DataException refusal(String name, IOException e) {
        return new DataException(ForeignText.line("cannot load base " + name + ": " + e.getMessage()), e);
    }

    private static BaseSource source(String name) {
        if (name.startsWith(BUILTIN)) {
            if (!builtinNames().contains(name)) {
                throw new DataException("there is no built-in base " + name + "; there are " + builtinNames());
            }
            return new BuiltinSource(name.substring(BUILTIN.length()));
        }
        Path path = Path.of(name);
        if (Files.isRegularFile(path)) {
            return new GgufSource(path);
        }
        if (!Files.isDirectory(path)) {
            throw new DataException(
                    "base " + path + " is neither a directory, nor a GGUF file, nor one of " + builtinNames());
        }
        return new FolderSource(path);
    }

    private static BaseWeights weights(String name, BaseSource source) throws IOException {
        JsonNode json = source.config();
        String file = source.configOrigin();
        return SourceWeights.of(name, BaseFamily.of(json, file).read(json, file), source);
    }

    /** Opens a base from a source. */
    static PretrainedBase of(String name, BaseSource source) throws IOException {
        BaseWeights weights = weights(name, source);
        Tokenizer tokenizer = source.tokenizer();
        try {
            if (tokenizer.size() > weights.config().vocabulary()) {
                throw new DataException("base " + name + ": its tokenizer has ids up to " + (tokenizer.size() - 1)
                        + ", its configuration a vocabulary (vocab_size) of "
                        + weights.config().vocabulary());
            }
            return new PretrainedBase(weights, tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Files of a base that bear on what it computes, by name: configurations, tokenizers, weights.
     *
     * @throws IOException where the directory cannot be listed
     */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(p -> READ.matcher(p.getFileName().toString()).matches() && Files.isRegularFile(p))
                    .sorted()
                    .toList();
        }
    }

    /** Whether a base is one of those that are shipped. */
    public static boolean isBuiltin(String name) {
        return builtinNames().contains(name);
    }

    /**
     * Writes a base that is shipped as a folder in Hugging Face's layout.
     *
     * @param name {@code builtin:NAME}
     * @throws IOException where it cannot be written
     * @throws DataException if there is no such built-in base
     */
    public static void write(String name, Path folder) throws IOException {
        if (!isBuiltin(name)) {
            throw new DataException("there is no built-in base " + name + "; there are " + builtinNames());
        }
        new BuiltinSource(name.substring(BUILTIN.length())).write(folder);
    }

    /** Names of the bases that are shipped. */
    public static List<String> builtinNames() {
        return BUILTIN_NAMES.stream().map(n -> BUILTIN + n).toList();
    }
}
