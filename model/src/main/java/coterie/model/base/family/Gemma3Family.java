package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.ModuleNames;
import coterie.model.base.Role;
import coterie.model.base.Rotation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gemma 3 (arXiv 2503.19786), its text models: Gemma 2 with norms of each head's query and key, without soft caps, and
 * with a θ of its own for the layers that have a window, five of six.
 */
public record Gemma3Family() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of(
            Role.OUTPUT_NORM,
            "post_attention_layernorm",
            Role.MLP_NORM,
            "pre_feedforward_layernorm",
            Role.DOWN_NORM,
            "post_feedforward_layernorm",
            Role.QUERY_NORM,
            "self_attn.q_norm",
            Role.KEY_NORM,
            "self_attn.k_norm"));
    private static final Set<String> KEYS = LlamaSizes.keys(
            "hidden_act",
            "hidden_activation",
            "attention_bias",
            "query_pre_attn_scalar",
            "sliding_window",
            "sliding_window_pattern",
            "_sliding_window_pattern",
            "layer_types",
            "rope_local_base_freq",
            "final_logit_softcapping");

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public String title() {
        return "Gemma 3";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        LlamaSizes s = LlamaSizes.of(c, 256);
        double scale = 1 / Math.sqrt(c.positive("query_pre_attn_scalar", 256));
        boolean bias = c.flag("attention_bias", false);
        Rotation full = c.rotation("full_attention", s.headWidth(), "rope_theta", 1_000_000, true);
        Rotation sliding = c.rotation("sliding_attention", s.headWidth(), "rope_local_base_freq", 10_000, false);
        int pattern = c.countOr("sliding_window_pattern", c.countOr("_sliding_window_pattern", 6));
        List<Layer> layers = c.windows(s.layers(), pattern).stream()
                .map(window -> new Layer(scale, window, window > 0 ? sliding : full))
                .toList();
        return s.decoder(
                this,
                s.norms(NormKind.RMS_FROM_ONE, true, true),
                s.attention(bias, bias, 0),
                s.mlp(c.activation("hidden_activation", "gelu_pytorch_tanh"), false),
                layers,
                new Ends(
                        Math.sqrt(s.width()),
                        c.flag("tie_word_embeddings", true),
                        c.capOr("final_logit_softcapping", 0)));
    }

    @Override
    public ModuleNames names() {
        return NAMES;
    }

    @Override
    public boolean ignores(String array) {
        return LlamaFiles.ignores(array);
    }
}
