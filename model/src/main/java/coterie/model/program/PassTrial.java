package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.DecoderConfig;
import coterie.model.torch.ComputeDevice;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Collections;

/**
 * Trial passes with one user repeated: they show whether a user's bits depend on the number of users in a pass, or on
 * its place there.
 *
 * <p>The program is the device's own at the same shape of batch, with two layers and two tiles of the head. It contains
 * every kind of product; for GPT-2 124M it takes a sixth of a step's time.
 */
public final class PassTrial implements AutoCloseable {
    private static final int LAYERS = 2;
    /** Standard deviation of the adapter's parameters, so that none of its products is zero. */
    private static final double SPREAD = 0.02;

    private static final long SEED = 77;
    private final DecoderProgram program;
    private final NDManager owner;
    private final IValue base;
    private final AdapterLayout layout;
    private final NDArray row;
    private final int batch;
    private final int context;
    private final long[] ids;
    private final long[] targets;

    /**
     * Compiles the program.
     *
     * @param layout of the users' adapters
     * @param batch sequences of a user in a pass
     * @param context tokens of a sequence
     */
    public PassTrial(
            FrozenBase whole,
            DecoderProgram of,
            AdapterLayout layout,
            Precision precision,
            double baseDropout,
            int batch,
            int context,
            ComputeDevice device) {
        DecoderConfig config = whole.config();
        int tile = ProgramText.tileWords(config, device.isCpu());
        int tokens = config.vocabulary() <= 2 * tile ? config.vocabulary() : tile + config.vocabulary() % tile;
        int layers = Math.min(LAYERS, config.blocks());
        this.layout = new AdapterLayout(config.resized(layers, tokens), layout.lora());
        this.batch = batch;
        this.context = context;
        RandomStream stream = RandomStream.of(SEED, Purpose.BATCH);
        ids = drawn(stream, tokens);
        targets = drawn(stream, tokens);
        float[] values = new float[this.layout.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (SPREAD * stream.gaussian());
        }
        owner = device.root().newSubManager();
        try {
            program = new DecoderProgram(
                    this.layout.config(),
                    AdamW.PAPER,
                    precision,
                    of.multiplies(),
                    baseDropout,
                    device,
                    owner,
                    !device.isCpu());
            row = ComputeDevice.array(owner, values, values.length);
            base = whole.arrays(program);
        } catch (RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    private long[] drawn(RandomStream stream, int tokens) {
        long[] all = new long[Math.multiplyExact(batch, context)];
        for (int i = 0; i < all.length; i++) {
            all[i] = stream.below(tokens);
        }
        return all;
    }

    /**
     * Computes one pass with the same user in every place.
     *
     * @param users number of places
     * @param apart whether products with the base are computed one user at a time
     * @return gradient and then loss of each place, [users, P + 1]
     */
    public float[][] pass(int users, boolean apart) {
        long[] allIds = new long[Math.multiplyExact(users, ids.length)];
        long[] allTargets = new long[allIds.length];
        long[] seeds = new long[users];
        for (int u = 0; u < users; u++) {
            System.arraycopy(ids, 0, allIds, u * ids.length, ids.length);
            System.arraycopy(targets, 0, allTargets, u * ids.length, ids.length);
            seeds[u] = SEED;
        }
        try (NDManager m = owner.newSubManager()) {
            Shape shape = new Shape((long) users * batch, context);
            DecoderProgram.Gradients g = program.gradients(
                    m.create(allIds, shape),
                    m.create(allTargets, shape),
                    layout,
                    Collections.nCopies(users, row),
                    seeds,
                    base,
                    new PassMode(apart, false),
                    m);
            float[] losses = ComputeDevice.floats(g.loss());
            float[] gradients = ComputeDevice.floats(g.gradient());
            int size = gradients.length / users;
            float[][] out = new float[users][size + 1];
            for (int u = 0; u < users; u++) {
                System.arraycopy(gradients, u * size, out[u], 0, size);
                out[u][size] = losses[u];
            }
            return out;
        }
    }

    @Override
    public void close() {
        base.close();
        owner.close();
    }
}
