package coterie.model.base.family;

import static java.util.Map.entry;

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
import coterie.model.base.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * GPT-NeoX (Black et al., arXiv 2204.06745; Pythia): layer norms, rotary positions of a share of each head, attention
 * and MLP in parallel.
 */
public record GptNeoxFamily() implements BaseFamily {
    private static final ModuleNames NAMES = new ModuleNames(
            "gpt_neox.",
            "layers",
            Map.ofEntries(
                    entry(Role.EMBEDDING, "embed_in"),
                    entry(Role.NORM, "final_layer_norm"),
                    entry(Role.HEAD, "embed_out"),
                    entry(Role.ATTENTION_NORM, "input_layernorm"),
                    entry(Role.QUERY_KEY_VALUE, "attention.query_key_value"),
                    entry(Role.OUTPUT, "attention.dense"),
                    entry(Role.MLP_NORM, "post_attention_layernorm"),
                    entry(Role.UP, "mlp.dense_h_to_4h"),
                    entry(Role.DOWN, "mlp.dense_4h_to_h")),
            List.of("gpt_neox.emb_dropout", "gpt_neox.rotary_emb"),
            List.of("post_attention_dropout", "post_mlp_dropout", "mlp.act"),
            List.of("query_key_value"),
            false,
            "num_hidden_layers");
    /** Masks and frequencies of attention, which older versions of transformers saved. */
    private static final Pattern BUFFER = Pattern.compile(
            "(?:gpt_neox\\.)?layers\\.\\d{1,9}\\.attention\\.(?:bias|masked_bias|rotary_emb\\.inv_freq)");

    private static final Set<String> KEYS = Set.of(
            "num_hidden_layers",
            "hidden_size",
            "intermediate_size",
            "num_attention_heads",
            "vocab_size",
            "max_position_embeddings",
            "layer_norm_eps",
            "hidden_act",
            "rotary_pct",
            "partial_rotary_factor",
            "rotary_emb_base",
            "rope_theta",
            "rope_scaling",
            "rope_parameters",
            "attention_bias",
            "use_parallel_residual");

    @Override
    public String modelType() {
        return "gpt_neox";
    }

    @Override
    public String title() {
        return "GPT-NeoX";
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        int width = c.count("hidden_size");
        int heads = c.count("num_attention_heads");
        int layers = c.layers("num_hidden_layers");
        int headWidth = c.divided("hidden_size", width, "num_attention_heads", heads);
        double share = c.same("rotary_pct", "partial_rotary_factor", 0.25);
        double theta = c.same("rotary_emb_base", "rope_theta", 10_000);
        Layer layer = new Layer(1 / Math.sqrt(headWidth), 0, c.rotation(headWidth, share, theta));
        boolean bias = c.flag("attention_bias", true);
        return new DecoderConfig(
                this,
                width,
                c.count("vocab_size", 2),
                c.count("max_position_embeddings", 2),
                new Norms(NormKind.LAYER, c.positive("layer_norm_eps", 1e-5), false, false),
                new Attention(heads, heads, headWidth, Inputs.FUSED_BY_HEAD, bias, bias, 0),
                new Mlp(
                        c.count("intermediate_size"),
                        c.activation("hidden_act", "gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"),
                        false,
                        true),
                DecoderConfig.alike(layers, layer),
                c.flag("use_parallel_residual", true),
                new Ends(1, c.flag("tie_word_embeddings", false), 0));
    }

    @Override
    public ModuleNames names() {
        return NAMES;
    }

    @Override
    public boolean ignores(String array) {
        return BUFFER.matcher(array).matches();
    }
}
