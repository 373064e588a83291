package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.ModuleNames;
import coterie.model.base.Rotation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Qwen 2 and 2.5 (arXiv 2412.15115): Llama with biases of queries, keys and values; windows in some layers, if at all.
 */
public record Qwen2Family() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of());
    private static final Set<String> KEYS =
            LlamaSizes.keys("hidden_act", "use_sliding_window", "sliding_window", "max_window_layers", "layer_types");

    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public String title() {
        return "Qwen 2";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        LlamaSizes s = LlamaSizes.of(c);
        Rotation rotation = c.rotation(s.headWidth(), 1, 10_000);
        List<Layer> layers = c.windows(s.layers()).stream()
                .map(window -> new Layer(s.scale(), window, rotation))
                .toList();
        return s.decoder(
                this,
                s.norms(NormKind.RMS, false, false),
                s.attention(true, false, 0),
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
