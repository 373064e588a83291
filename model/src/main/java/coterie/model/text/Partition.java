package coterie.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Deals documents to users so that nobody's data overlaps with another's: first to the shared set, then user by user to test, validation and
 * training. A document that is longer than what is wanted is cut and the rest dropped, so that a document is never in two places.
 *
 * @param mixtures share of each category for each user, [N][categories]
 * @param trainTokens tokens to train on for each user; the others likewise
 * @param sharedTokens tokens of X_S in all
 */
public record Partition(double[][] mixtures, int trainTokens, int validationTokens, int testTokens, int sharedTokens) {
    /** Which category comes first with whom. */
    public enum Arrangement {
        /** One after the other: user i has category i mod C, so that neighbours on a ring differ. */
        ALTERNATING,
        /** Users of a category beside each other: user i has category ⌊i C / N⌋. */
        GROUPED;

        int category(int user, int users, int categories) {
            return this == ALTERNATING ? user % categories : (int) ((long) user * categories / users);
        }
    }

    /** {@code high} heterogeneity: each user has one category. */
    public static double[][] high(int users, int categories, Arrangement arrangement) {
        return arranged(users, categories, arrangement, 1);
    }

    /** {@code low} heterogeneity: three quarters of one category and one quarter of the next. */
    public static double[][] low(int users, int categories, Arrangement arrangement) {
        return arranged(users, categories, arrangement, 0.75);
    }

    private static double[][] arranged(int users, int categories, Arrangement arrangement, double first) {
        double[][] m = new double[users][categories];
        for (int i = 0; i < users; i++) {
            int c = arrangement.category(i, users, categories);
            m[i][c] += first;
            m[i][(c + 1) % categories] += 1 - first;
        }
        return m;
    }

    /**
     * Deals a source's documents.
     *
     * @param seed decides the order of documents
     * @throws DataException where a category has too little text; the message says how much is there and how much was wanted
     */
    public Society deal(TextSource source, Tokenizer tokenizer, long seed) {
        List<String> categories = source.categories();
        List<Pile> piles = new ArrayList<>();
        for (int c = 0; c < categories.size(); c++) {
            piles.add(new Pile(categories.get(c), source.documents(categories.get(c), seed), tokenizer, wanted(c, categories.size())));
        }
        double[] equal = new double[categories.size()];
        Arrays.fill(equal, 1.0 / categories.size());
        int[] shared = take(piles, equal, sharedTokens);
        List<UserData> users = new ArrayList<>();
        for (double[] mixture : mixtures) {
            int[] test = take(piles, mixture, testTokens);
            int[] validation = take(piles, mixture, validationTokens);
            users.add(new UserData(take(piles, mixture, trainTokens), new int[0], validation, test, mixture));
        }
        return new Society(categories, users, shared);
    }

    private long wanted(int category, int categories) {
        double sum = (double) sharedTokens / categories;
        for (double[] m : mixtures) {
            sum += m[category] * (trainTokens + (double) validationTokens + testTokens);
        }
        return Math.round(sum);
    }

    private static int[] take(List<Pile> piles, double[] mixture, int tokens) {
        int[] out = new int[tokens];
        int at = 0;
        double share = 0;
        for (int c = 0; c < mixture.length; c++) {
            share += mixture[c];
            int end = c == mixture.length - 1 ? tokens : (int) Math.min(tokens, Math.round(share * tokens));
            if (end > at) {
                piles.get(c).take(out, at, end);
            }
            at = end;
        }
        return out;
    }

    /** The documents of a category that nobody holds yet. */
    private static final class Pile {
        private final String category;
        private final Iterator<String> documents;
        private final Tokenizer tokenizer;
        private final long wanted;
        private long taken;

        Pile(String category, Iterator<String> documents, Tokenizer tokenizer, long wanted) {
            this.category = category;
            this.documents = documents;
            this.tokenizer = tokenizer;
            this.wanted = wanted;
        }

        /** Fills out[from, to) with an end of text and a document, again and again. */
        void take(int[] out, int from, int to) {
            int at = from;
            while (at < to) {
                if (!documents.hasNext()) {
                    throw new DataException("category " + category + " has about " + (taken + at - from) + " tokens, wanted are " + wanted
                            + " for all users and the shared set: ask for fewer users or tokens");
                }
                out[at++] = tokenizer.endOfText();
                int[] ids = tokenizer.encode(documents.next());
                int n = Math.min(ids.length, to - at);
                System.arraycopy(ids, 0, out, at, n);
                at += n;
            }
            taken += to - from;
        }
    }
}
