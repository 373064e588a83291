package coterie.model.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** The native engine: starts it, and sets what every thread must set before it computes. */
public final class Torch {
    /**
     * One thread per operation and one worker per core: faster than many threads in one operation, and steady on a busy
     * machine.
     */
    private static final int INTRA_OP_THREADS = 1;

    private static volatile Engine engine;
    private static volatile boolean gpu;
    private static volatile boolean builtWithCuda;
    private static String failed;

    static {
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(INTRA_OP_THREADS));
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private Torch() {}

    /**
     * Loads libtorch, once per process. The first start on a machine unpacks its files, which takes some seconds.
     *
     * @throws TorchUnavailableException with the reason, where it cannot be loaded on this machine
     */
    public static Engine engine() {
        Engine e = engine;
        if (e == null) {
            e = load();
        }
        return e;
    }

    /**
     * The same, for a GPU. If no libtorch for one can be had, another may still be loaded for the CPU.
     *
     * @throws TorchUnavailableException with the reason, where it cannot be had or cannot be loaded
     */
    static Engine engineForGpu() {
        boolean before = gpu;
        gpu = true;
        try {
            return engine();
        } catch (TorchUnavailableException e) {
            gpu = before;
            throw e;
        }
    }

    private static synchronized Engine load() {
        if (failed != null) {
            // DJL does not load a second time.
            throw new TorchUnavailableException(failed);
        }
        if (engine == null) {
            TorchLibraries python = NativeLibraries.python(gpu);
            try {
                builtWithCuda = python == null ? NativeLibraries.cudaFlavor() : python.cuda();
                engine = NativeLibraries.torch(Engine::getInstance, python);
            } catch (TorchUnavailableException e) {
                failed = e.getMessage();
                throw e;
            }
        }
        return engine;
    }

    /** Must be called on every thread before it runs a program: libtorch has these switches per thread. */
    public static void prepareThread() {
        engine();
        // Otherwise a thread whose first operation is a matrix product would use all cores for it.
        JniUtils.setNumThreads(INTRA_OP_THREADS);
        JniUtils.setGradMode(true);
        // The optimising executor specialises on shapes that it has seen and breaks in-place additions; the plain one
        // is as fast here.
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Whether libtorch was built for GPUs, wherever it may run. */
    static boolean builtWithCuda() {
        engine();
        return builtWithCuda;
    }

    /** Whether libtorch finds a GPU. */
    public static boolean cuda() {
        engine();
        return JniUtils.getFeatures().contains("CUDA");
    }

    /** Engine and version, for results: "PyTorch 2.7.1". */
    public static String version() {
        return engine().getEngineName() + " " + engine().getVersion();
    }
}
