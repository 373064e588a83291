package coterie.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Deals documents to users such that the data of users does not overlap: first to the shared set, then user by user to
 * test, validation and training data. A document longer than the remaining space is truncated and its rest dropped;
 * duplicates are skipped. No document is therefore in two parts.
 *
 * <p>The data of later phases is dealt after that of all users' first phase, phase by phase: users' first data is the
 * same whether or not it changes later.
 *
 * @param mixtures share of each category for each user in its first phase, [N][categories]
 * @param later the same for the phases after the first, [N][later phases of the user][categories]
 * @param trainTokens training tokens of each user in a phase, [N]
 * @param validationTokens validation tokens per user in a phase
 * @param testTokens test tokens per user in a phase
 * @param sharedTokens tokens of X_S in total
 */
public record Partition(
        double[][] mixtures,
        double[][][] later,
        int[] trainTokens,
        int validationTokens,
        int testTokens,
        int sharedTokens) {
    /** @param trainTokens training tokens per user, the same for all */
    public Partition(double[][] mixtures, int trainTokens, int validationTokens, int testTokens, int sharedTokens) {
        this(
                mixtures,
                new double[mixtures.length][0][],
                filled(mixtures.length, trainTokens),
                validationTokens,
                testTokens,
                sharedTokens);
    }

    /** Returns the same number for each user, [users]. */
    public static int[] filled(int users, int number) {
        int[] all = new int[users];
        Arrays.fill(all, number);
        return all;
    }

    /** The main category of each user. */
    public enum Arrangement {
        /** Round robin: user i has category i mod C, so that neighbours on a ring differ. */
        ALTERNATING,
        /** Blocks: user i has category ⌊i C / N⌋, so that neighbours on a ring are mostly equal. */
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
     * Deals the documents of a source to all users. A duplicate document is dealt once.
     *
     * @param seed determines the order of documents
     * @throws DataException if a category has too little text, or the tokens do not fit into memory; the message gives
     *     the available and the required amount
     */
    public FederatedDataset deal(TextSource source, Tokenizer tokenizer, long seed) {
        return deal(source, tokenizer, seed, new DealtDocuments());
    }

    /** @param dealt documents that have been dealt before; receives those that are dealt now */
    public FederatedDataset deal(TextSource source, Tokenizer tokenizer, long seed, DealtDocuments dealt) {
        if (bytes(everyone()) > room()) {
            if (!source.endless()) {
                piles(source, tokenizer, seed, new DealtDocuments()).forEach(DocumentPile::requireEnough);
            }
            throw tooLarge(everyone());
        }
        List<ArrayList<UserData>> users = IntStream.range(0, mixtures.length)
                .mapToObj(u -> new ArrayList<UserData>(1))
                .toList();
        Indexed indexed = index(
                source, tokenizer, seed, dealt, (user, data) -> users.get(user).add(data));
        return new FederatedDataset(
                source.categories(), users.stream().map(UserData::of).toList(), indexed.shared(), indexed.notes());
    }

    /**
     * The result of dealing without keeping users' tokens.
     *
     * @param index positions of each user's documents
     * @param shared X_S, [categories][tokens]
     * @param notes notes on the text for the user, one per line
     */
    public record Indexed(DocumentIndex index, int[][] shared, List<String> notes) {}

    /** Returns the sizes of the data that users get. */
    public DatasetOutline outline(TextSource source, List<String> notes) {
        return new DatasetOutline(
                source.categories(),
                IntStream.range(0, mixtures.length)
                        .mapToObj(
                                u -> new DatasetOutline.User(mixtures[u], trainTokens[u], validationTokens, testTokens))
                        .toList(),
                notes);
    }

    /** Receives the data of users one after another, in one phase at a time. */
    public interface UserConsumer {
        void accept(int user, UserData data);
    }

    /**
     * Deals as {@link #deal} does, but holds the tokens of one user in one phase at a time.
     *
     * @param dealt documents that have been dealt before; receives those that are dealt now
     * @param each receives the data of every user in ascending order of users, then that of the second phase of every
     *     user that has one, and so on
     * @throws DataException if a category has too little text
     */
    public Indexed index(TextSource source, Tokenizer tokenizer, long seed, DealtDocuments dealt, UserConsumer each) {
        List<DocumentPile> piles = piles(source, tokenizer, seed, dealt);
        DocumentIndex.Builder index = new DocumentIndex.Builder(piles.size());
        int[][] shared = shared(piles);
        for (Part part : parts(everyone())) {
            index.begin(part.user, piles);
            each.accept(part.user, dealt(piles, part));
        }
        index.end(piles);
        List<String> notes = new ArrayList<>(source.notes());
        notes.addAll(dealt.notes());
        return new Indexed(index.build(), shared, notes);
    }

    /**
     * Reads the data of some users and the shared set: the same tokens as from {@link #deal}. Only their documents are
     * tokenized.
     *
     * @param index index of these users, made with the same source and seed
     * @return a data set in which all other users have no tokens
     * @throws DataException if the source lacks documents of the index, or the tokens do not fit into memory
     */
    public FederatedDataset load(TextSource source, Tokenizer tokenizer, long seed, DocumentIndex index) {
        if (bytes(index.users()) > room()) {
            throw tooLarge(index.users());
        }
        List<DocumentPile> piles = new ArrayList<>();
        List<String> categories = source.categories();
        List<BitSet> at =
                IntStream.range(0, categories.size()).mapToObj(index::documents).toList();
        List<Iterator<String>> documents = source.documents(seed, at);
        for (int c = 0; c < categories.size(); c++) {
            piles.add(new DocumentPile(categories.get(c), documents.get(c), tokenizer, wanted(c), null));
        }
        int[][] shared = shared(piles);
        UserData[] users = new UserData[mixtures.length];
        Arrays.setAll(users, u -> UserData.withoutTokens(mixtures[u]));
        Map<Integer, List<UserData>> phases = new TreeMap<>();
        for (Part part : parts(index.users())) {
            phases.computeIfAbsent(part.user, u -> new ArrayList<>(1)).add(dealt(piles, part));
        }
        phases.forEach((u, all) -> users[u] = UserData.of(all));
        return new FederatedDataset(categories, List.of(users), shared, source.notes());
    }

    private List<DocumentPile> piles(TextSource source, Tokenizer tokenizer, long seed, DealtDocuments dealt) {
        List<DocumentPile> piles = new ArrayList<>();
        List<String> categories = source.categories();
        List<Iterator<String>> documents = source.documents(seed, null);
        for (int c = 0; c < categories.size(); c++) {
            piles.add(new DocumentPile(categories.get(c), documents.get(c), tokenizer, wanted(c), dealt));
        }
        return piles;
    }

    private int[][] shared(List<DocumentPile> piles) {
        double[] equal = new double[piles.size()];
        Arrays.fill(equal, 1.0 / piles.size());
        int[] tokens = take(piles, equal, sharedTokens);
        int[] ends = ends(equal, tokens.length);
        int[][] parts = new int[ends.length][];
        for (int c = 0; c < ends.length; c++) {
            parts[c] = Arrays.copyOfRange(tokens, c == 0 ? 0 : ends[c - 1], ends[c]);
        }
        return parts;
    }

    /** The data of a user in one phase. */
    private record Part(int user, double[] mixture) {}

    /** Returns the parts of some users in the order in which they are dealt. */
    private List<Part> parts(int[] users) {
        List<Part> parts = new ArrayList<>();
        for (int u : users) {
            parts.add(new Part(u, mixtures[u]));
        }
        int most = Arrays.stream(later).mapToInt(l -> l.length).max().orElse(0);
        for (int k = 0; k < most; k++) {
            for (int u : users) {
                if (k < later[u].length) {
                    parts.add(new Part(u, later[u][k]));
                }
            }
        }
        return parts;
    }

    private UserData dealt(List<DocumentPile> piles, Part part) {
        int[] test = take(piles, part.mixture, testTokens);
        int[] validation = take(piles, part.mixture, validationTokens);
        int[] train = take(piles, part.mixture, trainTokens[part.user]);
        return new UserData(train, new int[0], validation, test, part.mixture);
    }

    /** @throws DataException if the tokens of all users do not fit into memory */
    public void refuseTooLarge() {
        if (bytes(everyone()) > room()) {
            throw tooLarge(everyone());
        }
    }

    private int[] everyone() {
        return IntStream.range(0, mixtures.length).toArray();
    }

    private double trained(List<Part> parts) {
        return parts.stream().mapToDouble(p -> trainTokens[p.user]).sum();
    }

    private double tokens(int[] users) {
        List<Part> parts = parts(users);
        return sharedTokens + trained(parts) + parts.size() * ((double) validationTokens + testTokens);
    }

    private double bytes(int[] users) {
        return Integer.BYTES * tokens(users);
    }

    /** Returns the memory for tokens: half of the heap, since the other half is for text, base and adapters. */
    private static double room() {
        return Runtime.getRuntime().maxMemory() / 2.0;
    }

    private DataException tooLarge(int[] users) {
        List<Part> parts = parts(users);
        return new DataException(String.format(
                Locale.ROOT,
                "%d %s x (%.0f train_tokens + %d validation_tokens + %d test_tokens) and %d shared_tokens are %.0f"
                        + " tokens, which take %.1f GB; Java has %.1f GB of memory, half of it for them: ask for fewer"
                        + " users or tokens (train_tokens is what one user has)",
                parts.size(),
                parts.size() == users.length ? "users" : "phases of " + users.length + " users",
                trained(parts) / parts.size(),
                validationTokens,
                testTokens,
                sharedTokens,
                tokens(users),
                bytes(users) / 1e9,
                2 * room() / 1e9));
    }

    private long wanted(int category) {
        double sum = (double) sharedTokens / mixtures[0].length;
        for (Part p : parts(everyone())) {
            sum += p.mixture[category] * (trainTokens[p.user] + (double) validationTokens + testTokens);
        }
        return Math.round(sum);
    }

    private static int[] take(List<DocumentPile> piles, double[] mixture, int tokens) {
        TokenBuffer out = new TokenBuffer();
        int[] ends = ends(mixture, tokens);
        for (int c = 0; c < mixture.length; c++) {
            if (ends[c] > out.size()) {
                piles.get(c).take(out, ends[c]);
            }
        }
        return out.toArray();
    }

    /**
     * Divides tokens, or other examples, by a mixture.
     *
     * @return the end of the part of each category
     */
    public static int[] ends(double[] mixture, int tokens) {
        int[] ends = new int[mixture.length];
        double share = 0;
        for (int c = 0; c < mixture.length; c++) {
            share += mixture[c];
            ends[c] = c == mixture.length - 1 ? tokens : (int) Math.min(tokens, Math.round(share * tokens));
        }
        return ends;
    }
}
