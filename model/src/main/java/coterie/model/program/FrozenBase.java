package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import coterie.model.base.BaseArray;
import coterie.model.base.BaseWeights;
import coterie.model.base.DecoderConfig;
import coterie.model.torch.ComputeDevice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The frozen base on one device, loaded once and shared by all users there. It is never written to, so any number of
 * threads may compute with it.
 */
public final class FrozenBase implements AutoCloseable {
    private final DecoderConfig config;
    private final NDManager owner;
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();
    private final IValue forProgram;

    /**
     * Copies the weights onto the device, piece by piece, and checks them on the way. If the program computes in
     * {@link Precision#BFLOAT16}, embeddings, output head and linear layers are rounded there.
     *
     * @throws coterie.model.text.DataException if the weights cannot be read, as {@link BaseWeights#read} says
     */
    public FrozenBase(BaseWeights weights, DecoderProgram program, ComputeDevice device) {
        config = weights.config();
        owner = device.root().newSubManager();
        try {
            weights.read(piece -> {
                BaseArray a = piece.array();
                NDArray to = arrays.computeIfAbsent(a.name(), name -> program.blank(a, shape(a), owner));
                program.fill(to, piece, owner);
            });
            forProgram = program.base(arrays);
        } catch (RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    private long[] shape(BaseArray a) {
        long[] shape = Arrays.stream(a.shape()).asLongStream().toArray();
        if (a.kind() == BaseArray.Kind.EMBEDDING) {
            shape[0] = config.paddedVocabulary();
        }
        return shape;
    }

    public DecoderConfig config() {
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
