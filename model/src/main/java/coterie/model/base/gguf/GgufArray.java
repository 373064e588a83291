package coterie.model.base.gguf;

/**
 * An array of a GGUF file as Hugging Face's files name it.
 *
 * @param name in the GGUF file
 * @param change that llama.cpp's converter made, to be undone
 */
record GgufArray(String name, Change change) {
    /** What the converter changed in an array. */
    enum Change {
        NONE,
        /** Rows of queries in the order of RoPE on neighbouring pairs: (head, pair, half) for (head, half, pair). */
        QUERY_ROWS,
        /** The same for keys. */
        KEY_ROWS,
        /** Rows of queries, keys and values: (part, head, place) for (head, part, place). */
        QKV_ROWS,
        /** [out, in] for [in, out]. */
        TRANSPOSED,
        /** A gain as 1 + w. */
        ONE_MORE
    }

    /** The shape in the GGUF file of an array that has this shape in Hugging Face's. */
    int[] stored(int[] shape) {
        return change == Change.TRANSPOSED && shape.length == 2 ? new int[] {shape[1], shape[0]} : shape;
    }

    /** Number of equal parts that the rows consist of: halves of heads, or queries, keys and values of heads. */
    int parts(int heads, int keyHeads) {
        return switch (change) {
            case QUERY_ROWS -> 2 * heads;
            case KEY_ROWS -> 2 * keyHeads;
            case QKV_ROWS -> 3 * heads;
            case NONE, TRANSPOSED, ONE_MORE -> 1;
        };
    }

    /**
     * Undoes the change.
     *
     * @param a the numbers, row-major
     * @param shape as Hugging Face's files have it
     */
    float[] restored(float[] a, int[] shape, int heads, int keyHeads) {
        return switch (change) {
            case NONE -> a;
            case QUERY_ROWS -> rows(a, heads, shape[0] / heads / 2, 2, a.length / shape[0]);
            case KEY_ROWS -> rows(a, keyHeads, shape[0] / keyHeads / 2, 2, a.length / shape[0]);
            case QKV_ROWS -> rows(a, 1, 3, heads, a.length / 3 / heads);
            case TRANSPOSED -> shape.length == 2 ? rows(a, 1, shape[1], shape[0], 1) : a;
            case ONE_MORE -> {
                float[] w = a.clone();
                for (int i = 0; i < w.length; i++) {
                    w[i] -= 1;
                }
                yield w;
            }
        };
    }

    /** Swaps the two middle axes of [outer, first, second, inner]. */
    private static float[] rows(float[] a, int outer, int first, int second, int inner) {
        float[] out = new float[a.length];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < first; i++) {
                for (int j = 0; j < second; j++) {
                    System.arraycopy(
                            a,
                            ((o * first + i) * second + j) * inner,
                            out,
                            ((o * second + j) * first + i) * inner,
                            inner);
                }
            }
        }
        return out;
    }
}
