package coterie.model.base;

/**
 * The shape of a GPT-2.
 *
 * @param layers number of transformer blocks
 * @param width embedding width D; a multiple of {@code heads}
 * @param heads attention heads a layer
 * @param vocabulary number of tokens V
 * @param context longest sequence C
 * @param epsilon layer norms' ε
 * @param exactGelu whether GELU is computed by the error function; GPT-2 itself takes the tanh form
 * @param attention what attention's scores are multiplied by
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
        boolean tied) {
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

    /** With GPT-2's own attention, and the token embedding as output head. */
    public Gpt2Config(
            int layers, int width, int heads, int vocabulary, int context, double epsilon, boolean exactGelu) {
        this(layers, width, heads, vocabulary, context, epsilon, exactGelu, AttentionScale.STANDARD, true);
    }

    public static Gpt2Config of(int layers, int width, int heads, int vocabulary, int context) {
        return new Gpt2Config(layers, width, heads, vocabulary, context, 1e-5, false);
    }

    public Gpt2Config withExactGelu(boolean exact) {
        return new Gpt2Config(layers, width, heads, vocabulary, context, epsilon, exact, attention, tied);
    }

    /** The same shape with fewer layers and tokens. */
    public Gpt2Config reduced(int fewerLayers, int fewerTokens) {
        return new Gpt2Config(fewerLayers, width, heads, fewerTokens, context, epsilon, exactGelu, attention, tied);
    }

    /** The vocabulary rounded up to a multiple of 64: matrix products of an odd width run a third slower. */
    public int paddedVocabulary() {
        return (vocabulary + 63) / 64 * 64;
    }

    /** What attention's scores are multiplied by in a layer, counted from 0. */
    public double attentionScale(int layer) {
        double byWidth = attention.byWidth ? 1 / Math.sqrt((double) width / heads) : 1;
        return attention.byLayer ? byWidth / (layer + 1) : byWidth;
    }

    /** Parameters of the base, a tied output head not counted again. */
    public long parameters() {
        return (long) vocabulary * width * (tied ? 1 : 2)
                + (long) context * width
                + layers * (12L * width * width + 13L * width)
                + 2L * width;
    }

    /**
     * Floating-point operations (two a multiply-add) of a forward pass's matrix products, per token of a sequence this
     * long.
     */
    public double forwardFlops(int length) {
        return 2.0 * (layers * 12.0 * width * width + (double) vocabulary * width) + layers * 4.0 * length * width;
    }

    /**
     * The same of a whole training step, per token: on the way back through the frozen base a product with every weight
     * (below the first layer's c_attn nothing learns) and two for each of attention's two; an adapter's parameter takes
     * part in three.
     *
     * @param adapterParameters trainable parameters of a user
     */
    public double trainingFlops(int length, long adapterParameters) {
        return 2 * forwardFlops(length) - 6.0 * width * width + layers * 4.0 * length * width + 6.0 * adapterParameters;
    }
}
