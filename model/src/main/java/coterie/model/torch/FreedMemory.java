package coterie.model.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** What glibc keeps of freed memory for the next step: after the last step of a device it is of no use. */
final class FreedMemory {
    /** The C library. */
    private interface C extends Library {
        int malloc_trim(long pad);
    }

    private static final C LIBRARY = library();

    private FreedMemory() {}

    private static C library() {
        try {
            C c = Native.load("c", C.class);
            // Another C library has no such function: that shows at the first call.
            c.malloc_trim(0);
            return c;
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** Gives it back to the kernel, where the C library can. */
    static void giveBack() {
        if (LIBRARY != null) {
            LIBRARY.malloc_trim(0);
        }
    }
}
