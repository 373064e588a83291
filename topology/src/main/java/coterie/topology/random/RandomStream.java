package coterie.topology.random;

/**
 * A stream of random numbers named by what it is for: (seed, purpose, key…), the key being for instance a user and a
 * turn.
 *
 * <p>Whoever asks for the same name gets the same numbers, in whatever order streams are made and on whichever thread.
 * This is what keeps a run repeatable: no number depends on who ran first. A stream itself is not thread-safe; make one
 * where it is needed, they cost nothing.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014);
 * the key is folded in by its finaliser. Logarithms and powers are {@link StrictMath}'s, so that the numbers are the
 * same on every processor.
 */
public final class RandomStream {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /** The stream of this seed, purpose and key. */
    public static RandomStream of(long seed, Purpose purpose, long... key) {
        return new RandomStream(name(seed, purpose, key));
    }

    /** A 64-bit number that names the stream: for places that want a seed and not numbers. */
    public static long name(long seed, Purpose purpose, long... key) {
        long h = fold(mix(seed + GOLDEN), purpose.code);
        for (long k : key) {
            h = fold(h, k);
        }
        return h;
    }

    /** Not symmetric in its arguments: with a plain exclusive or, a key equal to the seed would cancel it. */
    private static long fold(long h, long k) {
        return mix(h * 0xD1342543DE82EF95L + k);
    }

    /** SplitMix64's finaliser: a bijection of 64-bit numbers under which neighbours come out unrelated. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long nextLong() {
        return mix(state += GOLDEN);
    }

    /** Uniform in [0, 1), 53 bits. */
    public double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [low, high); low where both are equal. */
    public double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /**
     * Uniform in 0 … bound − 1, without bias.
     *
     * @throws IllegalArgumentException unless bound is positive
     */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, is " + bound);
        }
        long limit = (1L << 32) - (1L << 32) % bound;
        while (true) {
            long x = nextLong() >>> 32;
            if (x < limit) {
                return (int) (x % bound);
            }
        }
    }

    /**
     * Standard normal, by Box and Muller; the second number of the pair is not kept, so that every draw costs the same
     * two words.
     */
    public double gaussian() {
        double u = 1 - uniform();
        double v = uniform();
        return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * StrictMath.PI * v);
    }

    /** True with this probability. */
    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /** A uniformly random order of 0 … n − 1 (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
