package coterie.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Text to token ids and back, as Hugging Face's tokenizers do it. Thread-safe. */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final int endOfText;
    private final int size;

    private Tokenizer(String json, String origin) throws IOException {
        JsonNode root = new ObjectMapper().readTree(json);
        int end = -1;
        int largest = -1;
        for (JsonNode t : root.path("added_tokens")) {
            largest = Math.max(largest, t.path("id").asInt());
            if (t.path("content").asText().equals(ByteLevel.END_OF_TEXT)) {
                end = t.path("id").asInt();
            }
        }
        for (JsonNode id : root.path("model").path("vocab")) {
            largest = Math.max(largest, id.asInt());
        }
        if (end < 0) {
            throw new IOException(origin + " has no added token " + ByteLevel.END_OF_TEXT);
        }
        endOfText = end;
        size = largest + 1;
        // Without these options the library cuts a text after 512 tokens.
        tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
    }

    /** The tokenizer of a {@code tokenizer.json}. */
    public static Tokenizer ofJson(String json, String origin) throws IOException {
        return new Tokenizer(json, origin);
    }

    /**
     * The tokenizer in a model's directory: {@code tokenizer.json}, or else {@code vocab.json} and {@code merges.txt} read as GPT-2's.
     *
     * @throws IOException where the directory has neither
     */
    public static Tokenizer in(Path directory) throws IOException {
        Path json = directory.resolve("tokenizer.json");
        if (Files.exists(json)) {
            return new Tokenizer(Files.readString(json), json.toString());
        }
        Path vocab = directory.resolve("vocab.json");
        Path merges = directory.resolve("merges.txt");
        if (Files.exists(vocab) && Files.exists(merges)) {
            // Their own builder for these two files splits words by blanks alone, which is not what GPT-2 does.
            return new Tokenizer(BpeVocabulary.read(vocab, merges).toTokenizerJson(), vocab.toString());
        }
        throw new IOException(directory + " has no tokenizer: neither tokenizer.json nor vocab.json with merges.txt");
    }

    /** Token ids of a text; an end of text written out in it is not taken for one. */
    public int[] encode(String text) {
        String plain = text.contains(ByteLevel.END_OF_TEXT) ? text.replace(ByteLevel.END_OF_TEXT, " ") : text;
        long[] ids = tokenizer.encode(plain, false, false).getIds();
        int[] out = new int[ids.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (int) ids[i];
        }
        return out;
    }

    public String decode(int[] ids) {
        return tokenizer.decode(java.util.Arrays.stream(ids).asLongStream().toArray(), false);
    }

    /** The id that parts documents. */
    public int endOfText() {
        return endOfText;
    }

    /** One more than the largest id. */
    public int size() {
        return size;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
