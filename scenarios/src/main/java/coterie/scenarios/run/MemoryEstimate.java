package coterie.scenarios.run;

import com.sun.management.OperatingSystemMXBean;
import coterie.model.adapter.AdapterLayout;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * A lower bound of the memory for adapters and training. A run that exceeds this machine's memory is refused before
 * learners are made. Real runs need more, so passing guarantees nothing.
 */
final class MemoryEstimate {
    private static final double GIB = 1L << 30;
    private static final int FLOAT = 4;
    /** A user's rows [P]: parameters and AdamW's two moments on the device, the last snapshot in Java's memory. */
    private static final int DEVICE_ROWS = 3;
    /** Activations that a layer keeps per token for the backward pass, in multiples of the base's width. */
    private static final int WIDTHS_KEPT = 24;

    private MemoryEstimate() {}

    /**
     * @throws InputException if all users' adapters, or one user's training step, do not fit into this machine's memory
     */
    static void check(Loaded loaded, AdapterLayout layout) {
        Scenario s = loaded.scenario();
        double rows = (double) FLOAT * s.users() * layout.size();
        double machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        String users = s.users() + " users with adapters of " + layout.size() + " parameters";
        refuse(
                loaded,
                "users",
                users,
                rows,
                (double) Runtime.getRuntime().maxMemory(),
                "Java may use (-Xmx in COTERIE_JAVA_OPTS)");
        refuse(loaded, "users", users, (1 + DEVICE_ROWS) * rows, machine, "this machine has");
        double tokens = (double) s.training().batchSize() * s.training().context();
        refuse(
                loaded,
                "training.batch_size",
                String.format(Locale.ROOT, "a pass of %.0f tokens", tokens),
                FLOAT
                        * tokens
                        * WIDTHS_KEPT
                        * layout.config().width()
                        * layout.config().blocks(),
                machine,
                "this machine has");
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
