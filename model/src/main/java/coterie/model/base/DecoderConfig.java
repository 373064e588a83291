package coterie.model.base;

import coterie.model.base.BaseArray.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a decoder-only transformer computes: sizes, and the switches in which families differ. Two that are equal are
 * computed alike.
 *
 * <p>A block is {@code x += out(attention(norm(x))); x += down(mlp(norm(x)))}, with every layer listed in
 * {@link #roles}.
 *
 * @param family whose files it was read from; names modules
 * @param width D of the residual stream
 * @param vocabulary number of tokens V
 * @param context longest sequence C
 * @param norms of blocks
 * @param attention of blocks
 * @param mlp of blocks
 * @param layers what differs between blocks; one each
 * @param parallel whether a block's MLP reads the same residual stream as its attention, not what attention added to
 * @param ends what comes before and after the blocks
 */
public record DecoderConfig(
        BaseFamily family,
        int width,
        int vocabulary,
        int context,
        Norms norms,
        Attention attention,
        Mlp mlp,
        List<Layer> layers,
        boolean parallel,
        Ends ends) {
    /** How a norm is computed. */
    public enum NormKind {
        /** (x − mean) / √(variance + ε) · gain + bias. */
        LAYER,
        /** x / √(mean(x²) + ε) · gain (Zhang and Sennrich, arXiv 1910.07467). */
        RMS,
        /** The same with 1 + gain. */
        RMS_FROM_ONE
    }

    /**
     * Norms of a block.
     *
     * @param kind of all of them
     * @param epsilon ε
     * @param ofHeads whether each head's query and key are normed
     * @param ofOutputs whether the outputs of attention and MLP are normed before they are added
     */
    public record Norms(NormKind kind, double epsilon, boolean ofHeads, boolean ofOutputs) {}

    /** The linear layers that make queries, keys and values. */
    public enum Inputs {
        /** One each. */
        SEPARATE,
        /** One, whose outputs are [3, heads, head width]. */
        FUSED,
        /** One, whose outputs are [heads, 3, head width]. */
        FUSED_BY_HEAD
    }

    /**
     * Attention.
     *
     * @param heads of queries
     * @param keyValueHeads of keys and values; each serves heads / keyValueHeads queries (Ainslie et al., arXiv
     *     2305.13245)
     * @param headWidth numbers of a head
     * @param inputs layers of queries, keys and values
     * @param inputBias whether these have biases
     * @param outputBias whether the output layer has one
     * @param cap scores s become cap · tanh(s / cap); 0 for none
     */
    public record Attention(
            int heads,
            int keyValueHeads,
            int headWidth,
            Inputs inputs,
            boolean inputBias,
            boolean outputBias,
            double cap) {}

    /** Activation of the MLP. */
    public enum Activation {
        /** By the error function. */
        GELU,
        /** Its tanh approximation. */
        GELU_TANH,
        /** x · sigmoid(x). */
        SILU
    }

    /**
     * The MLP: down(activation(up(x))), or down(activation(gate(x)) · up(x)) if it is gated.
     *
     * @param width of its inner layer
     */
    public record Mlp(int width, Activation activation, boolean gated, boolean bias) {}

    /**
     * A block's attention.
     *
     * @param scale of scores, before the softmax
     * @param window positions a token sees, itself among them; 0 for all
     * @param rotation of positions; null if positions are learned
     */
    public record Layer(double scale, int window, Rotation rotation) {}

    /**
     * What comes before and after the blocks.
     *
     * @param embeddingScale factor of embeddings, rounded to the type of the weights
     * @param tied whether the output head is the token embedding; if not, it is an array of its own
     * @param cap logits z become cap · tanh(z / cap); 0 for none
     */
    public record Ends(double embeddingScale, boolean tied, double cap) {}

    public DecoderConfig {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || width < 1 || vocabulary < 2 || context < 2 || mlp.width < 1) {
            throw new IllegalArgumentException("layers and widths must be positive, vocabulary and context at least 2: "
                    + "found " + layers.size() + ", " + width + ", " + mlp.width + ", " + vocabulary + ", " + context);
        }
        if (attention.heads < 1
                || attention.keyValueHeads < 1
                || attention.headWidth < 1
                || attention.heads % attention.keyValueHeads != 0) {
            throw new IllegalArgumentException("heads must be a multiple of key and value heads, found "
                    + attention.heads + " and " + attention.keyValueHeads + " of width " + attention.headWidth);
        }
        int rotated = rotated(layers.get(0));
        if (layers.stream().anyMatch(l -> rotated(l) != rotated) || rotated > attention.headWidth) {
            throw new IllegalArgumentException(
                    "all layers must rotate as many of a head's " + attention.headWidth + " numbers, found " + rotated);
        }
    }

    private static int rotated(Layer l) {
        return l.rotation == null ? 0 : l.rotation.width();
    }

    /** Numbers of a head that rotate; 0 if positions are learned. */
    public int rotated() {
        return rotated(layers.get(0));
    }

    /** Number of blocks. */
    public int blocks() {
        return layers.size();
    }

    public boolean tied() {
        return ends.tied;
    }

    /** The factor of attention's scores if nothing else is said: 1/√(head width). */
    public double standardScale() {
        return 1 / Math.sqrt(attention.headWidth);
    }

    /** Modules of a block, in the order of the arrays; linear layers in the order of an adapter's flat row. */
    public List<Role> roles() {
        List<Role> all = new ArrayList<>(List.of(Role.ATTENTION_NORM));
        all.addAll(
                attention.inputs == Inputs.SEPARATE
                        ? List.of(Role.QUERY, Role.KEY, Role.VALUE)
                        : List.of(Role.QUERY_KEY_VALUE));
        if (norms.ofHeads) {
            all.addAll(List.of(Role.QUERY_NORM, Role.KEY_NORM));
        }
        all.add(Role.OUTPUT);
        if (norms.ofOutputs) {
            all.add(Role.OUTPUT_NORM);
        }
        all.add(Role.MLP_NORM);
        if (mlp.gated) {
            all.add(Role.GATE);
        }
        all.addAll(List.of(Role.UP, Role.DOWN));
        if (norms.ofOutputs) {
            all.add(Role.DOWN_NORM);
        }
        return all;
    }

    /** Width of a linear layer's input. */
    public int in(Role role) {
        return switch (role) {
            case OUTPUT -> attention.heads * attention.headWidth;
            case DOWN -> mlp.width;
            default -> width;
        };
    }

    /** Width of a linear layer's output. */
    public int out(Role role) {
        return switch (role) {
            case QUERY_KEY_VALUE -> (attention.heads + 2 * attention.keyValueHeads) * attention.headWidth;
            case QUERY -> attention.heads * attention.headWidth;
            case KEY, VALUE -> attention.keyValueHeads * attention.headWidth;
            case GATE, UP -> mlp.width;
            default -> width;
        };
    }

    /** All arrays, the token embedding first and an output head of its own last. */
    public List<BaseArray> arrays() {
        List<BaseArray> all = new ArrayList<>();
        int[] words = {vocabulary, width};
        all.add(new BaseArray(Role.EMBEDDING, 0, "weight", words, Kind.EMBEDDING));
        if (rotated() == 0) {
            all.add(new BaseArray(Role.POSITIONS, 0, "weight", new int[] {context, width}, Kind.POSITIONS));
        }
        norm(all, Role.NORM, 0);
        for (int l = 0; l < blocks(); l++) {
            for (Role r : roles()) {
                if (r.linear()) {
                    linear(all, r, l);
                } else {
                    norm(all, r, l);
                }
            }
        }
        if (!tied()) {
            all.add(new BaseArray(Role.HEAD, 0, "weight", words, Kind.EMBEDDING));
        }
        return all;
    }

    private void norm(List<BaseArray> all, Role role, int block) {
        boolean ofHeads = role == Role.QUERY_NORM || role == Role.KEY_NORM;
        int[] shape = {ofHeads ? attention.headWidth : width};
        all.add(new BaseArray(role, block, "weight", shape, Kind.GAIN));
        if (norms.kind == NormKind.LAYER) {
            all.add(new BaseArray(role, block, "bias", shape, Kind.BIAS));
        }
    }

    private void linear(List<BaseArray> all, Role role, int block) {
        Kind kind = role == Role.OUTPUT || role == Role.DOWN ? Kind.RESIDUAL_WEIGHT : Kind.WEIGHT;
        all.add(new BaseArray(role, block, "weight", new int[] {out(role), in(role)}, kind));
        boolean bias = role.mlp() ? mlp.bias : role == Role.OUTPUT ? attention.outputBias : attention.inputBias;
        if (bias) {
            all.add(new BaseArray(role, block, "bias", new int[] {out(role)}, Kind.LINEAR_BIAS));
        }
    }

    /** Number of parameters; those of a tied output head are counted once. */
    public long parameters() {
        return arrays().stream().mapToLong(BaseArray::size).sum();
    }

    /** Parameters of a block's linear layers, without biases. */
    private long weights() {
        return roles().stream()
                .filter(Role::linear)
                .mapToLong(r -> (long) in(r) * out(r))
                .sum();
    }

    /** Operations of one of attention's two products in all blocks, per token of a sequence of this length. */
    private double attentionFlops(int length) {
        return layers.stream()
                .mapToDouble(l -> 2.0 * in(Role.OUTPUT) * (l.window == 0 ? length : Math.min(length, l.window)))
                .sum();
    }

    /**
     * Floating-point operations (two a multiply-add) of the matrix products of a forward pass, per token of a sequence
     * of this length.
     */
    public double forwardFlops(int length) {
        return 2.0 * (blocks() * (double) weights() + (double) vocabulary * width) + 2 * attentionFlops(length);
    }

    /**
     * Floating-point operations of a training step with LoRA, per token of a sequence of this length. Back through the
     * frozen base there is one product with every weight (nothing below the first block's queries, keys and values
     * learns) and two for each of attention's two; an adapter's parameter takes part in three products.
     *
     * @param adapterParameters trainable parameters of a user
     */
    public double trainingFlops(int length, long adapterParameters) {
        double inputs = roles().stream()
                .filter(r -> r.linear() && r.compareTo(Role.VALUE) <= 0)
                .mapToDouble(r -> 2.0 * in(r) * out(r))
                .sum();
        return 2 * forwardFlops(length) - inputs + 2 * attentionFlops(length) + 6.0 * adapterParameters;
    }

    /** The same with another number of blocks, at most as many, and tokens. */
    public DecoderConfig resized(int newBlocks, int newVocabulary) {
        return new DecoderConfig(
                family,
                width,
                newVocabulary,
                context,
                norms,
                attention,
                mlp,
                layers.subList(0, newBlocks),
                parallel,
                ends);
    }

    /**
     * The same with GELU computed by the error function, as the paper's released code does.
     *
     * @throws IllegalArgumentException if the MLP has no GELU
     */
    public DecoderConfig withExactGelu() {
        if (mlp.activation == Activation.SILU) {
            throw new IllegalArgumentException(family.title() + " has no GELU");
        }
        Mlp exact = new Mlp(mlp.width, Activation.GELU, mlp.gated, mlp.bias);
        return new DecoderConfig(family, width, vocabulary, context, norms, attention, exact, layers, parallel, ends);
    }

    /** The vocabulary rounded up to a multiple of 64: matrix products of an odd width are a third slower. */
    public int paddedVocabulary() {
        return (vocabulary + 63) / 64 * 64;
    }

    /** As many layers that are all alike. */
    public static List<Layer> alike(int count, Layer layer) {
        return Collections.nCopies(count, layer);
    }
}
