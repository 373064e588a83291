package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import coterie.model.files.ForeignText;
import coterie.model.files.SafeTensors;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A trained base and its tokenizer: a directory in Hugging Face's layout ({@code config.json},
 * {@code model.safetensors} or its shards, and {@code tokenizer.json} or {@code vocab.json} with {@code merges.txt}),
 * or one that is built in.
 */
public record PretrainedBase(BaseWeights weights, Tokenizer tokenizer) {
    private static final String BUILTIN = "builtin:";
    private static final List<String> BUILTIN_NAMES = List.of("tiny");
    /** The file by which a folder holds an adapter. */
    private static final String ADAPTER = "adapter_config.json";
    /** Excludes the files of a pretraining under way. */
    private static final Pattern READ =
            Pattern.compile("(?!checkpoint\\.|training\\.).*\\.(json|safetensors)|merges\\.txt");

    /**
     * Loads a base.
     *
     * @param name {@code builtin:NAME} or a directory
     * @throws DataException if there is no such base, or it is of no known family or cannot be run as its files say
     * @throws coterie.model.torch.TorchUnavailableException where the tokenizer's native library cannot be loaded on
     *     this machine
     */
    public static PretrainedBase load(String name) {
        return named(name, PretrainedBase::builtin, PretrainedBase::directory);
    }

    /**
     * The shape of a base. Its weights are only checked for having this shape.
     *
     * @param name {@code builtin:NAME} or a directory
     * @throws DataException if there is no such base, or its files do not agree on a shape
     */
    public static BaseConfig config(String name) {
        return named(name, PretrainedBase::builtinConfig, PretrainedBase::directoryConfig);
    }

    private interface Reading<F, T> {
        T of(F from) throws IOException;
    }

    private static <T> T named(String name, Reading<String, T> builtin, Reading<Path, T> directory) {
        try {
            return name.startsWith(BUILTIN)
                    ? builtin.of(name.substring(BUILTIN.length()))
                    : directory.of(Path.of(name));
        } catch (InvalidPathException e) {
            throw new DataException(
                    "base " + ForeignText.brief(TextNode.valueOf(name)) + " is not a path: " + e.getReason(), e);
        } catch (IOException e) {
            throw new DataException(ForeignText.line("cannot load base " + name + ": " + e.getMessage()), e);
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

    /** Names of the bases that are shipped. */
    public static List<String> builtinNames() {
        return BUILTIN_NAMES.stream().map(n -> BUILTIN + n).toList();
    }

    private static BaseConfig builtinConfig(String name) throws IOException {
        if (!BUILTIN_NAMES.contains(name)) {
            throw new DataException("there is no built-in base " + BUILTIN + name + "; there are " + builtinNames());
        }
        String file = BUILTIN + name + "/config.json";
        return read(ForeignText.json(text(name, "config.json"), file), file);
    }

    private static PretrainedBase builtin(String name) throws IOException {
        BaseConfig config = builtinConfig(name);
        String at = BUILTIN + name + "/";
        SafeTensors weights = SafeTensors.of(resource(name, "model.safetensors"), at + "model.safetensors");
        try (BaseCheckpoint arrays = BaseCheckpoint.of(weights)) {
            Tokenizer tokenizer = Tokenizer.ofJson(text(name, "tokenizer.json"), at + "tokenizer.json");
            return new PretrainedBase(arrays.read(config), tokenizer);
        }
    }

    private static String text(String name, String file) throws IOException {
        return ForeignText.decode(resource(name, file), BUILTIN + name + "/" + file);
    }

    private static byte[] resource(String name, String file) throws IOException {
        try (InputStream in = PretrainedBase.class.getResourceAsStream("/coterie/model/base/" + name + "/" + file)) {
            return in.readAllBytes();
        }
    }

    private static BaseConfig configFile(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DataException("base " + folder + " is neither a directory nor one of " + builtinNames());
        }
        if (Files.exists(folder.resolve(ADAPTER))) {
            // Programs differ in whether they apply such an adapter; the user has to say.
            throw new IOException(folder.resolve(ADAPTER) + ": a base and an adapter in one folder; keep the"
                    + " adapter in a folder of its own and name that as model.adapter.path");
        }
        Path file = folder.resolve("config.json");
        return read(ForeignText.json(file), file.toString());
    }

    private static BaseConfig read(JsonNode json, String file) throws IOException {
        return BaseFamily.of(json, file).read(json, file);
    }

    private static BaseConfig directoryConfig(Path folder) throws IOException {
        BaseConfig config = configFile(folder);
        try (BaseCheckpoint arrays = BaseCheckpoint.in(folder)) {
            arrays.check(config);
        }
        return config;
    }

    private static PretrainedBase directory(Path folder) throws IOException {
        BaseConfig config = configFile(folder);
        try (BaseCheckpoint arrays = BaseCheckpoint.in(folder)) {
            arrays.check(config);
            Tokenizer tokenizer = Tokenizer.in(folder);
            try {
                if (tokenizer.size() > config.vocabulary()) {
                    throw new DataException("base " + folder + ": its tokenizer has ids up to " + (tokenizer.size() - 1)
                            + ", its config.json a vocabulary (vocab_size) of " + config.vocabulary());
                }
                return new PretrainedBase(arrays.read(config), tokenizer);
            } catch (IOException | RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        }
    }
}
