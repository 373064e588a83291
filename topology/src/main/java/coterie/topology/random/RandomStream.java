package coterie.topology.random;

/**
 * A stream of pseudorandom numbers that is identified by a seed, a {@link Purpose} and a key, for instance a user and a
 * turn.
 *
 * <p>Streams with equal names produce equal numbers, regardless of the order and the thread in which they are created.
 * This makes a run repeatable: no number depends on scheduling. A stream is not thread-safe; create one where it is
 * needed, as creation is cheap.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014);
 * its finaliser hashes the key. Logarithms and powers use {@link StrictMath}, so that the numbers are the same on every
 * processor.
 */
public final class RandomStream {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /** Creates the stream of a seed, purpose and key. */
    public static RandomStream of(long seed, Purpose purpose, long... key) {
        return new RandomStream(name(seed, purpose, key));
    }

    /** Returns a 64-bit hash of the name of a stream, for uses that need a seed rather than numbers. */
    public static long name(long seed, Purpose purpose, long... key) {
        long h = fold(mix(seed + GOLDEN), purpose.code);
        for (long k : key) {
            h = fold(h, k);
        }
        return h;
    }

    /** Not symmetric in its arguments: with exclusive or alone, a key equal to the seed would cancel it. */
    private static long fold(long h, long k) {
        return mix(h * 0xD1342543DE82EF95L + k);
    }

    /** The finaliser of SplitMix64: a bijection of 64-bit numbers that decorrelates adjacent inputs. */
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

    /** Uniform in [low, high); {@code low} if both are equal. */
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
            throw new IllegalArgumentException("bound must be positive, found " + bound);
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
     * Standard normal, by the Box–Muller transform. The second number of the pair is discarded, so that every draw
     * consumes two words.
     */
    public double gaussian() {
        double u = 1 - uniform();
        double v = uniform();
        return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * StrictMath.PI * v);
    }

    /** Returns true with this probability. */
    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /** A uniformly random permutation of 0 … n − 1 (Fisher–Yates shuffle). */
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
