package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.BaseWeights;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.util.Arrays;

/** A base on a device, without adapters and users: what it makes of a text. For one thread. */
public final class BaseSession implements AutoCloseable {
    private final ComputeDevice device;
    private final DecoderProgram program;
    private final FrozenBase base;
    private final AdapterLayout layout;
    private final NDArray none;
    private final TextGenerator generator;

    /**
     * Loads the base.
     *
     * @param deviceName {@code cpu} or {@code cuda:N}
     * @throws IllegalArgumentException if there is no such device
     * @throws coterie.model.text.DataException if the weights cannot be read, as {@link BaseWeights#read} says
     */
    public BaseSession(BaseWeights weights, Precision precision, String deviceName) {
        device = ComputeDevice.of(deviceName);
        Torch.prepareThread();
        try {
            program = new DecoderProgram(weights.config(), AdamW.PAPER, precision, 0, device);
            base = new FrozenBase(weights, program, device);
            layout = new AdapterLayout(weights.config(), LoraConfig.of(1, 1));
            none = device.root().zeros(new Shape(layout.size()));
            generator = new TextGenerator(program, base, device);
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    /**
     * Sum of the negative log likelihoods of a sequence's tokens after the first, in nats.
     *
     * @param tokens at least two, at most the context and one more
     */
    public double loss(int[] tokens) {
        long[] all = Arrays.stream(tokens).asLongStream().toArray();
        int n = tokens.length - 1;
        try (NDManager m = device.root().newSubManager()) {
            float[] losses = ComputeDevice.floats(program.losses(
                    m.create(Arrays.copyOf(all, n), new Shape(1, n)),
                    m.create(Arrays.copyOfRange(all, 1, n + 1), new Shape(1, n)),
                    layout,
                    none,
                    base,
                    DecoderProgram.QUIET,
                    m));
            double sum = 0;
            for (float loss : losses) {
                sum += loss;
            }
            return sum;
        }
    }

    /**
     * Continues a text with the most likely tokens.
     *
     * @param beginning at least one token
     * @param most number of tokens to add; fewer if the context is full before
     * @return the tokens added
     */
    public int[] continued(int[] beginning, int most) {
        return generator.continued(layout, none, beginning, most, 1, logits -> 0);
    }

    @Override
    public void close() {
        base.close();
        device.close();
    }
}
