package coterie.model.learn;

import coterie.topology.random.Stream;

/**
 * Sequences cut out of a row of tokens, with their next tokens as targets.
 *
 * @param ids [n · length]
 * @param targets [n · length]; −1 where there is nothing to predict
 */
record Windows(int n, int length, long[] ids, long[] targets) {
    /** n windows at uniformly random places. */
    static Windows random(int[] tokens, int n, int length, Stream stream) {
        Windows w = new Windows(n, length, new long[Math.multiplyExact(n, length)], new long[n * length]);
        for (int i = 0; i < n; i++) {
            w.fill(i, tokens, stream.below(tokens.length - length));
        }
        return w;
    }

    /** n windows evenly spread over the tokens, never overlapping; n must be at most {@link #available}. */
    static Windows spread(int[] tokens, int first, int n, int of, int length) {
        Windows w = new Windows(n, length, new long[Math.multiplyExact(n, length)], new long[n * length]);
        int available = available(tokens, length);
        for (int i = 0; i < n; i++) {
            w.fill(i, tokens, (int) ((long) (first + i) * available / of) * length);
        }
        return w;
    }

    /** How many windows lie side by side, each followed by one more token. */
    static int available(int[] tokens, int length) {
        return Math.max(0, (tokens.length - 1) / length);
    }

    private void fill(int i, int[] tokens, int from) {
        for (int t = 0; t < length; t++) {
            ids[i * length + t] = tokens[from + t];
            targets[i * length + t] = tokens[from + t + 1];
        }
    }
}
