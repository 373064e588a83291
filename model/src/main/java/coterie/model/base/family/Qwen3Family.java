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

/** Qwen 3 (arXiv 2505.09388): Qwen 2 with norms of each head's query and key, and biases only if the file says so. */
public record Qwen3Family() implements BaseFamily {
    private static final ModuleNames NAMES =
            LlamaFiles.names(Map.of(Role.QUERY_NORM, "self_attn.q_norm", Role.KEY_NORM, "self_attn.k_norm"));
    private static final Set<String> KEYS = LlamaSizes.keys(
            "hidden_act", "attention_bias", "use_sliding_window", "sliding_window", "max_window_layers", "layer_types");

    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public String title() {
        return "Qwen 3";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        LlamaSizes s = LlamaSizes.of(c, 128);
        Rotation rotation = c.rotation(s.headWidth(), 1, 10_000);
        List<Layer> layers = c.windows(s.layers()).stream()
                .map(window -> new Layer(s.scale(), window, rotation))
                .toList();
        boolean bias = c.flag("attention_bias", false);
        return s.decoder(
                this,
                s.norms(NormKind.RMS, true, false),
                s.attention(bias, bias, 0),
                s.mlp(c.activation("hidden_act", "silu"), false),
                layers,
                new Ends(1, c.flag("tie_word_embeddings", false), 0));
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
