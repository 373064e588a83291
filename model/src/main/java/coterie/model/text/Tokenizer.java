package coterie.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import coterie.model.torch.NativeLibraries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/** Converts text to token ids and back with the tokenizers library of Hugging Face. Thread-safe. */
public final class Tokenizer implements AutoCloseable {
    private final String origin;
    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerJson.Special end;
    private final TokenizerJson.Special begin;
    private final int size;

    private Tokenizer(String json, String origin, TokenizerConfigFile config) throws IOException {
        this.origin = origin;
        TokenizerJson checked = TokenizerJson.parse(json, origin, config);
        config.check(checked, origin);
        end = checked.end();
        begin = checked.begin();
        size = checked.size();
        NativeLibraries.tokenizers();
        if (!checked.plain()) {
            TokenizerTrial.run(checked.json(), size, origin);
        }
        try {
            tokenizer = open(new ByteArrayInputStream(checked.json().getBytes(StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            throw new IOException(origin + ": the tokenizers library does not take it: " + words(e), e);
        }
        try {
            checkId(end);
            if (begin != null) {
                checkId(begin);
            }
            if (!checked.plain()) {
                TokenizerLoss.refuse(this, origin);
            }
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The library numbers added tokens in their order, regardless of the ids in the file. */
    private void checkId(TokenizerJson.Special token) throws IOException {
        long[] ids = tokenizer.encode(token.text(), false, false).getIds();
        if (Arrays.stream(ids).noneMatch(id -> id == token.id())) {
            throw new IOException(origin + ": " + token.text() + " has id " + token.id()
                    + " there, but the tokenizers library reads " + Arrays.toString(ids));
        }
    }

    /** Without these options the library truncates text after 512 tokens. */
    static HuggingFaceTokenizer open(InputStream json) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                json, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
    }

    private static String words(RuntimeException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }

    /**
     * Creates the tokenizer of a {@code tokenizer.json}.
     *
     * @param origin name for messages
     */
    public static Tokenizer ofJson(String json, String origin) throws IOException {
        return new Tokenizer(json, origin, TokenizerConfigFile.NONE);
    }

    /**
     * The same, with a token that ends a text if the tokenizer has none of those that usually do.
     *
     * @param end the token's text
     */
    public static Tokenizer ofJson(String json, String origin, String end) throws IOException {
        return new Tokenizer(json, origin, TokenizerConfigFile.ending(end, origin));
    }

    /**
     * Reads the tokenizer in the directory of a model: {@code tokenizer.json}, or else {@code vocab.json} and
     * {@code merges.txt} as for GPT-2. {@code tokenizer_config.json} must agree.
     *
     * @throws IOException if the directory has neither, or a file cannot be read or is invalid; the message gives the
     *     location
     * @throws coterie.model.torch.TorchUnavailableException if the native library cannot be loaded on this machine
     */
    public static Tokenizer in(Path directory) throws IOException {
        TokenizerConfigFile config = TokenizerConfigFile.in(directory);
        Path json = directory.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return new Tokenizer(ForeignText.read(json), json.toString(), config);
        }
        Path vocab = directory.resolve("vocab.json");
        Path merges = directory.resolve("merges.txt");
        if (Files.exists(vocab) && Files.exists(merges)) {
            Path added = directory.resolve("added_tokens.json");
            if (Files.exists(added) && !ForeignKeys.nothing(ForeignText.json(added))) {
                throw new IOException(
                        added + ": added tokens are read from a tokenizer.json only; save the tokenizer as one");
            }
            // The library's builder for these two files splits words by spaces only, unlike GPT-2.
            return new Tokenizer(
                    BpeVocabulary.read(vocab, merges).toTokenizerJson(config.prefixSpace()), vocab.toString(), config);
        }
        throw new IOException(directory + " has no tokenizer: neither tokenizer.json nor vocab.json with merges.txt");
    }

    /**
     * Returns the token ids of a text. The tokens that separate documents are replaced by spaces.
     *
     * @throws DataException if the tokenizer cannot encode this text
     */
    public int[] encode(String text) {
        String plain = without(end, text);
        if (begin != null) {
            plain = without(begin, plain);
        }
        long[] ids;
        try {
            ids = tokenizer.encode(plain, false, false).getIds();
        } catch (RuntimeException e) {
            throw new DataException(
                    origin + ": the tokenizers library cannot encode a text of " + text.length() + " characters: "
                            + words(e),
                    e);
        }
        int[] out = new int[ids.length];
        for (int i = 0; i < out.length; i++) {
            if (ids[i] < 0 || ids[i] >= size) {
                throw new DataException(origin + ": the tokenizers library encodes a text as id " + ids[i]
                        + "; the largest in the file is " + (size - 1));
            }
            out[i] = (int) ids[i];
        }
        return out;
    }

    private static String without(TokenizerJson.Special token, String text) {
        return text.contains(token.text()) ? text.replace(token.text(), " ") : text;
    }

    /**
     * Returns the text of token ids.
     *
     * @throws DataException if the tokenizer cannot decode them
     */
    public String decode(int[] ids) {
        try {
            return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
        } catch (RuntimeException e) {
            throw new DataException(
                    origin + ": the tokenizers library cannot decode " + ids.length + " tokens: " + words(e), e);
        }
    }

    /** Returns the id of the end of text. */
    public int endOfText() {
        return end.id();
    }

    /** Returns the id that stands before every text, if the model was trained with one. */
    public OptionalInt beginOfText() {
        return begin == null ? OptionalInt.empty() : OptionalInt.of(begin.id());
    }

    /** Returns the ids before each document: the end of the one before, and the beginning of a text if there is one. */
    public int[] separator() {
        return begin == null ? new int[] {end.id()} : new int[] {end.id(), begin.id()};
    }

    /** Returns one more than the largest id. */
    public int size() {
        return size;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
