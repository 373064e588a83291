package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import coterie.model.base.Gpt2Array;
import coterie.model.base.Gpt2Config;
import coterie.model.base.Gpt2Weights;
import coterie.model.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * The frozen base on one device, loaded once and shared by all users there. Read-only, so that any number of threads
 * may compute with it.
 */
public final class Gpt2Base implements AutoCloseable {
    private final Gpt2Config config;
    private final NDManager owner;
    private final List<NDArray> list = new ArrayList<>();
    private final IValue arrays;

    /** Copies the weights onto the device; with {@link Precision#BFLOAT16} the large matrices are rounded there. */
    public Gpt2Base(Gpt2Weights weights, Precision precision, Gpt2Program program, ComputeDevice device) {
        config = weights.config();
        owner = device.root().newSubManager();
        List<Gpt2Array> layout = Gpt2Array.of(config);
        for (int k = 0; k < layout.size(); k++) {
            Gpt2Array a = layout.get(k);
            float[] values = weights.arrays().get(k);
            long[] shape = java.util.Arrays.stream(a.shape()).asLongStream().toArray();
            if (k == 0 || k == Gpt2Array.head(config)) {
                shape[0] = config.paddedVocabulary();
                values = java.util.Arrays.copyOf(values, config.paddedVocabulary() * config.width());
            }
            NDArray array = ComputeDevice.array(owner, values, shape);
            if (precision == Precision.BFLOAT16 && rounded(layout, k)) {
                try (NDArray whole = array) {
                    array = program.rounded(whole, owner);
                }
            }
            list.add(array);
        }
        arrays = Gpt2Program.of(list);
    }

    /** The linear layers, the token embedding and the head; a layer's bias goes with its weight. */
    private boolean rounded(List<Gpt2Array> layout, int k) {
        if (k == 0 || k == Gpt2Array.head(config)) {
            return true;
        }
        Gpt2Array.Kind kind = layout.get(k).kind();
        boolean weight = kind == Gpt2Array.Kind.WEIGHT || kind == Gpt2Array.Kind.RESIDUAL_WEIGHT;
        return weight || kind == Gpt2Array.Kind.BIAS && layout.get(k - 1).transposed();
    }

    public Gpt2Config config() {
        return config;
    }

    IValue arrays() {
        return arrays;
    }

    /** The arrays of a base that has the first layers of this one only. They stay this base's; the list does not. */
    IValue arrays(int layers) {
        List<NDArray> first = new ArrayList<>(list.subList(0, 4 + 12 * layers));
        if (!config.tied()) {
            first.add(list.get(Gpt2Array.head(config)));
        }
        return Gpt2Program.of(first);
    }

    @Override
    public void close() {
        arrays.close();
        owner.close();
    }
}
