package coterie.model.vectors;

import java.util.Arrays;

/**
 * Vectors with a label each; the arrays must not be changed.
 *
 * @param inputs numbers a vector, D
 * @param x the vectors, row-major [n · D]
 * @param labels class of each vector [n]
 */
public record Rows(int inputs, float[] x, int[] labels) {
    /** No rows. */
    static Rows none(int inputs) {
        return new Rows(inputs, new float[0], new int[0]);
    }

    public Rows {
        if (inputs < 1 || x.length != (long) inputs * labels.length) {
            throw new IllegalArgumentException(
                    labels.length + " rows of " + inputs + " inputs cannot have " + x.length + " numbers");
        }
    }

    /** Number of rows. */
    public int size() {
        return labels.length;
    }

    /** Some of the rows, in the order given. */
    public Rows select(int[] rows) {
        float[] chosen = new float[Math.multiplyExact(rows.length, inputs)];
        for (int k = 0; k < rows.length; k++) {
            System.arraycopy(x, rows[k] * inputs, chosen, k * inputs, inputs);
        }
        return new Rows(inputs, chosen, Arrays.stream(rows).map(r -> labels[r]).toArray());
    }
}
