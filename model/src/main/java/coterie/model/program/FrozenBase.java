package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import coterie.model.base.BaseArray;
import coterie.model.base.BaseConfig;
import coterie.model.base.BaseWeights;
import coterie.model.torch.ComputeDevice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The frozen base on one device, loaded once and shared by all users there. It is never written to, so any number of
 * threads may compute with it.
 */
public final class FrozenBase implements AutoCloseable {
    private final BaseConfig config;
    private final NDManager owner;
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();
    private final IValue forProgram;

    /**
     * Copies the weights onto the device. With {@link Precision#BFLOAT16} embeddings, output head and linear layers are
     * rounded there.
     */
    public FrozenBase(BaseWeights weights, Precision precision, DecoderProgram program, ComputeDevice device) {
        config = weights.config();
        owner = device.root().newSubManager();
        List<BaseArray> layout = config.arrays();
        for (int k = 0; k < layout.size(); k++) {
            BaseArray a = layout.get(k);
            boolean ofTokens = a.kind() == BaseArray.Kind.EMBEDDING;
            float[] values = weights.arrays().get(k);
            long[] shape = Arrays.stream(a.shape()).asLongStream().toArray();
            if (ofTokens) {
                shape[0] = config.paddedVocabulary();
                values = Arrays.copyOf(values, config.paddedVocabulary() * config.width());
            }
            NDArray array = ComputeDevice.array(owner, values, shape);
            if (precision == Precision.BFLOAT16 && (ofTokens || a.linear())) {
                try (NDArray whole = array) {
                    array = program.rounded(whole, owner);
                }
            }
            arrays.put(a.name(), array);
        }
        forProgram = program.base(arrays);
    }

    public BaseConfig config() {
        return config;
    }

    /** The arrays as the program with which they were loaded takes them. */
    IValue arrays() {
        return forProgram;
    }

    /**
     * The same arrays for another program, which may have fewer layers and tokens.
     *
     * @return an object that belongs to the caller, unlike the arrays
     */
    IValue arrays(DecoderProgram other) {
        return other.base(arrays);
    }

    @Override
    public void close() {
        forProgram.close();
        owner.close();
    }
}
