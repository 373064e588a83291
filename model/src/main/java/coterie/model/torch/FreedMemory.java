package coterie.model.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Memory that was freed and that glibc keeps for the next step. After a device's last step it is no longer needed. */
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
            // Other C libraries lack this function, which shows at the first call.
            c.malloc_trim(0);
            return c;
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** Returns it to the kernel, if the C library can. */
    static void giveBack() {
        if (LIBRARY != null) {
            LIBRARY.malloc_trim(0);
        }
    }
}
