package coterie.model.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.function.Supplier;

/**
 * Keeps what native code writes to standard error from users. libtorch tells of its own deprecated internals when the first program is loaded, past
 * every setting that could forbid it.
 */
final class NativeStderr {
    private static final int STDERR = 2;
    private static final int O_WRONLY = 1;

    private interface C extends Library {
        int dup(int fd);

        int dup2(int from, int to);

        int open(String path, int flags);

        int close(int fd);
    }

    private NativeStderr() {
    }

    /** Runs an action while the process' standard error leads nowhere; as it is where the system is not one that this knows. */
    static <T> T silenced(Supplier<T> action) {
        if (!Platform.isLinux()) {
            return action.get();
        }
        C c = Native.load("c", C.class);
        int saved = c.dup(STDERR);
        int nowhere = c.open("/dev/null", O_WRONLY);
        if (saved < 0 || nowhere < 0) {
            return action.get();
        }
        c.dup2(nowhere, STDERR);
        try {
            return action.get();
        } finally {
            c.dup2(saved, STDERR);
            c.close(saved);
            c.close(nowhere);
        }
    }
}
