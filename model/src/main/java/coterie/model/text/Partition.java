package coterie.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Deals documents to users so that no two users' data overlap: first to the shared set, then user by user to test,
 * validation and training. A document that is longer than what is wanted is cut and the rest dropped, and one that
 * stands there again is left out, so that a document is never in two places.
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
     * Deals a source's documents. A document that stands in the source more than once is dealt once.
     *
     * @param seed decides the order of documents
     * @throws DataException where a category has too little text, or memory too little room; the message says how much
     *     is there and how much was wanted
     */
    public FederatedDataset deal(TextSource source, Tokenizer tokenizer, long seed) {
        List<String> categories = source.categories();
        DealtDocuments dealt = new DealtDocuments();
        List<Pile> piles = new ArrayList<>();
        boolean fits = bytes() <= room();
        if (!fits && source.endless()) {
            throw tooLarge();
        }
        for (int c = 0; c < categories.size(); c++) {
            String category = categories.get(c);
            piles.add(new Pile(
                    category, source.documents(category, seed), tokenizer, wanted(c, categories.size()), dealt));
        }
        if (!fits) {
            piles.forEach(Pile::mustSuffice);
            throw tooLarge();
        }
        double[] equal = new double[categories.size()];
        Arrays.fill(equal, 1.0 / categories.size());
        int[][] shared = byCategory(take(piles, equal, sharedTokens), equal);
        List<UserData> users = new ArrayList<>();
        for (double[] mixture : mixtures) {
            int[] test = take(piles, mixture, testTokens);
            int[] validation = take(piles, mixture, validationTokens);
            users.add(new UserData(take(piles, mixture, trainTokens), new int[0], validation, test, mixture));
        }
        List<String> notes = new ArrayList<>(source.notes());
        notes.addAll(dealt.notes());
        return new FederatedDataset(categories, users, shared, notes);
    }

    /** @throws DataException where memory has too little room for all tokens */
    public void refuseTooLarge() {
        if (bytes() > room()) {
            throw tooLarge();
        }
    }

    private double tokens() {
        return sharedTokens + mixtures.length * ((double) trainTokens + validationTokens + testTokens);
    }

    private double bytes() {
        return Integer.BYTES * tokens();
    }

    /** Half of Java's memory: the other half is for the text itself, base and adapters. */
    private static double room() {
        return Runtime.getRuntime().maxMemory() / 2.0;
    }

    private DataException tooLarge() {
        return new DataException(String.format(
                Locale.ROOT,
                "%d users x (%d train_tokens + %d validation_tokens"
                        + " + %d test_tokens) and %d shared_tokens are %.0f tokens, which take %.1f GB; Java "
                        + "has %.1f GB of"
                        + " memory, half of it for them: ask for fewer users or tokens (train_tokens is what "
                        + "one user has)",
                mixtures.length,
                trainTokens,
                validationTokens,
                testTokens,
                sharedTokens,
                tokens(),
                bytes() / 1e9,
                2 * room() / 1e9));
    }

    private long wanted(int category, int categories) {
        double sum = (double) sharedTokens / categories;
        for (double[] m : mixtures) {
            sum += m[category] * (trainTokens + (double) validationTokens + testTokens);
        }
        return Math.round(sum);
    }

    private static int[] take(List<Pile> piles, double[] mixture, int tokens) {
        Tokens out = new Tokens();
        int[] ends = ends(mixture, tokens);
        for (int c = 0; c < mixture.length; c++) {
            if (ends[c] > out.size) {
                piles.get(c).take(out, ends[c]);
            }
        }
        return out.toArray();
    }

    /** Where each category's part of so many tokens ends. */
    private static int[] ends(double[] mixture, int tokens) {
        int[] ends = new int[mixture.length];
        double share = 0;
        for (int c = 0; c < mixture.length; c++) {
            share += mixture[c];
            ends[c] = c == mixture.length - 1 ? tokens : (int) Math.min(tokens, Math.round(share * tokens));
        }
        return ends;
    }

    private static int[][] byCategory(int[] tokens, double[] mixture) {
        int[] ends = ends(mixture, tokens.length);
        int[][] parts = new int[ends.length][];
        for (int c = 0; c < ends.length; c++) {
            parts[c] = Arrays.copyOfRange(tokens, c == 0 ? 0 : ends[c - 1], ends[c]);
        }
        return parts;
    }

    /** Token ids, of which only as many are held as there is text for. */
    private static final class Tokens {
        private int[] ids = new int[1024];
        private int size;

        void add(int[] more, int n) {
            if (size + n > ids.length) {
                ids = Arrays.copyOf(ids, (int) Math.max(size + n, Math.min(Integer.MAX_VALUE - 16L, 2L * ids.length)));
            }
            System.arraycopy(more, 0, ids, size, n);
            size += n;
        }

        int[] toArray() {
            return ids.length == size ? ids : Arrays.copyOf(ids, size);
        }
    }

    /** The documents of a category that nobody holds yet. */
    private static final class Pile {
        /** Characters of a longer document are looked at only as far as they are wanted. */
        private static final int LONG = 1 << 18;
        /** So many tokens before a cut might be others if the text went on. */
        private static final int UNSURE = 64;

        private final String category;
        private final Iterator<String> documents;
        private final Tokenizer tokenizer;
        private final long wanted;
        private final DealtDocuments dealt;
        private final int[] endOfText;
        private long taken;
        private long read;

        Pile(String category, Iterator<String> documents, Tokenizer tokenizer, long wanted, DealtDocuments dealt) {
            this.category = category;
            this.documents = documents;
            this.tokenizer = tokenizer;
            this.wanted = wanted;
            this.dealt = dealt;
            endOfText = new int[] {tokenizer.endOfText()};
        }

        /**
         * Adds an end of text and a document, again and again, until there are so many tokens. What is left of the last
         * document is dropped.
         */
        void take(Tokens out, int to) {
            int from = out.size;
            while (out.size < to) {
                String document = next();
                if (document == null) {
                    throw tooLittle(taken + out.size - from);
                }
                out.add(endOfText, 1);
                int most = to - out.size;
                int[] ids = most == 0 ? endOfText : encode(document, most);
                out.add(ids, Math.min(ids.length, most));
            }
            taken += to - from;
        }

        /** @throws DataException where all documents together have fewer tokens than are wanted */
        void mustSuffice() {
            long tokens = 0;
            for (String document = next(); document != null && tokens < wanted; document = next()) {
                tokens += 1 + length(document);
            }
            if (tokens < wanted) {
                throw tooLittle(tokens);
            }
        }

        private DataException tooLittle(long tokens) {
            return new DataException("category " + category + " has about " + tokens + " tokens in " + read
                    + (read == 1 ? " document" : " documents")
                    + ", wanted are " + wanted
                    + " for all users and the shared set: ask for fewer users or tokens (no document is in two parts:"
                    + " what is left of it when a part is full is dropped)");
        }

        private String next() {
            while (documents.hasNext()) {
                String document = documents.next();
                if (dealt.isNew(category, document)) {
                    read++;
                    return document;
                }
            }
            return null;
        }

        /** The ids of a document, of a very long one at least so many. */
        private int[] encode(String document, int most) {
            for (long length = LONG; length < document.length(); length *= 2) {
                int cut = wordEnd(document, (int) length);
                int[] ids = tokenizer.encode(document.substring(0, cut));
                if (ids.length - UNSURE >= most) {
                    return ids;
                }
            }
            return tokenizer.encode(document);
        }

        private long length(String document) {
            long tokens = 0;
            for (int from = 0; from < document.length(); ) {
                int to = wordEnd(document, (int) Math.min(document.length(), (long) from + LONG));
                tokens += tokenizer.encode(document.substring(from, to)).length;
                from = to;
            }
            return tokens;
        }

        private static int wordEnd(String document, int from) {
            int at = from;
            while (at < document.length() && !(isBlank(document, at) && !isBlank(document, at - 1))) {
                at++;
            }
            return at;
        }

        private static boolean isBlank(String document, int at) {
            return Character.isWhitespace(document.charAt(at));
        }
    }
}
