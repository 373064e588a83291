package coterie.model.base.family;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import coterie.model.base.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** GPT-2 (Radford et al., 2019): layer norms, learned positions, one layer for queries, keys and values, biases. */
public record Gpt2Family() implements BaseFamily {
    /** GPT-2 "small": 124,439,808 parameters. */
    public static final DecoderConfig GPT2_124M = shape(12, 768, 12, 50257, 1024);

    private static final ModuleNames NAMES = new ModuleNames(
            "transformer.",
            "h",
            Map.ofEntries(
                    entry(Role.EMBEDDING, "wte"),
                    entry(Role.POSITIONS, "wpe"),
                    entry(Role.NORM, "ln_f"),
                    entry(Role.HEAD, "lm_head"),
                    entry(Role.ATTENTION_NORM, "ln_1"),
                    entry(Role.QUERY_KEY_VALUE, "attn.c_attn"),
                    entry(Role.OUTPUT, "attn.c_proj"),
                    entry(Role.MLP_NORM, "ln_2"),
                    entry(Role.UP, "mlp.c_fc"),
                    entry(Role.DOWN, "mlp.c_proj")),
            List.of("transformer.drop"),
            List.of("attn.attn_dropout", "attn.resid_dropout", "mlp.act", "mlp.dropout"),
            List.of("c_attn"),
            true,
            "n_layer");
    /** Masks of attention, which older versions of transformers saved. */
    private static final Pattern MASK =
            Pattern.compile("(?:transformer\\.)?h\\.\\d{1,9}\\.attn\\.(?:bias|masked_bias)");

    private static final Set<String> KEYS = Set.of(
            "n_layer",
            "n_embd",
            "n_head",
            "n_positions",
            "vocab_size",
            "num_hidden_layers",
            "hidden_size",
            "num_attention_heads",
            "max_position_embeddings",
            "layer_norm_epsilon",
            "activation_function",
            "n_inner",
            "scale_attn_weights",
            "scale_attn_by_inverse_layer_idx");

    /** A shape with GPT-2's own switches. */
    public static DecoderConfig shape(int layers, int width, int heads, int vocabulary, int context) {
        return config(
                layers, width, heads, 4 * width, vocabulary, context, 1e-5, Activation.GELU_TANH, true, false, true);
    }

    /**
     * A GPT-2.
     *
     * @param inner width of the MLP
     * @param byWidth whether attention's scores are divided by √(head width) ({@code scale_attn_weights})
     * @param byLayer whether they are divided by the layer's number, the first being 1
     *     ({@code scale_attn_by_inverse_layer_idx})
     */
    public static DecoderConfig config(
            int layers,
            int width,
            int heads,
            int inner,
            int vocabulary,
            int context,
            double epsilon,
            Activation activation,
            boolean byWidth,
            boolean byLayer,
            boolean tied) {
        if (width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " is not a multiple of heads " + heads);
        }
        double scale = byWidth ? 1 / Math.sqrt((double) width / heads) : 1;
        List<Layer> all = IntStream.range(0, layers)
                .mapToObj(l -> new Layer(byLayer ? scale / (l + 1) : scale, 0, null))
                .toList();
        return new DecoderConfig(
                new Gpt2Family(),
                width,
                vocabulary,
                context,
                new Norms(NormKind.LAYER, epsilon, false, false),
                new Attention(heads, heads, width / heads, Inputs.FUSED, true, true, 0),
                new Mlp(inner, activation, false, true),
                all,
                false,
                new Ends(1, tied, 0));
    }

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public String title() {
        return "GPT-2";
    }

    @Override
    public boolean assumed() {
        return true;
    }

    @Override
    public DecoderConfig read(JsonNode json, String file) throws IOException {
        ConfigKeys c = ConfigKeys.of(json, file, KEYS);
        Activation activation = c.activation(
                "activation_function",
                "gelu_new",
                "gelu_pytorch_tanh",
                "gelu_fast",
                "gelu_accurate",
                "gelu",
                "gelu_python");
        int width = c.count("n_embd", "hidden_size", 1);
        int heads = c.count("n_head", "num_attention_heads", 1);
        c.divided("n_embd", width, "n_head", heads);
        return config(
                c.layers("n_layer", "num_hidden_layers"),
                width,
                heads,
                c.has("n_inner") ? c.count("n_inner") : (int) Math.min(Integer.MAX_VALUE, 4L * width),
                c.count("vocab_size", 2),
                c.count("n_positions", "max_position_embeddings", 2),
                c.positive("layer_norm_epsilon", 1e-5),
                activation,
                c.flag("scale_attn_weights", true),
                c.flag("scale_attn_by_inverse_layer_idx", false),
                c.flag("tie_word_embeddings", true));
    }

    @Override
    public String write(DecoderConfig config, int endOfText) {
        ObjectNode n = new ObjectMapper().createObjectNode();
        int heads = config.attention().heads();
        n.putArray("architectures").add("GPT2LMHeadModel");
        n.put("model_type", modelType()).put("activation_function", "gelu_new");
        n.put("n_layer", config.blocks()).put("n_embd", config.width()).put("n_head", heads);
        n.put("n_positions", config.context()).put("n_ctx", config.context()).put("vocab_size", config.vocabulary());
        n.put("layer_norm_epsilon", config.norms().epsilon()).put("tie_word_embeddings", true);
        n.put("bos_token_id", endOfText).put("eos_token_id", endOfText);
        n.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
        return n.toPrettyString() + "\n";
    }

    @Override
    public ModuleNames names() {
        return NAMES;
    }

    @Override
    public boolean ignores(String array) {
        return MASK.matcher(array).matches();
    }
}
