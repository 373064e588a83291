package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The metadata of a GGUF file as the {@code config.json} that it was made from. A key of the architecture that is not
 * known is refused, since it may change what the model computes.
 */
final class GgufKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> COMMON = Map.of(
            "context_length", "max_position_embeddings",
            "embedding_length", "hidden_size",
            "block_count", "num_hidden_layers",
            "feed_forward_length", "intermediate_size",
            "attention.head_count", "num_attention_heads",
            "vocab_size", "vocab_size");

    static final Map<String, String> LLAMA = with(
            COMMON,
            Map.of(
                    "attention.head_count_kv", "num_key_value_heads",
                    "attention.key_length", "head_dim",
                    "attention.layer_norm_rms_epsilon", "rms_norm_eps",
                    "attention.sliding_window", "sliding_window",
                    "rope.freq_base", "rope_theta"));

    static final Map<String, String> GPT_NEOX = with(
            COMMON,
            Map.of("attention.layer_norm_epsilon", "layer_norm_eps", "use_parallel_residual", "use_parallel_residual"));

    static final Map<String, String> GPT2 = Map.of(
            "context_length", "n_positions",
            "embedding_length", "n_embd",
            "block_count", "n_layer",
            "feed_forward_length", "n_inner",
            "attention.head_count", "n_head",
            "attention.layer_norm_epsilon", "layer_norm_epsilon",
            "vocab_size", "vocab_size");

    /** Keys that are looked at beside those that are copied. */
    private static final Set<String> CHECKED = Set.of(
            "rope.dimension_count",
            "rope.scaling.type",
            "rope.scaling.factor",
            "rope.scaling.original_context_length",
            "rope.scaling.finetuned",
            "attention.value_length",
            "expert_count",
            "expert_used_count");

    /** Parameters of the scaling "llama3" that models have: factor; low 1, high 4 and 8192 positions for all. */
    private static final double[] LLAMA3_FACTORS = {8, 32};
    /** Array of RoPE's factors, one for each pair of a head; only Llama 3's have it. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    private GgufKeys() {}

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }

    /**
     * The configuration.
     *
     * @throws IOException with the first key that is missing, or that cannot be honoured
     */
    static ObjectNode config(GgufFile file, GgufArchitecture architecture) throws IOException {
        String prefix = architecture.name + ".";
        Map<String, String> keys = architecture.keys();
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", modelType(architecture));
        for (String key : new TreeMap<>(keys).keySet()) {
            copy(file, prefix + key, config, keys.get(key));
        }
        for (String key : file.keys()) {
            if (key.startsWith(prefix)) {
                String rest = key.substring(prefix.length());
                if (!keys.containsKey(rest) && !CHECKED.contains(rest)) {
                    throw new IOException(file.origin() + ": " + key + " is not a known key and may change what the"
                            + " model computes");
                }
            }
        }
        if (!file.has(prefix + "vocab_size")) {
            config.put("vocab_size", file.shape("token_embd.weight")[0]);
        }
        config.put("tie_word_embeddings", !file.names().contains("output.weight"));
        refuseExperts(file, prefix);
        rope(file, architecture, config);
        own(file, architecture, config);
        return config;
    }

    private static String modelType(GgufArchitecture architecture) {
        return switch (architecture) {
            case LLAMA -> "llama";
            case QWEN2 -> "qwen2";
            case QWEN3 -> "qwen3";
            case GEMMA3 -> "gemma3_text";
            case GPT_NEOX -> "gpt_neox";
            case GPT2 -> "gpt2";
        };
    }

    private static void copy(GgufFile file, String key, ObjectNode config, String as) throws IOException {
        if (!file.has(key)) {
            return;
        }
        if (as.startsWith("use_")) {
            config.put(as, file.flag(key, false));
        } else if (as.endsWith("_eps") || as.endsWith("_epsilon") || as.equals("rope_theta")) {
            config.put(as, file.number(key).orElseThrow());
        } else {
            config.put(as, file.count(key));
        }
    }

    private static void refuseExperts(GgufFile file, String prefix) throws IOException {
        if (file.has(prefix + "expert_count") && file.count(prefix + "expert_count") != 0) {
            throw new IOException(file.origin() + ": " + prefix + "expert_count must be 0: mixtures of experts are not"
                    + " supported, found " + file.count(prefix + "expert_count"));
        }
    }

    private static void rope(GgufFile file, GgufArchitecture architecture, ObjectNode config) throws IOException {
        String prefix = architecture.name + ".";
        if (architecture == GgufArchitecture.GPT2) {
            return;
        }
        int width = config.path("hidden_size").asInt();
        int heads = Math.max(1, config.path("num_attention_heads").asInt());
        int headWidth = config.path("head_dim").asInt(width / heads);
        if (file.has(prefix + "attention.value_length") && file.count(prefix + "attention.value_length") != headWidth) {
            throw new IOException(file.origin() + ": " + prefix + "attention.value_length must be the width of a head, "
                    + headWidth + ", found " + file.count(prefix + "attention.value_length"));
        }
        int rotated =
                file.has(prefix + "rope.dimension_count") ? file.count(prefix + "rope.dimension_count") : headWidth;
        if (architecture == GgufArchitecture.GPT_NEOX) {
            config.put("rotary_pct", (double) rotated / headWidth);
        } else if (rotated != headWidth) {
            throw new IOException(file.origin() + ": " + prefix + "rope.dimension_count must be the width of a head, "
                    + headWidth + ", found " + rotated);
        }
        String scaling = file.has(prefix + "rope.scaling.type") ? file.text(prefix + "rope.scaling.type") : "none";
        if (scaling.equals("linear")) {
            config.putObject("rope_scaling")
                    .put("rope_type", "linear")
                    .put("factor", file.number(prefix + "rope.scaling.factor").orElse(1));
        } else if (!scaling.equals("none")) {
            throw new IOException(
                    file.origin() + ": " + prefix + "rope.scaling.type must be none or linear, found " + scaling);
        }
        if (file.names().contains(ROPE_FACTORS)) {
            config.set("rope_scaling", llama3(file, config.path("rope_theta").asDouble(10000), headWidth));
        }
    }

    /** The parameters of the scaling "llama3" that give a file's factors. */
    private static ObjectNode llama3(GgufFile file, double theta, int headWidth) throws IOException {
        file.check(ROPE_FACTORS, headWidth / 2);
        float[] factors = new float[headWidth / 2];
        file.read(ROPE_FACTORS, 0, factors.length, factors);
        for (double factor : LLAMA3_FACTORS) {
            boolean equal = true;
            for (int i = 0; i < factors.length && equal; i++) {
                double length = 2 * Math.PI * Math.pow(theta, 2.0 * i / headWidth);
                double smooth = (8192 / length - 1) / (4 - 1);
                double wanted = length < 8192 / 4.0 ? 1 : length > 8192 ? factor : 1 / ((1 - smooth) / factor + smooth);
                equal = Math.abs(factors[i] - wanted) <= 1e-4 * wanted;
            }
            if (equal) {
                return JSON.createObjectNode()
                        .put("rope_type", "llama3")
                        .put("factor", factor)
                        .put("low_freq_factor", 1.0)
                        .put("high_freq_factor", 4.0)
                        .put("original_max_position_embeddings", 8192);
            }
        }
        throw new IOException(file.origin() + ": array " + ROPE_FACTORS + " is not that of a Llama 3 (factor 8 or 32,"
                + " low 1, high 4, 8192 positions)");
    }

    /** What a family's {@code config.json} says and its GGUF files do not. */
    private static void own(GgufFile file, GgufArchitecture architecture, ObjectNode config) throws IOException {
        switch (architecture) {
            case LLAMA -> {
                // A Llama has biases or has none; the file shows which.
                config.put("attention_bias", file.names().contains("blk.0.attn_q.bias"));
                config.put("mlp_bias", file.names().contains("blk.0.ffn_up.bias"));
                if (config.has("sliding_window")) {
                    config.put("model_type", "mistral");
                    config.remove(List.of("attention_bias", "mlp_bias"));
                }
            }
            case GEMMA3 -> {
                config.put("query_pre_attn_scalar", config.path("head_dim").asInt(256));
                ArrayNode layers = config.putArray("layer_types");
                for (int i = 0; i < config.path("num_hidden_layers").asInt(); i++) {
                    layers.add(i % 6 == 5 ? "full_attention" : "sliding_attention");
                }
                config.put("rope_local_base_freq", 10000.0);
            }
            default -> {}
        }
    }
}
