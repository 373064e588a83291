package coterie.scenarios.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes to Hugging Face's JSON files: any that a tree allows, and settings that other programs write there. */
final class JsonSettings {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Settings of files by their name's end: where, and what. */
    private static final Map<String, List<String[]>> OTHERS = Map.of(
            "adapter_config.json",
                    List.of(
                            set("use_rslora", "true"),
                            set("use_dora", "true"),
                            set("alpha_pattern", "{\"c_fc\": 8}"),
                            set("rank_pattern", "{\"h.0\": 1}"),
                            set("bias", "\"all\""),
                            set("modules_to_save", "[\"lm_head\"]"),
                            set("init_lora_weights", "\"pissa\""),
                            set("lora_bias", "true"),
                            set("layers_to_transform", "[0]"),
                            set("target_modules", "\"all-linear\""),
                            set("target_modules", "\".*c_attn\""),
                            set("target_modules", "null"),
                            set("fan_in_fan_out", "false"),
                            set("peft_type", "\"IA3\""),
                            set("trainable_token_indices", "[1]"),
                            set("lora_alpha", "1e300"),
                            set("r", "0")),
            "config.json",
                    List.of(
                            set("scale_attn_weights", "false"),
                            set("scale_attn_by_inverse_layer_idx", "true"),
                            set("reorder_and_upcast_attn", "true"),
                            set("tie_word_embeddings", "false"),
                            set("n_inner", "32"),
                            set("n_layer", "1"),
                            set("n_layer", "3"),
                            set("n_head", "16"),
                            set("n_positions", "8"),
                            set("vocab_size", "2"),
                            set("vocab_size", "100000000"),
                            set("n_embd", "1000000"),
                            set("model_type", "\"gpt_neox\""),
                            set("activation_function", "\"relu\""),
                            set("layer_norm_epsilon", "0"),
                            set("layer_norm_epsilon", "-1"),
                            set("architectures", "[\"GPT2ForSequenceClassification\"]"),
                            set("quantization_config", "{\"bits\": 4}"),
                            set("add_cross_attention", "true"),
                            set("auto_map", "{\"AutoModel\": \"x.y\"}")),
            "tokenizer.json",
                    List.of(
                            set("normalizer", "{\"type\": \"NFC\"}"),
                            set("normalizer", "{\"type\": \"Precompiled\", \"precompiled_charsmap\": null}"),
                            set("normalizer", "{\"type\": \"Lowercase\"}"),
                            set("pre_tokenizer", "null"),
                            set("pre_tokenizer", "{\"type\": \"Whitespace\"}"),
                            set("decoder", "null"),
                            set(
                                    "pre_tokenizer",
                                    "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Isolated\","
                                            + " \"invert\": false}"),
                            set("post_processor", "{\"type\": \"TemplateProcessing\"}"),
                            set("truncation", "{\"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 9}"),
                            set("padding", "{\"strategy\": {\"Fixed\": 9}}"),
                            set("added_tokens", "[]"),
                            set("model/unk_token", "\"<unk>\""),
                            set("model/dropout", "2"),
                            set("model/dropout", "0.5"),
                            set("model/type", "\"WordPiece\""),
                            set("model/type", "\"Unigram\""),
                            set("model/vocab", "{}"),
                            set("model/merges", "[]"),
                            set("model/byte_fallback", "true"),
                            set("model/continuing_subword_prefix", "\"##\""),
                            set("model/vocab", "[[\"a\", 0.5]]"),
                            set("model/ignore_merges", "true"),
                            set("model/merges", "[\"a\"]"),
                            set("model/merges", "[\"a b c\"]")));

    private JsonSettings() {}

    private static String[] set(String where, String value) {
        return new String[] {where, value};
    }

    /**
     * Changes one thing.
     *
     * @return what was done
     */
    static String change(String name, ObjectNode tree, Random random, Raw raw) {
        List<String[]> others = OTHERS.entrySet().stream()
                .filter(e -> name.equals(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of());
        if (others.isEmpty() || random.nextInt(3) > 0) {
            return new TreeMutations(random, raw, false).mutate(tree);
        }
        String[] other = others.get(random.nextInt(others.size()));
        String[] path = other[0].split("/");
        JsonNode block = path.length == 1 ? tree : tree.path(path[0]);
        if (block instanceof ObjectNode map) {
            map.set(path[path.length - 1], parsed(other[1]));
        }
        return other[0] + ": " + other[1];
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
