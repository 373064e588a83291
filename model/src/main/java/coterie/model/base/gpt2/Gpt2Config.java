package coterie.model.base.gpt2;

import coterie.model.base.BaseArray;
import coterie.model.base.BaseArray.Kind;
import coterie.model.base.BaseConfig;
import coterie.model.base.BaseFamily;
import coterie.model.base.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The shape of a GPT-2.
 *
 * @param layers number of transformer blocks
 * @param width embedding width D; a multiple of {@code heads}
 * @param heads attention heads a layer
 * @param vocabulary number of tokens V
 * @param context longest sequence C
 * @param epsilon layer norms' ε
 * @param exactGelu whether GELU is computed by the error function; GPT-2's own is the tanh approximation
 * @param attention the factor of attention's scores
 * @param tied whether the output head is the token embedding; if not, it is an array of its own
 */
public record Gpt2Config(
        int layers,
        int width,
        int heads,
        int vocabulary,
        int context,
        double epsilon,
        boolean exactGelu,
        AttentionScale attention,
        boolean tied)
        implements BaseConfig {
    /**
     * The factor of attention's scores, before the softmax: GPT-2's own is 1/√(D / heads).
     *
     * @param byWidth whether 1/√(D / heads) is in it ({@code scale_attn_weights})
     * @param byLayer whether 1/(layer + 1) is in it, layers counted from 0 ({@code scale_attn_by_inverse_layer_idx})
     */
    public record AttentionScale(boolean byWidth, boolean byLayer) {
        /** GPT-2's own. */
        public static final AttentionScale STANDARD = new AttentionScale(true, false);
    }

    /** GPT-2 "small": 124,439,808 parameters. */
    public static final Gpt2Config GPT2_124M = new Gpt2Config(12, 768, 12, 50257, 1024, 1e-5, false);

    public Gpt2Config {
        if (layers < 1 || width < 1 || heads < 1 || vocabulary < 2 || context < 2) {
            throw new IllegalArgumentException(
                    "layers, width, heads must be positive, vocabulary and context at least 2: found " + layers + ", "
                            + width + ", " + heads + ", " + vocabulary + ", " + context);
        }
        if (width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " is not a multiple of heads " + heads);
        }
    }

    /** A shape with GPT-2's own attention and a tied output head. */
    public Gpt2Config(
            int layers, int width, int heads, int vocabulary, int context, double epsilon, boolean exactGelu) {
        this(layers, width, heads, vocabulary, context, epsilon, exactGelu, AttentionScale.STANDARD, true);
    }

    public static Gpt2Config of(int layers, int width, int heads, int vocabulary, int context) {
        return new Gpt2Config(layers, width, heads, vocabulary, context, 1e-5, false);
    }

    @Override
    public BaseFamily family() {
        return Gpt2Family.INSTANCE;
    }

    @Override
    public Gpt2Config withExactGelu() {
        return new Gpt2Config(layers, width, heads, vocabulary, context, epsilon, true, attention, tied);
    }

    @Override
    public Gpt2Config resized(int newLayers, int newVocabulary) {
        return new Gpt2Config(newLayers, width, heads, newVocabulary, context, epsilon, exactGelu, attention, tied);
    }

    @Override
    public int in(Projection projection) {
        return projection.equals(Gpt2Family.MLP_PROJ) ? 4 * width : width;
    }

    @Override
    public int out(Projection projection) {
        if (projection.equals(Gpt2Family.C_ATTN)) {
            return 3 * width;
        }
        return projection.equals(Gpt2Family.C_FC) ? 4 * width : width;
    }

    @Override
    public List<BaseArray> arrays() {
        List<BaseArray> all = new ArrayList<>();
        all.add(new BaseArray("wte.weight", new int[] {vocabulary, width}, false, Kind.EMBEDDING));
        all.add(new BaseArray("wpe.weight", new int[] {context, width}, false, Kind.POSITIONS));
        norm(all, "ln_f");
        for (int l = 0; l < layers; l++) {
            String h = "h." + l + ".";
            norm(all, h + "ln_1");
            linear(all, h, Gpt2Family.C_ATTN, Kind.WEIGHT);
            linear(all, h, Gpt2Family.ATTN_PROJ, Kind.RESIDUAL_WEIGHT);
            norm(all, h + "ln_2");
            linear(all, h, Gpt2Family.C_FC, Kind.WEIGHT);
            linear(all, h, Gpt2Family.MLP_PROJ, Kind.RESIDUAL_WEIGHT);
        }
        if (!tied) {
            all.add(new BaseArray(Gpt2Family.HEAD, new int[] {vocabulary, width}, false, Kind.EMBEDDING));
        }
        return all;
    }

    private void norm(List<BaseArray> all, String name) {
        all.add(new BaseArray(name + ".weight", new int[] {width}, false, Kind.GAIN));
        all.add(new BaseArray(name + ".bias", new int[] {width}, false, Kind.BIAS));
    }

    private void linear(List<BaseArray> all, String block, Projection p, Kind kind) {
        String name = block + p.name();
        all.add(new BaseArray(name + ".weight", new int[] {out(p), in(p)}, true, kind));
        all.add(new BaseArray(name + ".bias", new int[] {out(p)}, false, Kind.LINEAR_BIAS));
    }

    @Override
    public Map<String, String> script() {
        return Map.of(
                "heads",
                String.valueOf(heads),
                "head_width",
                String.valueOf(width / heads),
                "attention_scales",
                IntStream.range(0, layers)
                        .mapToObj(l -> real(attentionScale(l)))
                        .toList()
                        .toString(),
                "standard_attention",
                attention.equals(AttentionScale.STANDARD) ? "True" : "False",
                "epsilon",
                real(epsilon),
                "gelu",
                exactGelu ? "none" : "tanh");
    }

    private static String real(double x) {
        return String.format(Locale.ROOT, "%.17g", x);
    }

    @Override
    public String json(int endOfText) {
        return Gpt2ConfigFile.write(this, endOfText);
    }

    /** The factor of attention's scores in a layer, counted from 0. */
    public double attentionScale(int layer) {
        double byWidth = attention.byWidth ? 1 / Math.sqrt((double) width / heads) : 1;
        return attention.byLayer ? byWidth / (layer + 1) : byWidth;
    }

    @Override
    public long parameters() {
        return (long) vocabulary * width * (tied ? 1 : 2)
                + (long) context * width
                + layers * (12L * width * width + 13L * width)
                + 2L * width;
    }

    @Override
    public double forwardFlops(int length) {
        return 2.0 * (layers * 12.0 * width * width + (double) vocabulary * width) + layers * 4.0 * length * width;
    }

    /**
     * Back through the frozen base there is one product with every weight (nothing below the first layer's c_attn
     * learns) and two for each of attention's two; an adapter's parameter takes part in three products.
     */
    @Override
    public double trainingFlops(int length, long adapterParameters) {
        return 2 * forwardFlops(length) - 6.0 * width * width + layers * 4.0 * length * width + 6.0 * adapterParameters;
    }
}
