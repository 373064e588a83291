package coterie.model.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/** What a device can do at best: the speed of a large float32 matrix product, against which a training step is held. */
public final class MatrixPeak {
    private static final int N = 1536;
    private static final int REPEAT = 8;

    private MatrixPeak() {
    }

    /** Billions of floating-point operations a second of one calling thread, the best of several. */
    public static double gigaflops(String deviceName) {
        try (ComputeDevice device = ComputeDevice.of(deviceName)) {
            TorchScript product = TorchScript.compile("def product(self, a: Tensor, b: Tensor) -> Tensor:\n    return torch.matmul(a, b)\n", device.root());
            NDArray a = device.root().ones(new Shape(N, N));
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
    }
}
