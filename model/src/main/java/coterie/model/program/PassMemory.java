package coterie.model.program;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Inputs;

/**
 * Memory that a training pass takes, estimated from its shape: what the forward pass leaves for the gradient, which
 * grows with the tokens, and what is alive for a moment. All of it is float32, in either precision.
 *
 * @param perUser bytes for each user in the pass
 * @param once bytes that do not depend on the number of users
 */
public record PassMemory(long perUser, long once) {
    private static final int FLOAT = 4;
    /** Arrays [tokens, width] alive at once between two layers, and before and after the blocks. */
    private static final int PASSING_WIDTHS = 8;
    /** Arrays [tokens, width of the MLP] alive at once in the gradient of a block. */
    private static final int PASSING_MLP_WIDTHS = 3;
    /** Arrays [T, T] of each head where attention is not computed by a kernel that avoids them. */
    private static final int SCORES = 5;
    /** A user's row in the pass and its gradient, in parts and whole. */
    private static final int ROWS = 3;
    /** Arrays as large as a tile of the output head. */
    private static final int TILES = 3;

    /**
     * Estimates a pass.
     *
     * @param layout of the users' adapters
     * @param batch sequences of a user
     * @param context tokens of a sequence
     * @param baseDropout probability of the base's own dropout
     * @param recompute whether activations are recomputed: of each block but the last only its input is kept, and what
     *     a block needs for its gradient is alive for one block at a time
     * @param cpu whether the pass is computed on a CPU
     */
    public static PassMemory of(
            AdapterLayout layout, int batch, int context, double baseDropout, boolean recompute, boolean cpu) {
        DecoderConfig c = layout.config();
        double tokens = (double) batch * context;
        double block = kept(c, context, layout.lora().dropout() > 0, baseDropout > 0);
        double blocks = recompute ? block + (c.blocks() - 1.0) * c.width() : c.blocks() * block;
        double floats = tokens
                        * (blocks
                                + PASSING_WIDTHS * c.width()
                                + PASSING_MLP_WIDTHS * c.mlp().width())
                + (double) ROWS * layout.size();
        return new PassMemory((long) (FLOAT * floats), TILES * FLOAT * ProgramText.tileNumbers(c, cpu));
    }

    /** Numbers that a block keeps for its gradient, per token. */
    private static double kept(DecoderConfig c, int context, boolean dropout, boolean baseDropout) {
        DecoderConfig.Attention a = c.attention();
        double width = c.width();
        double queries = (double) a.heads() * a.headWidth();
        double keys = (double) a.keyValueHeads() * a.headWidth();
        double inner = c.mlp().width();
        int inputs = a.inputs() == Inputs.SEPARATE ? 3 : 1;
        int ups = c.mlp().gated() ? 2 : 1;
        // With dropout a layer keeps its mask and what the mask left of its input; without, the input, which may be
        // shared.
        double layers =
                dropout ? 2 * (inputs * width + queries + ups * width + inner) : width + queries + width + inner;
        double norms = 2 * width + (c.norms().ofOutputs() ? 2 * width : 0);
        double attention = queries + 2 * keys + queries;
        if (c.rotated() > 0) {
            attention += queries + keys;
        }
        if (a.heads() != a.keyValueHeads()) {
            attention += 2 * queries;
        }
        if (baseDropout || a.cap() > 0) {
            attention += (double) SCORES * a.heads() * context;
        }
        return layers + norms + attention + ups * inner + (baseDropout ? 2 * width : 0);
    }

    /** Bytes of a pass of so many users. */
    public double of(int users) {
        return once + (double) users * perUser;
    }

    /**
     * Users whose pass takes at most so many bytes.
     *
     * @return at least 1: whether a single user fits shows when it is tried
     */
    public int users(double bytes) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (bytes - once) / perUser));
    }
}
