package coterie.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device, named {@code cpu} or {@code cuda:0}, and the owner of all arrays on it. */
public final class ComputeDevice implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");
    private static final String MEMORY = "coterie.memory";
    /** Maximum number of bytes of a buffer that a thread keeps. */
    private static final int MOST_PASSING = 1 << 24;
    /**
     * Buffers for copying rows from Java's memory to libtorch's. DJL would allocate one for each row, which lives until
     * the next full collection.
     */
    private static final ThreadLocal<ByteBuffer> PASSING = new ThreadLocal<>();

    private final String name;
    private final NDManager root;

    private ComputeDevice(String name, NDManager root) {
        this.name = name;
        this.root = root;
    }

    /**
     * Opens a device.
     *
     * @throws IllegalArgumentException with the reason, if the name is not that of a device that can be used
     * @throws TorchUnavailableException with the reason, if libtorch cannot be loaded for the CPU
     */
    public static ComputeDevice of(String name) {
        Matcher m = NAME.matcher(name);
        if (!m.matches()) {
            throw new IllegalArgumentException("device must be cpu or cuda:N, found \"" + name + "\"");
        }
        if (name.equals("cpu")) {
            return new ComputeDevice(name, Torch.engine().newBaseManager(Device.cpu()));
        }
        int index = m.group(1) == null ? 0 : Integer.parseInt(m.group(1));
        try {
            return onGpu(index);
        } catch (TorchUnavailableException e) {
            throw new IllegalArgumentException("device " + name + ": " + e.getMessage(), e);
        }
    }

    private static ComputeDevice onGpu(int index) {
        NvidiaDriver.Gpu gpu = NvidiaDriver.ask().gpu(index);
        Engine engine = Torch.engineForGpu();
        if (!Torch.builtWithCuda()) {
            throw new TorchUnavailableException("this libtorch (" + Torch.version() + ") was built without CUDA");
        }
        if (!Torch.cuda()) {
            throw new TorchUnavailableException(
                    Torch.version() + " finds no GPU that it can use, though the driver has "
                            + gpu.name() + ": is it built for a newer CUDA than "
                            + NvidiaDriver.ask().cudaVersion() + ", which is the driver's?");
        }
        NDManager root = engine.newBaseManager(Device.gpu(index));
        // Whether libtorch has programs for a GPU of this age shows when one runs.
        try (NDArray one = root.ones(new Shape(1))) {
            floats(one.add(one));
        } catch (EngineException e) {
            root.close();
            throw new TorchUnavailableException(
                    gpu.name() + " cannot be used by " + Torch.version() + ": " + firstLine(e), e);
        }
        return new ComputeDevice(gpu.device(), root);
    }

    private static String firstLine(Throwable e) {
        return e.getMessage() == null
                ? e.toString()
                : e.getMessage().lines().findFirst().orElse("");
    }

    /**
     * The names of all GPUs that can be used.
     *
     * @return at least one
     * @throws TorchUnavailableException with the reason, if none can be used
     */
    public static List<String> gpus() {
        NvidiaDriver driver = NvidiaDriver.ask();
        if (driver.problem() != null) {
            throw new TorchUnavailableException(driver.problem());
        }
        List<String> usable = new ArrayList<>();
        TorchUnavailableException why = null;
        for (NvidiaDriver.Gpu gpu : driver.gpus()) {
            try {
                onGpu(gpu.index()).close();
                usable.add(gpu.device());
            } catch (TorchUnavailableException e) {
                why = e;
            }
        }
        if (usable.isEmpty()) {
            throw why;
        }
        return usable;
    }

    /**
     * Free bytes on a GPU.
     *
     * @throws IllegalArgumentException if it cannot be used
     */
    public static long free(String name) {
        try (ComputeDevice d = of(name)) {
            return d.free();
        }
    }

    /**
     * Bytes that are free here now, also those that libtorch keeps for later. The system property
     * {@code coterie.memory} has the number to assume instead, on every device: for tests, or to leave room for other
     * programs.
     *
     * @return {@link Long#MAX_VALUE} on a CPU, where the operating system shares out memory
     * @throws TorchUnavailableException if a GPU does not answer
     */
    public long free() {
        Long assumed = Long.getLong(MEMORY);
        if (assumed != null) {
            return assumed;
        }
        if (isCpu()) {
            return Long.MAX_VALUE;
        }
        JniUtils.emptyCudaCache();
        return NvidiaDriver.ask().free(NvidiaDriver.ask().gpu(root.getDevice().getDeviceId()));
    }

    /**
     * Bytes that a computation can take here now: those that are {@link #free}, and on a CPU those that are available
     * on the machine.
     *
     * @throws TorchUnavailableException if a GPU does not answer
     */
    public long available() {
        long free = free();
        return free == Long.MAX_VALUE ? MachineMemory.available() : free;
    }

    public String name() {
        return name;
    }

    public boolean isCpu() {
        return name.equals("cpu");
    }

    /**
     * Whether the device has matrix products in bfloat16. On a processor without them libtorch multiplies number by
     * number, 7 to 70 times as slowly as in float32.
     */
    public boolean multipliesBfloat16() {
        if (!isCpu()) {
            return true;
        }
        try (NDManager scratch = root.newSubManager()) {
            TorchScript asking = TorchScript.compile("""
                    def supported(self) -> Tensor:
                        return torch.ones([1]) if ops.mkldnn._is_mkldnn_bf16_supported() else torch.zeros([1])
                    """, scratch);
            return floats(asking.call("supported", scratch).get(0))[0] > 0;
        } catch (EngineException e) {
            // a libtorch without the library that could
            return false;
        }
    }

    /** The owner of arrays that live as long as the device is used. Temporary arrays belong in a sub-manager of it. */
    public NDManager root() {
        return root;
    }

    /**
     * A float32 array that owns its memory. DJL's {@code create} only wraps a Java buffer, which a view or a graph may
     * outlive.
     */
    public static NDArray array(NDManager owner, float[] values, long... shape) {
        try (NDArray passing = passing(owner, values, new Shape(shape))) {
            return passing.duplicate();
        }
    }

    /** A float32 array that must be copied before this thread's next call, which overwrites it. */
    public static NDArray passing(NDManager owner, float[] values, Shape shape) {
        int bytes = Math.multiplyExact(Float.BYTES, values.length);
        if (bytes > MOST_PASSING) {
            return owner.create(values, shape);
        }
        ByteBuffer buffer = PASSING.get();
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            PASSING.set(buffer);
        }
        buffer.clear().limit(bytes);
        buffer.asFloatBuffer().put(values);
        return owner.create(buffer, shape, DataType.FLOAT32);
    }

    /** The numbers of a float32 array, in Java's memory. */
    public static float[] floats(NDArray array) {
        return read(array, NDArray::toFloatArray);
    }

    /** The numbers of an int64 array, in Java's memory. */
    public static long[] longs(NDArray array) {
        return read(array, NDArray::toLongArray);
    }

    /**
     * Reads an array. DJL reads a GPU's by way of a copy in native memory, which it leaves to the array's owner and
     * thus to the end of a user's life. The copy has an owner of its own, which is closed here.
     */
    private static <T> T read(NDArray array, Function<NDArray, T> as) {
        if (!array.getDevice().isGpu()) {
            return as.apply(array);
        }
        NDArray copy = array.toDevice(Device.cpu(), true);
        NDManager owner = copy.getManager();
        try {
            return as.apply(copy);
        } finally {
            owner.close();
        }
    }

    /** Frees everything on the device. No thread may still be computing there. */
    @Override
    public void close() {
        root.close();
        FreedMemory.giveBack();
    }
}
