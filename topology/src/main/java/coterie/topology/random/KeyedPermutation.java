package coterie.topology.random;

/**
 * A random permutation of 0 … n − 1 that is computed on demand: the position of one element takes the same time and
 * memory for any n, so a random subset of exactly k of n users in every round needs no table.
 *
 * <p>Four rounds of a Feistel network over the smallest even power of two that is at least n, with cycle walking until
 * the result is below n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
public final class KeyedPermutation {
    private static final int ROUNDS = 4;
    private final long key;
    private final int n;
    private final int half;

    /** Creates the permutation for a name, see {@link RandomStream#name}. */
    public KeyedPermutation(int n, long name) {
        if (n < 1) {
            throw new IllegalArgumentException("n must be positive, found " + n);
        }
        this.n = n;
        key = name;
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, n - 1));
        half = (bits + 1) / 2;
    }

    /** Returns the position of an element; distinct elements have distinct positions. */
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
