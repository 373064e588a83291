package coterie.model.trust;

/**
 * When a user measures anew what its trust is made of. What is not measured counts as it was measured last; of whom
 * nothing was measured yet counts nothing. The user's own snapshot is measured by the same rule as others': a fresh
 * loss of its own beside old ones of others would make it trust itself ever more.
 */
public sealed interface Refresh {
    /**
     * Everything, in every n-th turn.
     *
     * @param n 1 measures at every mixing
     */
    record EveryTurns(int n) implements Refresh {
        public EveryTurns {
            if (n < 1) {
                throw new IllegalArgumentException("refresh must be at least every turn (1), found " + n);
            }
        }
    }

    /**
     * What was measured longer ago than this, or never.
     *
     * @param seconds virtual
     */
    record OlderThan(double seconds) implements Refresh {
        public OlderThan {
            if (!(seconds >= 0)) {
                throw new IllegalArgumentException("seconds must not be negative, found " + seconds);
            }
        }
    }

    /** A snapshot that has come since its sender was last measured. */
    record OnReceipt() implements Refresh {}

    /**
     * At most so many candidates at a mixing, the user's own snapshot, which is always measured, not counted: first
     * those that were never measured, then those whose last measurement is the oldest, among those of whom there is
     * something newer.
     */
    record Budget(int passes) implements Refresh {
        public Budget {
            if (passes < 0) {
                throw new IllegalArgumentException("passes must not be negative, found " + passes);
            }
        }
    }
}
