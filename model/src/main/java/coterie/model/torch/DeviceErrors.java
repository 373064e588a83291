package coterie.model.torch;

import ai.djl.engine.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells why a program failed on a device. DJL passes libtorch's errors on as text, in which the error itself comes
 * after lines of the program.
 */
public final class DeviceErrors {
    private static final Pattern FULL = Pattern.compile(
            "^.*(?:CUDA out of memory|CUDA error: out of memory|DefaultCPUAllocator: |_STATUS_ALLOC_FAILED).*$",
            Pattern.MULTILINE);
    private static final Pattern LOST =
            Pattern.compile("^.*(?:CUDA error|CUDA driver error|CUBLAS_STATUS_|CUDNN_STATUS_).*$", Pattern.MULTILINE);
    private static final String PREFIX = "RuntimeError: ";

    private DeviceErrors() {}

    /** Whether a program needed more memory than the device had. */
    public static boolean outOfMemory(Throwable e) {
        return line(FULL, e) != null;
    }

    /**
     * Returns an error of a program in words, if the device is the cause; any other error as it is.
     *
     * @param device its name
     */
    public static RuntimeException inWords(RuntimeException e, String device) {
        String full = line(FULL, e);
        if (full != null) {
            return DeviceFailedException.full(device + " has too little memory: " + full, e);
        }
        String lost = line(LOST, e);
        return lost == null ? e : new DeviceFailedException(device + " has failed: " + lost, true, e);
    }

    private static String line(Pattern wanted, Throwable e) {
        if (!(e instanceof EngineException) || e.getMessage() == null) {
            return null;
        }
        Matcher m = wanted.matcher(e.getMessage());
        return m.find() ? m.group().strip().replace(PREFIX, "") : null;
    }
}
