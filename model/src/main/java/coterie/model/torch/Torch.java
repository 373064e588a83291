package coterie.model.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** The native engine: how it is started, and what every thread must set before it computes. */
public final class Torch {
    static {
        // One intra-op thread and a worker a core: faster than many threads in one operation, and steady on a busy machine.
        System.setProperty("ai.djl.pytorch.num_threads", System.getProperty("ai.djl.pytorch.num_threads", "1"));
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private Torch() {
    }

    /** Loads libtorch, once a process; at the very first start its files are unpacked (some seconds). */
    public static Engine engine() {
        return Engine.getInstance();
    }

    /** To be called on every thread before it runs a program: these switches are a thread's own in libtorch. */
    public static void prepareThread() {
        engine();
        JniUtils.setGradMode(true);
        // The optimising executor specialises on shapes it has seen and breaks in-place additions; the plain one is as fast here.
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Threads within one native operation, for the whole process. Results are the same for any number; the default is 1. */
    public static void intraOpThreads(int threads) {
        engine();
        JniUtils.setNumThreads(threads);
    }

    public static boolean cuda() {
        engine();
        return JniUtils.getFeatures().contains("CUDA");
    }

    /** Engine and version, for results: "PyTorch 2.7.1". */
    public static String version() {
        return engine().getEngineName() + " " + engine().getVersion();
    }
}
