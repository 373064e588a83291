package coterie.model.base.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.Rotation;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of {@code config.json} of the families after GPT-2: read in both dialects, or refused by name. */
class FamilyKeysTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode golden(String family) throws IOException {
        try (InputStream in = FamilyKeysTest.class.getResourceAsStream("/families/" + family + "/base/config.json")) {
            return (ObjectNode) JSON.readTree(in);
        }
    }

    private static DecoderConfig read(ObjectNode json) throws IOException {
        return BaseFamily.of(json, "config.json").read(json, "config.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "llama | num_key_value_heads | 3 | num_key_value_heads must divide num_attention_heads",
                "llama | num_key_value_heads | 0 | num_key_value_heads must be a whole number from 1",
                "llama | head_dim | 7 | head_dim must be even, found 7",
                "llama | head_dim | \"8\" | head_dim must be a whole number",
                "llama | hidden_act | \"gelu\" | hidden_act must be one of [silu], found gelu",
                "llama | rms_norm_eps | 0 | rms_norm_eps must be greater than 0",
                "llama | mlp_bias | 1 | mlp_bias must be true or false",
                "llama | rope_theta | -1 | rope_theta must be greater than 0",
                "llama | num_hidden_layers | 2147483647 | num_hidden_layers must be at most 10000",
                "llama | rope_scaling | 3 | rope_scaling must be an object, found 3",
                "llama | rope_scaling | {\"rope_type\": \"yarn\", \"factor\": 4}"
                        + " | rope_scaling.rope_type must be one of",
                "llama | rope_scaling | {\"type\": \"linear\"} | rope_scaling of type linear must have factor",
                "llama | rope_scaling | {\"rope_type\": \"linear\", \"factor\": 0}"
                        + " | rope_scaling.factor must be greater",
                "llama | rope_scaling | {\"rope_type\": \"linear\", \"factor\": 2, \"beta\": 1}"
                        + " | rope_scaling: beta is not",
                "llama | rope_parameters | {\"rope_theta\": 7} | rope_parameters.rope_theta is 7.0, but rope_theta is",
                "llama | rope_interleaved | true | rope_interleaved is not supported",
                "llama | num_experts | 4 | num_experts is not a known key",
                "llama | quantization_config | {\"bits\": 4} | quantization_config is not supported",
                "mistral | sliding_window | 0 | sliding_window must be a whole number from 1",
                "mistral | attention_bias | true | attention_bias is not a known key",
                "qwen2 | layer_types | [\"full_attention\"]"
                        + " | layer_types must be a list of 2 (num_hidden_layers), found 1",
                "qwen2 | layer_types | [\"linear\", \"linear\"]"
                        + " | layer_types must hold full_attention and sliding_attention",
                "qwen2 | use_sliding_window | false | layer_types says that layer 1 slides",
                "gemma3_text | use_bidirectional_attention | true | use_bidirectional_attention is not supported",
                "gemma3_text | attn_logit_softcapping | 50 | attn_logit_softcapping is not a known key",
                "gemma3_text | sliding_window | null | sliding_window must be a whole number from 1, since layer 0",
                "gemma2 | final_logit_softcapping | -3 | final_logit_softcapping must be greater than 0",
                "gpt_neox | rotary_pct | 0.3 | rotary_pct is 0.3, but partial_rotary_factor, which means the same",
                "gpt_neox | partial_rotary_factor | 2 | but partial_rotary_factor, which means the same, is 2.0",
                "gpt_neox | num_attention_heads | 3 | hidden_size must be a multiple of num_attention_heads (3)",
            })
    void aKeyThatCannotBeHonouredIsNamed(String family, String key, String value, String message) throws IOException {
        ObjectNode json = golden(family);
        json.set(key, JSON.readTree(value));
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(message);
    }

    /** transformers 5 writes one object where there were several keys. */
    @Test
    void bothDialectsOfRotationSayTheSame() throws IOException {
        for (String family : new String[] {"llama", "gpt_neox"}) {
            ObjectNode json = golden(family);
            DecoderConfig expected = read(json);
            ObjectNode nested = json.path("rope_scaling").isObject()
                    ? (ObjectNode) json.remove("rope_scaling")
                    : JSON.createObjectNode().put("rope_type", "default");
            nested.set("rope_theta", json.remove("rope_theta"));
            json.remove("rotary_emb_base");
            if (json.has("partial_rotary_factor")) {
                nested.set("partial_rotary_factor", json.remove("partial_rotary_factor"));
                json.remove("rotary_pct");
            }
            json.set("rope_parameters", nested);
            assertThat(read(json)).as(family).isEqualTo(expected);
        }
        ObjectNode gemma = golden("gemma3_text");
        DecoderConfig expected = read(gemma);
        ObjectNode nested = JSON.createObjectNode();
        ObjectNode full = gemma.path("rope_scaling").isObject()
                ? (ObjectNode) gemma.remove("rope_scaling")
                : JSON.createObjectNode().put("rope_type", "default");
        full.set("rope_theta", gemma.remove("rope_theta"));
        nested.set("full_attention", full);
        nested.putObject("sliding_attention")
                .put("rope_type", "default")
                .set("rope_theta", gemma.remove("rope_local_base_freq"));
        gemma.set("rope_parameters", nested);
        assertThat(read(gemma)).isEqualTo(expected);
    }

    /** Gemma 3 without a list of layer types: five of six slide, with a θ of their own. */
    @Test
    void gemmasPatternIsFiveOfSix() throws IOException {
        ObjectNode json = golden("gemma3_text");
        json.remove("layer_types");
        json.put("num_hidden_layers", 7).put("sliding_window", 9).put("query_pre_attn_scalar", 4);
        assertThat(read(json).layers()).extracting(Layer::window).containsExactly(9, 9, 9, 9, 9, 0, 9);
        assertThat(read(json).layers())
                .extracting(l -> l.rotation().theta() == json.path("rope_theta").asDouble())
                .containsExactly(false, false, false, false, false, true, false);
        assertThat(read(json).layers()).allMatch(l -> l.scale() == 0.5);
    }

    /** Wavelengths of at most 2048 stay, those above 8192 grow by the factor, and there is no jump between. */
    @Test
    void llama3ScalesLongWavelengthsOnly() {
        Rotation.Llama3 scaling = new Rotation.Llama3(32, 1, 4, 8192);
        assertThat(scaling.of(0.1)).isEqualTo(0.1);
        double slow = 2 * Math.PI / 9000;
        assertThat(scaling.of(slow)).isEqualTo(slow / 32);
        double middle = 2 * Math.PI / 4096;
        // original / λ is 2, a third of the way from 1 to 4
        assertThat(scaling.of(middle)).isEqualTo((2.0 / 3) * middle / 32 + middle / 3, within(1e-15));
    }

    @Test
    void smolLmHasItsParameters() {
        assertThat(LlamaFamily.SMOLLM2_135M.parameters()).isEqualTo(134_515_008);
    }
}
