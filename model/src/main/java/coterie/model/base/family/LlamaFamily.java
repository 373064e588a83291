package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Activation;
import coterie.model.base.DecoderConfig.Attention;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Inputs;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.Mlp;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.DecoderConfig.Norms;
import coterie.model.base.ModuleNames;
import coterie.model.base.Rotation;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Llama (Touvron et al., 2023; SmolLM2, TinyLlama and Llama 3 as well): RMS norms, rotary positions, a gated MLP. */
public record LlamaFamily() implements BaseFamily {
    private static final ModuleNames NAMES = LlamaFiles.names(Map.of());
    private static final Set<String> KEYS = LlamaSizes.keys("hidden_act", "attention_bias", "mlp_bias");

    /** The shape of SmolLM2-135M: 134,515,008 parameters. */
    public static final DecoderConfig SMOLLM2_135M = new DecoderConfig(
            new LlamaFamily(),
            576,
            49152,
            8192,
            new Norms(NormKind.RMS, 1e-5, false, false),
            new Attention(9, 3, 64, Inputs.SEPARATE, false, false, 0),
            new Mlp(1536, Activation.SILU, true, false),
            DecoderConfig.alike(30, new Layer(0.125, 0, new Rotation(64, 100_000, new Rotation.Plain()))),
            false,
            new Ends(1, true, 0));

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public String title() {
        return "Llama";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        LlamaSizes s = LlamaSizes.of(c);
        boolean bias = c.flag("attention_bias", false);
        Layer layer = new Layer(s.scale(), 0, c.rotation(s.headWidth(), 1, 10_000));
        return s.decoder(
                this,
                s.norms(NormKind.RMS, false, false),
                s.attention(bias, bias, 0),
                s.mlp(c.activation("hidden_act", "silu"), c.flag("mlp_bias", false)),
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
