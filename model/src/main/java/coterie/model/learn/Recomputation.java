package coterie.model.learn;

import java.util.Arrays;
import java.util.Locale;

/**
 * When training passes recompute activations instead of keeping them, which takes more time and less memory and changes
 * no result.
 */
enum Recomputation {
    /** Where a pass of one user does not fit into memory otherwise. */
    AUTO,
    /** In every pass: for tests and comparisons of speed. */
    ALWAYS,
    /** In no pass: a user that does not fit ends the run. */
    NEVER;

    private static final String PROPERTY = "coterie.recompute";

    /**
     * What the system property {@code coterie.recompute} asks for, {@link #AUTO} without it.
     *
     * @throws IllegalArgumentException where there is no such choice
     */
    static Recomputation asked() {
        String name = System.getProperty(PROPERTY);
        return name == null
                ? AUTO
                : Arrays.stream(values())
                        .filter(r -> r.name().toLowerCase(Locale.ROOT).equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                PROPERTY + " must be auto, always or never, found " + name));
    }
}
