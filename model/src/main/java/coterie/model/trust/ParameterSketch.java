package coterie.model.trust;

/**
 * A few numbers from which the distance of two parameter vectors can be estimated, so that a user need not keep its
 * neighbours' former snapshots: a count sketch (Charikar, Chen, Farach-Colton, <i>Finding frequent items in data
 * streams</i>, ICALP 2002). Each parameter is added to one of {@value #SIZE} sums, with a sign; place and sign are a
 * hash of its index. The distance of two sketches estimates that of the vectors with a standard error of about 1 / √(2
 * · {@value #SIZE}), 9 %.
 */
final class ParameterSketch {
    static final int SIZE = 64;
    private static final int PLACE_SHIFT = 64 - 6;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private ParameterSketch() {}

    /** Returns the sketch of parameters [P], which is finite if they are. */
    static float[] of(float[] parameters) {
        double[] sums = new double[SIZE];
        for (int k = 0; k < parameters.length; k++) {
            long hash = (k + 1) * MULTIPLIER;
            hash = (hash ^ hash >>> 32) * MULTIPLIER;
            sums[(int) (hash >>> PLACE_SHIFT)] += (hash & 1L << 32) == 0 ? parameters[k] : -parameters[k];
        }
        float[] sketch = new float[SIZE];
        for (int k = 0; k < SIZE; k++) {
            // An infinite sum would make later distances NaN, and nothing that a user sends may do that.
            sketch[k] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, sums[k]));
        }
        return sketch;
    }

    /** Returns the distance of two sketches. */
    static double distance(float[] a, float[] b) {
        double square = 0;
        for (int k = 0; k < SIZE; k++) {
            double d = (double) a[k] - b[k];
            square += d * d;
        }
        return Math.sqrt(square);
    }
}
