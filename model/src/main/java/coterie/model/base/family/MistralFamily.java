package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.ModuleNames;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Mistral (Jiang et al., arXiv 2310.06825): Llama with a window of attention in all layers. */
public record MistralFamily() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of());
    private static final Set<String> KEYS = LlamaSizes.keys("hidden_act", "sliding_window");

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
        LlamaSizes s = LlamaSizes.of(c);
        int window = c.windowOr("sliding_window", 4096);
        Layer layer = new Layer(s.scale(), window, c.rotation(s.headWidth(), 1, 10_000));
        return s.decoder(
                this,
                s.norms(NormKind.RMS, false, false),
                s.attention(false, false, 0),
                s.mlp(c.activation("hidden_act", "silu"), false),
                DecoderConfig.alike(s.layers(), layer),
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
