package coterie.model.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The GPUs of this machine, told by NVIDIA's driver: its library comes with the driver, while CUDA's comes with
 * libtorch, if at all.
 */
public final class NvidiaDriver {
    /**
     * A GPU.
     *
     * @param index counts the GPUs that this process may use
     * @param bytes all of its memory
     * @param major first number of its compute capability
     * @param minor second number of its compute capability
     */
    public record Gpu(int index, String name, long bytes, int major, int minor) {
        private static final int MULTIPLIES_BFLOAT16 = 8;

        /** Its name on the command line. */
        public String device() {
            return "cuda:" + index;
        }

        /** Whether it has units for matrix products in bfloat16. */
        public boolean multipliesBfloat16() {
            return major >= MULTIPLIES_BFLOAT16;
        }
    }

    /** Functions of the driver's library; each returns 0, or a number for what went wrong. */
    private interface Cuda extends Library {
        int cuInit(int flags);

        int cuGetErrorString(int error, PointerByReference text);

        int cuDriverGetVersion(int[] version);

        int cuDeviceGetCount(int[] count);

        int cuDeviceGet(int[] device, int index);

        int cuDeviceGetName(byte[] name, int length, int device);

        int cuDeviceTotalMem_v2(long[] bytes, int device);

        int cuDeviceGetAttribute(int[] value, int attribute, int device);

        int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

        int cuDevicePrimaryCtxRelease_v2(int device);

        int cuCtxPushCurrent_v2(Pointer context);

        int cuCtxPopCurrent_v2(PointerByReference context);

        int cuMemGetInfo_v2(long[] free, long[] total);
    }

    private static final String LIBRARY = "libcuda.so.1";
    private static final Path FOLDER = Path.of("/proc/driver/nvidia/gpus");
    private static final int NAME_LENGTH = 256;
    private static final int COMPUTE_MAJOR = 75;
    private static final int COMPUTE_MINOR = 76;
    private static final int NO_DEVICE = 100;
    private static NvidiaDriver driver;

    private final Cuda cuda;
    private final int version;
    private final List<Gpu> gpus;
    private final String problem;

    private NvidiaDriver(Cuda cuda, int version, List<Gpu> gpus, String problem) {
        this.cuda = cuda;
        this.version = version;
        this.gpus = List.copyOf(gpus);
        this.problem = problem;
    }

    /** Asks the driver, once per process. */
    public static synchronized NvidiaDriver ask() {
        if (driver == null) {
            driver = load();
        }
        return driver;
    }

    /** The GPUs that this process may use; none if there is a {@link #problem}. */
    public List<Gpu> gpus() {
        return gpus;
    }

    /** Why this process can use none, in one line; null if it can. */
    public String problem() {
        return problem;
    }

    /** The newest version of CUDA that the driver can run, such as 12.8; null without a driver. */
    public String cudaVersion() {
        return version == 0 ? null : version / 1000 + "." + version % 1000 / 10;
    }

    /**
     * Finds a GPU.
     *
     * @throws TorchUnavailableException with the reason, if it is not there
     */
    Gpu gpu(int index) {
        if (problem != null) {
            throw new TorchUnavailableException(problem);
        }
        if (index >= gpus.size()) {
            throw new TorchUnavailableException("there is no such GPU here; those that can be used: "
                    + String.join(", ", gpus.stream().map(Gpu::device).toList()));
        }
        return gpus.get(index);
    }

    /** Free bytes on a GPU. */
    long free(Gpu gpu) {
        int[] device = new int[1];
        check(cuda.cuDeviceGet(device, gpu.index()));
        PointerByReference context = new PointerByReference();
        // The one that libtorch uses too: another would take memory of its own.
        check(cuda.cuDevicePrimaryCtxRetain(context, device[0]));
        try {
            check(cuda.cuCtxPushCurrent_v2(context.getValue()));
            try {
                long[] free = new long[1];
                check(cuda.cuMemGetInfo_v2(free, new long[1]));
                return free[0];
            } finally {
                cuda.cuCtxPopCurrent_v2(new PointerByReference());
            }
        } finally {
            cuda.cuDevicePrimaryCtxRelease_v2(device[0]);
        }
    }

    private void check(int error) {
        if (error != 0) {
            throw new TorchUnavailableException("NVIDIA's driver: " + text(cuda, error));
        }
    }

    private static NvidiaDriver load() {
        Cuda cuda;
        try {
            cuda = Native.load(LIBRARY, Cuda.class);
        } catch (LinkageError e) {
            List<String> names = listed(FOLDER);
            return none(
                    names.isEmpty()
                            ? "this machine has no driver of NVIDIA: " + LIBRARY + " cannot be loaded"
                            : "this machine has " + String.join(", ", names) + ", but " + LIBRARY
                                    + " cannot be loaded: install the driver, or start the container with its GPUs");
        }
        int error = cuda.cuInit(0);
        if (error != 0) {
            String visible = System.getenv("CUDA_VISIBLE_DEVICES");
            return none("NVIDIA's driver finds no GPU that can be used: " + text(cuda, error)
                    + (error == NO_DEVICE && visible != null ? " (CUDA_VISIBLE_DEVICES is \"" + visible + "\")" : ""));
        }
        int[] version = new int[1];
        cuda.cuDriverGetVersion(version);
        List<Gpu> gpus = gpus(cuda);
        return new NvidiaDriver(
                cuda, version[0], gpus, gpus.isEmpty() ? "NVIDIA's driver finds no GPU that can be used" : null);
    }

    private static NvidiaDriver none(String problem) {
        return new NvidiaDriver(null, 0, List.of(), problem);
    }

    private static List<Gpu> gpus(Cuda cuda) {
        int[] count = new int[1];
        cuda.cuDeviceGetCount(count);
        List<Gpu> all = new ArrayList<>();
        for (int k = 0; k < count[0]; k++) {
            int[] device = new int[1];
            cuda.cuDeviceGet(device, k);
            byte[] name = new byte[NAME_LENGTH];
            cuda.cuDeviceGetName(name, name.length, device[0]);
            long[] bytes = new long[1];
            cuda.cuDeviceTotalMem_v2(bytes, device[0]);
            int[] major = new int[1];
            int[] minor = new int[1];
            cuda.cuDeviceGetAttribute(major, COMPUTE_MAJOR, device[0]);
            cuda.cuDeviceGetAttribute(minor, COMPUTE_MINOR, device[0]);
            all.add(new Gpu(k, Native.toString(name, StandardCharsets.UTF_8), bytes[0], major[0], minor[0]));
        }
        return all;
    }

    private static String text(Cuda cuda, int error) {
        PointerByReference text = new PointerByReference();
        return cuda.cuGetErrorString(error, text) == 0
                ? text.getValue().getString(0) + " (" + error + ")"
                : "error " + error;
    }

    /** Models that the kernel's part of the driver lists. */
    static List<String> listed(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<String> names = new ArrayList<>();
            for (Path gpu : all.sorted().toList()) {
                try (Stream<String> lines = Files.lines(gpu.resolve("information"))) {
                    lines.filter(l -> l.startsWith("Model:"))
                            .map(l -> l.substring("Model:".length()).strip())
                            .forEach(names::add);
                }
            }
            return names;
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
