package coterie.model.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The peak speed of a device: that of large matrix products, with which a training step is compared. On a shared
 * machine the peak changes from minute to minute, so it must be measured beside every other measurement, with the same
 * number of threads.
 */
public final class MatrixPeak implements AutoCloseable {
    static final long FLOAT32 = 6;
    static final long BFLOAT16 = 15;
    private static final String CPU = "cpu";
    private static final int CPU_SIZE = 1536;
    /** A product of smaller matrices takes a GPU no longer than its start. */
    private static final int GPU_SIZE = 8192;

    private static final int GPU_PRODUCTS = 4;
    private static final int REPEAT = 8;
    /** Billions of operations per second by model of device. */
    private static final Map<String, Double> SPEEDS = new ConcurrentHashMap<>();

    private final ComputeDevice device;
    private final TorchScript product;
    private final NDArray a;
    private final int size;
    private final int products;
    private final int threads;
    private final ExecutorService pool;

    /**
     * For products in float32.
     *
     * @param threads number of threads that multiply at the same time, one operation each
     * @throws IllegalArgumentException if the device cannot be used
     */
    public MatrixPeak(String deviceName, int threads) {
        this(deviceName, threads, FLOAT32, deviceName.equals(CPU) ? CPU_SIZE : GPU_SIZE);
    }

    /**
     * For products of matrices [size, size] in a type.
     *
     * @param type libtorch's number of it
     */
    MatrixPeak(String deviceName, int threads, long type, int size) {
        this.size = size;
        device = ComputeDevice.of(deviceName);
        products = device.isCpu() ? 1 : GPU_PRODUCTS;
        try {
            // DJL cannot convert to bfloat16: it ends the process.
            product = TorchScript.compile("""
                    def ones(self, size: int, type: int, near: Tensor) -> Tensor:
                        return torch.ones([size, size], dtype=type, device=near.device)

                    def product(self, a: Tensor, times: int) -> Tensor:
                        c = torch.matmul(a, a)
                        for k in range(times - 1):
                            c = torch.matmul(a, a)
                        return c[0][0].to(6)
                    """, device.root());
            try (NDArray near = device.root().ones(new Shape(1));
                    IValue n = IValue.from((long) size);
                    IValue t = IValue.from(type);
                    IValue d = IValue.from((PtNDArray) near)) {
                a = product.call("ones", device.root(), n, t, d).get(0);
            }
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
        this.threads = threads;
        pool = Executors.newFixedThreadPool(threads);
    }

    /**
     * For products in bfloat16.
     *
     * @param threads number of threads that multiply at the same time, one operation each
     * @throws IllegalArgumentException if the device cannot be used
     */
    public static MatrixPeak inBfloat16(String deviceName, int threads) {
        return new MatrixPeak(deviceName, threads, BFLOAT16, deviceName.equals(CPU) ? CPU_SIZE : GPU_SIZE);
    }

    /**
     * How many cores of this machine's CPU a device is worth, by products in float32. GPUs of the same model are worth
     * the same: one is measured, once in a process.
     *
     * @throws IllegalArgumentException if the device cannot be used
     */
    public static double inCores(String deviceName) {
        String model = deviceName.equals(CPU)
                ? CPU
                : NvidiaDriver.ask().gpus().stream()
                        .filter(g -> g.device().equals(deviceName))
                        .map(NvidiaDriver.Gpu::name)
                        .findFirst()
                        .orElse(deviceName);
        double device = SPEEDS.computeIfAbsent(model, m -> speed(deviceName));
        return device / SPEEDS.computeIfAbsent(CPU, MatrixPeak::speed);
    }

    private static double speed(String deviceName) {
        try (MatrixPeak peak = new MatrixPeak(deviceName, 1)) {
            return peak.gigaflops();
        }
    }

    /**
     * Returns the billions of floating-point operations per second of one thread: the best of several products,
     * averaged over the threads.
     */
    public double gigaflops() {
        List<CompletableFuture<Double>> all = IntStream.range(0, threads)
                .mapToObj(t -> CompletableFuture.supplyAsync(this::best, pool))
                .toList();
        return all.stream().mapToDouble(CompletableFuture::join).average().orElseThrow();
    }

    private double best() {
        Torch.prepareThread();
        double best = 0;
        try (IValue x = IValue.from((PtNDArray) a);
                IValue times = IValue.from((long) products)) {
            for (int i = 0; i < REPEAT; i++) {
                try (NDManager m = device.root().newSubManager()) {
                    long t = System.nanoTime();
                    ComputeDevice.floats(product.call("product", m, x, times).get(0));
                    best = Math.max(best, 2.0 * size * size * size * products / (System.nanoTime() - t));
                }
            }
        }
        return best;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        device.close();
    }
}
