package coterie.model.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The peak speed of a device: that of large float32 matrix products, with which a training step is compared. On a
 * shared machine the peak changes from minute to minute, so it must be measured beside every other measurement, with
 * the same number of threads.
 */
public final class MatrixPeak implements AutoCloseable {
    private static final int N = 1536;
    private static final int REPEAT = 8;
    private final ComputeDevice device;
    private final TorchScript product;
    private final NDArray a;
    private final int threads;
    private final ExecutorService pool;

    /** @param threads number of threads that multiply at the same time, one operation each */
    public MatrixPeak(String deviceName, int threads) {
        device = ComputeDevice.of(deviceName);
        product = TorchScript.compile(
                "def product(self, a: Tensor, b: Tensor) -> Tensor:\n    return torch.matmul(a, b)\n", device.root());
        a = device.root().ones(new Shape(N, N));
        this.threads = threads;
        pool = Executors.newFixedThreadPool(threads);
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
        try (IValue x = IValue.from((PtNDArray) a)) {
            for (int i = 0; i < REPEAT; i++) {
                try (NDManager m = device.root().newSubManager()) {
                    long t = System.nanoTime();
                    product.call("product", m, x, x).get(0).get(0).get(0).getFloat();
                    best = Math.max(best, 2.0 * N * N * N / (System.nanoTime() - t));
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
