package coterie.model.base.family;

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
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the {@code config.json} of Llama and of the families made after it says under the same keys, and the parts of a
 * {@link DecoderConfig} that follow from it.
 *
 * @param width of the residual stream
 * @param vocabulary number of tokens
 * @param context longest sequence
 * @param layers number of blocks
 * @param heads of queries
 * @param keyValueHeads of keys and values
 * @param headWidth numbers of a head
 * @param inner width of the MLP's inner layer
 * @param epsilon of norms
 */
record LlamaSizes(
        int width,
        int vocabulary,
        int context,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int inner,
        double epsilon) {
    /** The keys that are read here, and those of the rotation. */
    private static final Set<String> KEYS = Set.of(
            "num_hidden_layers",
            "hidden_size",
            "intermediate_size",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "vocab_size",
            "max_position_embeddings",
            "rms_norm_eps",
            "rope_theta",
            "rope_scaling",
            "rope_parameters");

    /** The keys that all have, and a family's own. */
    static Set<String> keys(String... own) {
        Set<String> all = new HashSet<>(KEYS);
        all.addAll(List.of(own));
        return all;
    }

    /** Reads them. If {@code head_dim} is absent, the heads share the width of the residual stream. */
    static LlamaSizes of(ConfigKeys c) throws IOException {
        return of(c, 0);
    }

    /**
     * Reads them.
     *
     * @param headWidth default of {@code head_dim}; 0 if the heads share the width of the residual stream
     */
    static LlamaSizes of(ConfigKeys c, int headWidth) throws IOException {
        int width = c.count("hidden_size");
        int heads = c.count("num_attention_heads");
        int layers = c.layers("num_hidden_layers");
        return new LlamaSizes(
                width,
                c.count("vocab_size", 2),
                c.count("max_position_embeddings", 2),
                layers,
                heads,
                c.keyValueHeads(heads),
                headWidth == 0 ? c.headWidth(width, heads) : c.evenOr("head_dim", headWidth),
                c.count("intermediate_size"),
                c.positive("rms_norm_eps", 1e-6));
    }

    /** The factor of attention's scores if the family has no other. */
    double scale() {
        return 1 / Math.sqrt(headWidth);
    }

    Norms norms(NormKind kind, boolean ofHeads, boolean ofOutputs) {
        return new Norms(kind, epsilon, ofHeads, ofOutputs);
    }

    Attention attention(boolean inputBias, boolean outputBias, double cap) {
        return new Attention(heads, keyValueHeads, headWidth, Inputs.SEPARATE, inputBias, outputBias, cap);
    }

    Mlp mlp(Activation activation, boolean bias) {
        return new Mlp(inner, activation, true, bias);
    }

    DecoderConfig decoder(BaseFamily family, Norms norms, Attention attention, Mlp mlp, List<Layer> blocks, Ends ends) {
        return new DecoderConfig(family, width, vocabulary, context, norms, attention, mlp, blocks, false, ends);
    }
}
