package coterie.model.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors.Tensor;
import coterie.model.text.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a base's files say is honoured, or refused by the name of the key or array. */
class ForeignBaseTest {
    @TempDir
    Path folder;

    private ForeignBase base;

    @BeforeEach
    void write() throws IOException {
        base = ForeignBase.write(folder);
    }

    private AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(base::load).isInstanceOf(DataException.class).hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n_layer | 0 | n_layer must be a whole number from 1",
                "n_layer | -2 | n_layer must be",
                "n_layer | 2.0 | n_layer must be",
                "n_layer | \"2\" | n_layer must be",
                "n_layer | null | n_layer must be",
                "n_layer | 99999999999 | n_layer must be",
                "n_layer | 2147483647 | n_layer must be at most 10000",
                "n_layer | 9999 | too few for the 9999 layers",
                "n_layer | 1 | belongs to a layer beyond the 1",
                "n_layer | 3 | has no array",
                "n_embd | 2147483647 | n_embd must be a multiple of n_head (2)",
                "vocab_size | 1 | vocab_size must be at least 2",
                "n_embd | 1073741824 | wte.weight has shape [257, 16]",
                "n_head | 3 | n_embd must be a multiple of n_head (3), found 16",
                "vocab_size | 2147483647 | wte.weight has shape",
                "vocab_size | 256 | wte.weight has shape",
                "n_positions | 64 | wpe.weight has shape",
                "n_inner | 32 | mlp.c_fc.weight has shape [16, 64]",
                "n_inner | \"64\" | n_inner must be",
                "add_cross_attention | true | add_cross_attention",
                "activation_function | \"relu\" | activation_function must be one of",
                "activation_function | 3 | activation_function must be a text",
                "layer_norm_epsilon | 0 | layer_norm_epsilon must be greater than 0",
                "layer_norm_epsilon | \"a\" | layer_norm_epsilon must be a number",
                "scale_attn_weights | \"false\" | scale_attn_weights must be true or false",
                "scale_attn_by_inverse_layer_idx | 1 | must be true or false",
                "tie_word_embeddings | \"no\" | tie_word_embeddings must be",
                "tie_word_embeddings | false | has no array lm_head.weight",
                "quantization_config | {\"bits\": 4} | quantization_config is not supported",
                "pruned_heads | {\"0\": [1]} | pruned_heads",
                "model_type | \"bert\" | model_type must be one of [gemma2, gemma3_text, gpt2, gpt_neox, llama,",
                "model_type | 7 | model_type must be a text",
                "hidden_size | 32 | n_embd is 16, but hidden_size",
                "rotary_of_tomorrow | 0.5 | rotary_of_tomorrow is not a known key"
            })
    void aKeyThatCannotBeHonouredIsNamed(String key, String value, String message) throws IOException {
        base.config(key, value);
        refused().hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n_inner | null",
                "n_inner | 64",
                "reorder_and_upcast_attn | true",
                "attn_pdrop | 0.1",
                "hidden_size | 16",
                "rotary_of_tomorrow | null",
                "rotary_of_tomorrow | false",
                "rotary_of_tomorrow | []",
                "task_specific_params | {\"text-generation\": {\"do_sample\": true}}",
                "activation_function | \"gelu_pytorch_tanh\"",
                "torch_dtype | \"bfloat16\"",
                "quantization_config | null",
                "author | \"X\"",
                "license | \"CC-BY 4.0\"",
                "loss_type | \"ForCausalLM\"",
                "unsloth_fixed | true",
                "keys_to_ignore_at_inference | [\"past_key_values\"]",
                "attention_dropout | 0.1",
                "sep_token_id | 3",
                "pruned_heads | {}",
                "max_new_tokens | 50",
                "transformers.js_config | {\"dtype\": \"q8\"}"
            })
    void aKeyWithoutEffectPasses(String key, String value) throws IOException {
        base.config(key, value);
        assertThat(base.load().weights().config()).isEqualTo(ForeignBase.SHAPE);
    }

    /** Whatever Hugging Face's library writes of a GPT-2 by its own defaults, made as small as this base. */
    @Test
    void whatTransformersWritesOfItselfPasses() throws IOException {
        Path file = folder.resolve("config.json");
        try (InputStream in = ForeignBaseTest.class.getResourceAsStream("/transformers_gpt2_config.json")) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        String[] sizes = {"n_layer", "2", "n_embd", "16", "n_head", "2", "n_positions", "32", "vocab_size", "257"};
        for (int i = 0; i < sizes.length; i += 2) {
            base.config(sizes[i], sizes[i + 1]);
        }
        assertThat(base.load().weights().config()).isEqualTo(ForeignBase.SHAPE);
    }

    @Test
    void attentionsScalesAreRead() throws IOException {
        base.config("scale_attn_weights", "false");
        base.config("scale_attn_by_inverse_layer_idx", "true");
        DecoderConfig c = base.load().weights().config();
        assertThat(c.layers()).extracting(DecoderConfig.Layer::scale).containsExactly(1.0, 0.5);
        assertThat(ForeignBase.SHAPE.layers().get(1).scale()).isEqualTo(1 / Math.sqrt(8));
    }

    @Test
    void aHeadOfItsOwnIsReadOrRefused() throws IOException {
        Map<String, Tensor> arrays = base.arrays();
        Tensor wte = arrays.get("transformer.wte.weight");
        arrays.put("lm_head.weight", wte);
        base.arrays("model.safetensors", arrays);
        assertThatCode(base::load).doesNotThrowAnyException();
        float[] other = wte.values().clone();
        other[5]++;
        arrays.put("lm_head.weight", new Tensor(wte.shape(), other));
        base.arrays("model.safetensors", arrays);
        refused().hasMessageContaining("lm_head.weight differs from transformer.wte.weight");
        base.config("tie_word_embeddings", "false");
        MemoryWeights w = base.held();
        assertThat(w.config().tied()).isFalse();
        assertThat(w.arrays().get(w.arrays().size() - 1)).isEqualTo(other);
        assertThat(MemoryWeights.ofFlat(w.config(), w.flat()).arrays()).hasSameSizeAs(w.arrays());
        w.write(folder.resolve("model.safetensors"), NumberType.F32, Map.of());
        assertThat(base.held().arrays()).usingRecursiveComparison().isEqualTo(w.arrays());
    }

    @Test
    void anArrayLeftUnreadIsNamedButForMasks() throws IOException {
        Map<String, Tensor> arrays = base.arrays();
        arrays.put("transformer.h.0.attn.bias", new Tensor(new int[] {1, 1, 2, 2}, new float[4]));
        arrays.put("transformer.h.1.attn.masked_bias", new Tensor(new int[0], new float[] {-1e4f}));
        base.arrays("model.safetensors", arrays);
        assertThatCode(base::load).doesNotThrowAnyException();
        for (String name : new String[] {
            "score.weight",
            "transformer.h.0.crossattention.c_attn.weight",
            "lm_head.bias",
            "transformer.h.0.attn.q_attn.bias"
        }) {
            Map<String, Tensor> more = new LinkedHashMap<>(arrays);
            more.put(name, new Tensor(new int[] {1}, new float[1]));
            base.arrays("model.safetensors", more);
            refused().hasMessageContaining("array " + name).hasMessageContaining("model.safetensors");
        }
    }

    @Test
    void aWeightThatIsNotFiniteIsNamed() throws IOException {
        Map<String, Tensor> arrays = base.arrays();
        arrays.get("transformer.h.1.ln_2.weight").values()[7] = Float.NaN;
        base.arrays("model.safetensors", arrays);
        refused().hasMessageContaining("transformer.h.1.ln_2.weight is NaN at index [7]");
    }

    @Test
    void shardsAreRead() throws IOException {
        MemoryWeights whole = base.held();
        Map<String, Tensor> arrays = base.arrays();
        Files.delete(folder.resolve("model.safetensors"));
        refused().hasMessageContaining("neither model.safetensors nor model.safetensors.index.json");
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        refused().hasMessageContaining("pytorch_model.bin: pickled weights are not read");
        StringBuilder map = new StringBuilder();
        Map<String, Tensor> one = new LinkedHashMap<>();
        Map<String, Tensor> two = new LinkedHashMap<>();
        arrays.forEach((name, t) -> {
            boolean first = one.size() < 9;
            (first ? one : two).put(name, t);
            map.append(map.isEmpty() ? "" : ", ")
                    .append('"')
                    .append(name)
                    .append("\": \"")
                    .append(first ? "one" : "two")
                    .append(".safetensors\"");
        });
        base.arrays("one.safetensors", one);
        base.arrays("two.safetensors", two);
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"metadata\": {}, \"weight_map\": {" + map + "}}");
        assertThat(base.held().arrays()).usingRecursiveComparison().isEqualTo(whole.arrays());

        Files.writeString(index, "{\"weight_map\": {" + map.toString().replace("two.safe", "../two.safe") + "}}");
        refused().hasMessageContaining("must be the name of a .safetensors file");
        Files.writeString(
                index,
                "{\"weight_map\": {" + map + ", \"" + two.keySet().iterator().next() + "\": \"one.safetensors\"}}");
        refused().hasMessageContaining("Duplicate");
        Files.writeString(index, "{\"weight_map\": {" + map.toString().replaceFirst("one", "two") + "}}");
        refused()
                .hasMessageContaining("two.safetensors has no array transformer.wte.weight")
                .hasMessageContaining("it is in " + folder.resolve("one"));
        Files.writeString(index, "{\"weight_map\": {" + map.toString().replaceFirst("^[^,]*, ", "") + "}}");
        refused().hasMessageContaining("array transformer.wte.weight is not named in model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {" + map + "}}");
        two.put("transformer.wte.weight", one.get("transformer.wte.weight"));
        base.arrays("two.safetensors", two);
        refused().hasMessageContaining("array transformer.wte.weight is in two shards");
        Files.delete(folder.resolve("two.safetensors"));
        refused().hasMessageContaining("two.safetensors: there is no such file");
        Files.writeString(index, "{}");
        refused().hasMessageContaining("weight_map must name");
    }

    /** A Unigram's pieces are a list: as many ids as it is long. One beyond the embedding would end a run. */
    @Test
    void aTokenizerWithMoreTokensThanTheBaseIsRefused() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = folder.resolve("tokenizer.json");
        ObjectNode root = (ObjectNode) json.readTree(Files.readString(file));
        root.putObject("pre_tokenizer")
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", "always")
                .put("split", true);
        root.set("decoder", root.get("pre_tokenizer"));
        ArrayNode pieces = root.putObject("model")
                .put("type", "Unigram")
                .put("unk_id", 0)
                .put("byte_fallback", false)
                .putArray("vocab");
        pieces.addArray().add("<unk>").add(-1.5);
        pieces.addArray().add("\u2581").add(-1.5);
        for (char c = '!'; c <= '~'; c++) {
            pieces.addArray().add(String.valueOf(c)).add(-1.5);
        }
        while (pieces.size() < 600) {
            pieces.addArray().add("piece" + pieces.size()).add(-9.0);
        }
        ((ObjectNode) root.at("/added_tokens/0")).put("id", 600);
        Files.writeString(file, root.toString());
        refused()
                .hasMessageContaining("its tokenizer has ids up to 600")
                .hasMessageContaining("a vocabulary (vocab_size) of 257");
        while (pieces.size() > 256) {
            pieces.remove(256);
        }
        ((ObjectNode) root.at("/added_tokens/0")).put("id", 256);
        Files.writeString(file, root.toString());
        assertThatCode(base::load).doesNotThrowAnyException();
    }

    @Test
    void aPointerOfGitLfsIsToldAsSuch() throws IOException {
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            byte[] was = Files.readAllBytes(folder.resolve(file));
            Files.writeString(
                    folder.resolve(file), "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n");
            refused().hasMessageContaining(file + " is a git-lfs pointer");
            Files.write(folder.resolve(file), was);
        }
    }

    @Test
    void aConfigurationMayBeginWithAMarkAndMustBeWhole() throws IOException {
        Path file = folder.resolve("config.json");
        String was = Files.readString(file);
        Files.writeString(file, "\ufeff" + was);
        assertThatCode(base::load).doesNotThrowAnyException();
        Files.write(file, was.replace("gpt2", "gpt2\u00e4").getBytes(StandardCharsets.ISO_8859_1));
        refused().hasMessageContaining("config.json: byte");
        Files.writeString(file, was.substring(0, 40));
        refused().hasMessageContaining("config.json is not valid JSON: line 1");
        Files.delete(file);
        refused().hasMessageContaining("config.json: there is no such file");
        assertThatThrownBy(() -> PretrainedBase.load("a\0b"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("not a path");
    }

    @Test
    void anAdapterBesideTheBaseIsNotPassedOver() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        refused()
                .hasMessageContaining("adapter_config.json: a base and an adapter in one folder")
                .hasMessageContaining("model.adapter.path");
    }

    @Test
    void theBuiltInBaseNeedsNoTemporaryFolder() {
        String was = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", folder.resolve("nowhere").toString());
        try {
            PretrainedBase.load("builtin:tiny").tokenizer().close();
        } finally {
            System.setProperty("java.io.tmpdir", was);
        }
    }
}
