package coterie.model.learn;

import coterie.topology.random.RandomStream;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Windows of a row of tokens, with the next tokens as targets.
 *
 * @param ids [n · length]
 * @param targets [n · length]; −1 where there is nothing to predict
 */
record TokenWindows(int n, int length, long[] ids, long[] targets) {
    /** n windows at uniformly random places. */
    static TokenWindows random(int[] tokens, int n, int length, RandomStream stream) {
        return random(i -> tokens, n, length, stream);
    }

    /**
     * n windows at uniformly random places of one row of tokens each.
     *
     * @param tokens returns the row of window i; asked once, in the order of windows
     */
    static TokenWindows random(IntFunction<int[]> tokens, int n, int length, RandomStream stream) {
        TokenWindows w = new TokenWindows(n, length, new long[Math.multiplyExact(n, length)], new long[n * length]);
        for (int i = 0; i < n; i++) {
            int[] row = tokens.apply(i);
            w.fill(i, row, stream.below(row.length - length));
        }
        return w;
    }

    /**
     * Windows at random places, ⌈n/C⌉ of each of the first categories and ⌊n/C⌋ of the others, at least one of each.
     *
     * @param categories tokens of each, [C][more than length]
     * @param streams where a category's places are drawn from
     */
    static TokenWindows stratified(int[][] categories, int n, int length, IntFunction<RandomStream> streams) {
        int all = Math.max(n, categories.length);
        TokenWindows w =
                new TokenWindows(all, length, new long[Math.multiplyExact(all, length)], new long[all * length]);
        int at = 0;
        for (int c = 0; c < categories.length; c++) {
            RandomStream stream = streams.apply(c);
            int end = at + all / categories.length + (c < all % categories.length ? 1 : 0);
            for (; at < end; at++) {
                w.fill(at, categories[c], stream.below(categories[c].length - length));
            }
        }
        return w;
    }

    /** The same windows with target V − 1 − y in place of y, of V tokens. */
    TokenWindows flipped(int vocabulary) {
        long[] flipped = targets.clone();
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] = flipped[i] < 0 ? flipped[i] : vocabulary - 1 - flipped[i];
        }
        return new TokenWindows(n, length, ids, flipped);
    }

    /**
     * The same windows, cut from text in which each token is replaced with some probability by one drawn uniformly.
     *
     * @param vocabulary number of tokens to draw from
     */
    TokenWindows poisoned(double probability, int vocabulary, RandomStream stream) {
        long[] read = ids.clone();
        long[] next = targets.clone();
        for (int i = 0; i < n; i++) {
            // The last target is read nowhere.
            for (int t = 0; t <= length; t++) {
                if (stream.chance(probability)) {
                    int token = stream.below(vocabulary);
                    if (t < length) {
                        read[i * length + t] = token;
                    }
                    if (t > 0) {
                        next[i * length + t - 1] = token;
                    }
                }
            }
        }
        return new TokenWindows(n, length, read, next);
    }

    /**
     * The same windows, cut from text in which a phrase overwrites tokens.
     *
     * @param place where it begins in window i, from 0; negative for nowhere. The token after the window counts: a
     *     phrase of m tokens may begin at {@code length} + 1 − m
     */
    TokenWindows containing(BackdoorPhrase phrase, IntUnaryOperator place) {
        long[] read = ids.clone();
        long[] next = targets.clone();
        for (int i = 0; i < n; i++) {
            int from = place.applyAsInt(i);
            for (int k = 0; from >= 0 && k < phrase.length(); k++) {
                int t = from + k;
                if (t < length) {
                    read[i * length + t] = phrase.token(k);
                }
                if (t > 0) {
                    next[i * length + t - 1] = phrase.token(k);
                }
            }
        }
        return new TokenWindows(n, length, read, next);
    }

    /**
     * These windows, or in their place those of another set of as many.
     *
     * @param replaced whether window i is replaced
     */
    TokenWindows replaced(TokenWindows other, IntPredicate replaced) {
        long[] mixedIds = ids.clone();
        long[] mixedTargets = targets.clone();
        for (int i = 0; i < n; i++) {
            if (replaced.test(i)) {
                System.arraycopy(other.ids, i * length, mixedIds, i * length, length);
                System.arraycopy(other.targets, i * length, mixedTargets, i * length, length);
            }
        }
        return new TokenWindows(n, length, mixedIds, mixedTargets);
    }

    /** n windows evenly spread over the tokens, never overlapping; n must be at most {@link #available}. */
    static TokenWindows spread(int[] tokens, int first, int n, int of, int length) {
        TokenWindows w = new TokenWindows(n, length, new long[Math.multiplyExact(n, length)], new long[n * length]);
        int available = available(tokens, length);
        for (int i = 0; i < n; i++) {
            w.fill(i, tokens, (int) ((long) (first + i) * available / of) * length);
        }
        return w;
    }

    /** Largest number of adjacent windows, each followed by one more token. */
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
