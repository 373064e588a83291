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
 * Gemma 2 (arXiv 2408.00118): norms before and after attention and MLP, scaled embeddings, soft caps, a window in every
 * other layer.
 */
public record Gemma2Family() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of(
            Role.OUTPUT_NORM,
            "post_attention_layernorm",
            Role.MLP_NORM,
            "pre_feedforward_layernorm",
            Role.DOWN_NORM,
            "post_feedforward_layernorm"));
    private static final Set<String> KEYS = LlamaSizes.keys(
            "hidden_act",
            "hidden_activation",
            "attention_bias",
            "query_pre_attn_scalar",
            "sliding_window",
            "layer_types",
            "attn_logit_softcapping",
            "final_logit_softcapping");

    @Override
    public String modelType() {
        return "gemma2";
    }

    @Override
    public String title() {
        return "Gemma 2";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        LlamaSizes s = LlamaSizes.of(c, 256);
        double scale = 1 / Math.sqrt(c.positive("query_pre_attn_scalar", 256));
        boolean bias = c.flag("attention_bias", false);
        Rotation rotation = c.rotation(s.headWidth(), 1, 10_000);
        List<Layer> layers = c.windows(s.layers(), 2).stream()
                .map(window -> new Layer(scale, window, rotation))
                .toList();
        return s.decoder(
                this,
                s.norms(NormKind.RMS_FROM_ONE, false, true),
                s.attention(bias, bias, c.capOr("attn_logit_softcapping", 50)),
                s.mlp(c.activation("hidden_activation", "gelu_pytorch_tanh"), false),
                layers,
                new Ends(
                        Math.sqrt(s.width()),
                        c.flag("tie_word_embeddings", true),
                        c.capOr("final_logit_softcapping", 30)));
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
