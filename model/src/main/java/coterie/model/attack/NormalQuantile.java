package coterie.model.attack;

/**
 * The inverse of the standard normal distribution function Φ, for shares above one half. Φ is Marsaglia's series, Φ(z)
 * = 1/2 + φ(z) (z + z³/3 + z⁵/15 + …) ("Evaluating the normal distribution", Journal of Statistical Software 11(4),
 * 2004), and the inverse is found by bisection.
 */
final class NormalQuantile {
    /** Larger shares count as this one: z is about 6. */
    static final double LARGEST = 1 - 1e-9;

    private static final double MOST = 8;

    private NormalQuantile() {}

    /** @param share in [0.5, {@link #LARGEST}] */
    static double of(double share) {
        double low = 0;
        double high = MOST;
        for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
            if (distribution(middle) < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    static double distribution(double z) {
        double sum = z;
        double term = z;
        for (int k = 3; sum + term != sum || k == 3; k += 2) {
            term *= z * z / k;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * StrictMath.PI);
    }
}
