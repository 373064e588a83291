package coterie.model.base.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.PretrainedBase;
import coterie.model.files.NamedArrays;
import coterie.model.files.gguf.GgufBytes;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bases in GGUF files: what their metadata becomes, arrays in the order of Hugging Face's files, and refusals by name.
 */
class GgufSourceTest {
    private static final int WIDTH = 8;
    private static final int HEADS = 2;
    private static final int VOCABULARY = 258;

    @TempDir
    Path folder;

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    /** Shapes, outermost dimension first. */
    private final Map<String, int[]> arrays = new LinkedHashMap<>();

    GgufSourceTest() {
        metadata.put("general.architecture", "llama");
        metadata.put("general.license", "none");
        metadata.put("llama.block_count", 1);
        metadata.put("llama.context_length", 64);
        metadata.put("llama.embedding_length", WIDTH);
        metadata.put("llama.feed_forward_length", 12);
        metadata.put("llama.attention.head_count", HEADS);
        metadata.put("llama.attention.head_count_kv", 1);
        metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.put("llama.rope.freq_base", 500000f);
        metadata.put("llama.rope.dimension_count", WIDTH / HEADS);
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "smollm");
        List<String> tokens = new ArrayList<>();
        int unprintable = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            tokens.add(String.valueOf((char) (printable ? b : unprintable++)));
        }
        tokens.add("th");
        tokens.add("<|endoftext|>");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put(
                "tokenizer.ggml.token_type",
                IntStream.range(0, VOCABULARY).mapToObj(i -> i == 257 ? 3 : 1).toList());
        metadata.put("tokenizer.ggml.merges", List.of("t h"));
        arrays.put("token_embd.weight", new int[] {VOCABULARY, WIDTH});
        arrays.put("output_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.attn_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.attn_q.weight", new int[] {WIDTH, WIDTH});
        arrays.put("blk.0.attn_k.weight", new int[] {4, WIDTH});
        arrays.put("blk.0.attn_v.weight", new int[] {4, WIDTH});
        arrays.put("blk.0.attn_output.weight", new int[] {WIDTH, WIDTH});
        arrays.put("blk.0.ffn_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.ffn_gate.weight", new int[] {12, WIDTH});
        arrays.put("blk.0.ffn_up.weight", new int[] {12, WIDTH});
        arrays.put("blk.0.ffn_down.weight", new int[] {WIDTH, 12});
    }

    private static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Writes the file; the numbers of an array are 0, 1, 2, … */
    private Path written() throws IOException {
        GgufBytes out = GgufBytes.of(arrays.size(), metadata.size());
        metadata.forEach(out::key);
        long at = 0;
        for (Map.Entry<String, int[]> e : arrays.entrySet()) {
            int[] shape = e.getValue();
            long[] reversed = IntStream.range(0, shape.length)
                    .mapToLong(i -> shape[shape.length - 1 - i])
                    .toArray();
            out.array(e.getKey(), 0, at, reversed);
            at += (4L * size(shape) + 31) / 32 * 32;
        }
        for (int[] shape : arrays.values()) {
            out.aligned();
            for (int i = 0; i < size(shape); i++) {
                out.u32(Float.floatToRawIntBits(i));
            }
        }
        return Files.write(folder.resolve("base.gguf"), out.bytes());
    }

    private JsonNode config() throws IOException {
        return new GgufSource(written()).config();
    }

    @Test
    void metadataBecomesTheKeysOfAConfiguration() throws IOException {
        JsonNode c = config();
        assertThat(c.path("model_type").asText()).isEqualTo("llama");
        assertThat(c.path("hidden_size").asInt()).isEqualTo(WIDTH);
        assertThat(c.path("num_key_value_heads").asInt()).isEqualTo(1);
        assertThat(c.path("rms_norm_eps").asDouble()).isEqualTo(1e-5);
        assertThat(c.path("rope_theta").asDouble()).isEqualTo(500000);
        assertThat(c.path("vocab_size").asInt()).isEqualTo(VOCABULARY);
        assertThat(c.path("tie_word_embeddings").asBoolean()).isTrue();
        arrays.put("output.weight", new int[] {VOCABULARY, WIDTH});
        assertThat(config().path("tie_word_embeddings").asBoolean()).isFalse();
    }

    @Test
    void theBaseIsLoadedWithItsTokenizer() throws IOException {
        PretrainedBase base = PretrainedBase.load(written().toString());
        assertThat(base.weights().config().vocabulary()).isEqualTo(VOCABULARY);
        assertThat(base.weights().config().attention().keyValueHeads()).isEqualTo(1);
        assertThat(base.tokenizer().encode("the 12")).hasSize(5);
        assertThat(base.tokenizer().decode(base.tokenizer().encode("the 12 é😀")))
                .isEqualTo("the 12 é😀");
        assertThat(base.tokenizer().endOfText()).isEqualTo(257);
        base.tokenizer().close();
    }

    /** The tokens of a SentencePiece tokenizer: special ones, bytes, letters, and words with their scores. */
    private void sentencePiece() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
        for (int b = 0; b < 256; b++) {
            tokens.add(String.format(Locale.ROOT, "<0x%02X>", b));
            types.add(6);
        }
        List<String> pieces = new ArrayList<>(List.of("\u2581t", "\u2581th", "he", "the"));
        "\u2581abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,;:!?'\"-/()"
                .codePoints()
                .forEach(c -> pieces.add(Character.toString(c)));
        tokens.addAll(pieces);
        pieces.forEach(p -> types.add(1));
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.remove("tokenizer.ggml.pre");
        metadata.remove("tokenizer.ggml.merges");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put(
                "tokenizer.ggml.scores",
                IntStream.range(0, tokens.size())
                        .mapToObj(i -> i < 259 ? 0f : 258f - i)
                        .toList());
        metadata.put("tokenizer.ggml.bos_token_id", 1);
    }

    private List<String> pieces(String text) throws IOException {
        try (Tokenizer t = new GgufSource(written()).tokenizer()) {
            assertThat(t.decode(t.encode(text))).isEqualTo(text);
            @SuppressWarnings("unchecked")
            List<String> tokens = (List<String>) metadata.get("tokenizer.ggml.tokens");
            return Arrays.stream(t.encode(text)).mapToObj(tokens::get).toList();
        }
    }

    @Test
    void sentencePieceJoinsThePairWithTheHighestScore() throws IOException {
        sentencePiece();
        // "▁t" has a higher score than "he": the word is "▁t", "h", "e" first, then "▁th", "e", never "▁" and "the".
        assertThat(pieces("the")).containsExactly("\u2581th", "e");
        assertThat(pieces("the the")).containsExactly("\u2581th", "e", "\u2581th", "e");
        assertThat(pieces("athe")).containsExactly("\u2581", "a", "the");
        assertThat(pieces("é")).containsExactly("\u2581", "<0xC3>", "<0xA9>");
        assertThat(separator()).containsExactly(2, 1);
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        assertThat(pieces("the the")).containsExactly("the", "\u2581th", "e");
        metadata.put("tokenizer.ggml.add_bos_token", false);
        assertThat(separator()).containsExactly(2);
    }

    /** As in files whose converter had no scores. */
    @Test
    void scoresThatSayNothingAreRefused() throws IOException {
        sentencePiece();
        List<?> tokens = (List<?>) metadata.get("tokenizer.ggml.tokens");
        metadata.put("tokenizer.ggml.scores", tokens.stream().map(t -> -1000f).toList());
        Path file = written();
        assertThatThrownBy(() -> new GgufSource(file).tokenizer())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer.ggml.scores are all -1000.0");
    }

    /** Tokens that are not used take part in joining as all others, and can be what is left. */
    @Test
    void unusedTokensAreJoinedToo() throws IOException {
        sentencePiece();
        @SuppressWarnings("unchecked")
        List<Integer> types = new ArrayList<>((List<Integer>) metadata.get("tokenizer.ggml.token_type"));
        types.set(259, 5);
        metadata.put("tokenizer.ggml.token_type", types);
        assertThat(pieces("the")).containsExactly("\u2581th", "e");
        assertThat(pieces("ta")).containsExactly("\u2581t", "a");
    }

    @Test
    void theTokenThatEndsATextCanBeNamedByItsId() throws IOException {
        sentencePiece();
        @SuppressWarnings("unchecked")
        List<String> tokens = new ArrayList<>((List<String>) metadata.get("tokenizer.ggml.tokens"));
        tokens.set(2, "<|end|>");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        assertThat(separator()).containsExactly(2, 1);
    }

    @Test
    void aSentencePieceTokenizerThatChangesTextIsRefused() throws IOException {
        sentencePiece();
        metadata.put("tokenizer.ggml.remove_extra_whitespaces", true);
        Path file = written();
        assertThatThrownBy(() -> new GgufSource(file).tokenizer())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("remove_extra_whitespaces");
    }

    /** By the file's word, and for Llama 3 without it. */
    @Test
    void theTokenBeforeATextIsReadFromTheFile() throws IOException {
        metadata.put("tokenizer.ggml.bos_token_id", 257);
        assertThat(separator()).containsExactly(257);
        metadata.put("tokenizer.ggml.add_bos_token", true);
        assertThat(separator()).containsExactly(257, 257);
        metadata.remove("tokenizer.ggml.add_bos_token");
        metadata.put("tokenizer.ggml.pre", "llama-bpe");
        assertThat(separator()).containsExactly(257, 257);
        metadata.put("tokenizer.ggml.add_bos_token", false);
        assertThat(separator()).containsExactly(257);
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.put("tokenizer.ggml.bos_token_id", 999);
        assertThatThrownBy(this::separator).hasMessageContaining("bos_token_id must be less than 258");
    }

    private int[] separator() throws IOException {
        try (Tokenizer t = new GgufSource(written()).tokenizer()) {
            return t.separator();
        }
    }

    /**
     * llama.cpp has the rows of a head as pairs that RoPE turns, (0, 1), (2, 3); Hugging Face's files as two halves.
     */
    @Test
    void rowsOfQueriesAndKeysComeInTheOrderOfHalves() throws IOException {
        try (NamedArrays a = new GgufSource(written()).arrays()) {
            float[] q = a.floats("model.layers.0.self_attn.q_proj.weight", WIDTH, WIDTH);
            int[] rows = IntStream.range(0, WIDTH)
                    .map(r -> (int) q[r * WIDTH] / WIDTH)
                    .toArray();
            assertThat(rows).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
            float[] v = a.floats("model.layers.0.self_attn.v_proj.weight", 4, WIDTH);
            assertThat(v[WIDTH]).isEqualTo(WIDTH);
            assertThat(a.names()).contains("model.norm.weight", "model.layers.0.post_attention_layernorm.weight");
        }
    }

    /** A header that was spoilt without a trace must not be noticed: it is not read again. */
    @Test
    void theHeaderIsParsedOnceUnlessTheFileChanges() throws IOException {
        Path file = written();
        GgufSource source = new GgufSource(file);
        source.config();
        FileTime time = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[0] = 'X';
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
        source.tokenizer().close();
        try (NamedArrays arrays = source.arrays()) {
            assertThat(arrays.floats("model.norm.weight", WIDTH)).startsWith(0, 1, 2);
        }
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusSeconds(1)));
        assertThatThrownBy(source::config).hasMessageContaining("is not a GGUF file");
    }

    @Test
    void factorsOfLlama3AreRecognised() throws IOException {
        arrays.put("rope_freqs.weight", new int[] {2});
        // Written as 0 and 1, which no scaling gives.
        assertThatThrownBy(this::config).hasMessageContaining("rope_freqs.weight is not that of a Llama 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "general.architecture | mamba | general.architecture must be one of [llama,",
                "llama.attention.something | 3 | llama.attention.something is not a known key",
                "llama.expert_count | 8 | llama.expert_count must be 0",
                "llama.rope.scaling.type | yarn | llama.rope.scaling.type must be none or linear, found yarn",
                "llama.rope.dimension_count | 2 | llama.rope.dimension_count must be the width of a head, 4, found 2",
                "llama.attention.value_length | 7 | llama.attention.value_length must be the width of a head, 4",
                "llama.block_count | text | llama.block_count must be a whole number, found text",
                "llama.block_count | 2 | has no array",
                "llama.feed_forward_length | 13 | has shape",
                "tokenizer.ggml.model | bert | tokenizer.ggml.model must be gpt2 (byte-level BPE) or llama",
                "tokenizer.ggml.model | llama | tokenizer.ggml.scores must be a list of numbers, found nothing",
                "tokenizer.ggml.split_digits | 1 | tokenizer.ggml.split_digits is not a known key",
                "tokenizer.ggml.pre | bloom | tokenizer.ggml.pre must be one of [gpt-2, gpt2, llama-bpe, llama3",
                "tokenizer.ggml.merges | th | tokenizer.ggml.merges must be a list of texts, found th"
            })
    void whatIsNotCoveredIsRefusedByName(String key, String value, String message) throws IOException {
        metadata.put(key, value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);
        Path file = written();
        assertThatThrownBy(() -> PretrainedBase.load(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void arraysThatWouldBeLeftUnreadAreRefused() throws IOException {
        arrays.put("blk.0.attn_sinks.weight", new int[] {2});
        Path file = written();
        assertThatThrownBy(() -> PretrainedBase.load(file.toString()))
                .hasMessageContaining("array blk.0.attn_sinks.weight is not one of a");
    }

    @Test
    void aFileThatIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("base.bin"), "not a model");
        assertThatThrownBy(() -> PretrainedBase.load(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is not a GGUF file");
    }
}
