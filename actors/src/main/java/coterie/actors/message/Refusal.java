package coterie.actors.message;

import java.util.Locale;

/** Why a {@link Door} refuses a message, in the order in which the reasons are checked. */
public enum Refusal {
    /** A number is infinite or NaN. */
    NOT_FINITE,
    /** The norm of what would be mixed is too large. */
    NORM,
    /** Its turn cannot have ended yet, or there is no such turn. */
    AGE,
    /** A snapshot of the same turn of its sender was let in before. */
    REPEATED;

    /** The name in result files: "not-finite". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the reason with a {@link #label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Refusal labelled(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
