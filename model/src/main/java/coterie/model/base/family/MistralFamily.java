package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Attention;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Inputs;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.Mlp;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.DecoderConfig.Norms;
import coterie.model.base.ModuleNames;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Mistral (Jiang et al., arXiv 2310.06825): Llama with a window of attention in all layers. */
public record MistralFamily() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of());
    private static final Set<String> KEYS = LlamaFiles.keys("hidden_act", "sliding_window");

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public String title() {
        return "Mistral";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        int width = c.count("hidden_size");
        int heads = c.count("num_attention_heads");
        int layers = c.layers("num_hidden_layers", "num_hidden_layers");
        int headWidth = c.headWidth(width, heads);
        int window = c.windowOr("sliding_window", 4096);
        Layer layer = new Layer(1 / Math.sqrt(headWidth), window, c.rotation(headWidth, 1, 10_000));
        return new DecoderConfig(
                this,
                width,
                c.count("vocab_size", 2),
                c.count("max_position_embeddings", 2),
                new Norms(NormKind.RMS, c.positive("rms_norm_eps", 1e-6), false, false),
                new Attention(heads, c.keyValueHeads(heads), headWidth, Inputs.SEPARATE, false, false, 0),
                new Mlp(c.count("intermediate_size"), c.activation("hidden_act", "silu"), true, false),
                DecoderConfig.alike(layers, layer),
                false,
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
