package coterie.scenarios.learner;

import com.sun.management.OperatingSystemMXBean;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * A lower bound of the memory for parameters and training. A run that exceeds this machine's memory is refused before
 * learners are made. Real runs need more, so passing guarantees nothing.
 */
public final class MemoryEstimate {
    /** Bytes of a GiB. */
    public static final double GIB = 1L << 30;

    private static final int FLOAT = 4;

    private MemoryEstimate() {}

    /**
     * Checks the parameters of all users.
     *
     * @param what what the parameters are, for messages: adapters or models
     * @param parameters of one user, P
     * @param heapRows arrays [P] of 4-byte numbers that Java's heap holds for a user
     * @param otherRows arrays [P] that other memory holds for a user
     * @throws InputException if they do not fit into this machine's memory
     */
    public static void checkUsers(Loaded loaded, String what, long parameters, int heapRows, int otherRows) {
        int n = loaded.scenario().users();
        double row = (double) FLOAT * n * parameters;
        String users = n + " users with " + what + " of " + parameters + " parameters";
        refuse(
                loaded,
                "users",
                users,
                heapRows * row,
                (double) Runtime.getRuntime().maxMemory(),
                "Java may use (-Xmx in COTERIE_JAVA_OPTS)");
        check(loaded, "users", users, (heapRows + otherRows) * row);
    }

    /**
     * Checks memory that a setting asks for.
     *
     * @param key of the setting
     * @param what takes it
     * @throws InputException if this machine has less
     */
    public static void check(Loaded loaded, String key, String what, double bytes) {
        refuse(loaded, key, what, bytes, machine(), "this machine has");
    }

    /** Bytes of memory that this machine has. */
    public static double machine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static void refuse(Loaded loaded, String key, String what, double bytes, double most, String whose) {
        if (bytes > most) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %s take %.1f GiB of memory at least, %s %.1f GiB",
                    loaded.at(key),
                    what,
                    bytes / GIB,
                    whose,
                    most / GIB));
        }
    }
}
