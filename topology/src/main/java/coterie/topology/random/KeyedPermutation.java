package coterie.topology.random;

/**
 * A random order of 0 … n − 1 that is never written down: the place of one element costs the same for any n, so that
 * "exactly k of n, others in every round" needs no table.
 *
 * <p>Four rounds of a Feistel network over the smallest square of a power of two that holds n, walked until the result
 * lies below n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
public final class KeyedPermutation {
    private static final int ROUNDS = 4;
    private final long key;
    private final int n;
    private final int half;

    /** The order that belongs to a name, see {@link RandomStream#name}. */
    public KeyedPermutation(int n, long name) {
        if (n < 1) {
            throw new IllegalArgumentException("n must be positive, is " + n);
        }
        this.n = n;
        key = name;
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, n - 1));
        half = (bits + 1) / 2;
    }

    /** The place of an element; each of 0 … n − 1 is the place of exactly one. */
    public int place(int element) {
        long x = element;
        do {
            x = permuted(x);
        } while (x >= n);
        return (int) x;
    }

    private long permuted(long x) {
        long mask = (1L << half) - 1;
        long left = x >>> half;
        long right = x & mask;
        for (int r = 0; r < ROUNDS; r++) {
            long next = left ^ (RandomStream.mix(key + right * ROUNDS + r) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
