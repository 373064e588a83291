package coterie.model.vectors;

import coterie.model.text.DataException;
import coterie.model.text.DatasetOutline;
import coterie.model.text.Partition;
import coterie.model.text.TextSource;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Deals rows to users: every row to one user, and to one of its sets. The rows of a category are dealt in random order,
 * user by user to test, validation and training data. The rows of later phases are dealt after those of all users'
 * first phase, phase by phase.
 *
 * <p>Worked example: a user with mixture (3/4, 1/4) and 4 rows for training gets 3 of the first category and 1 of the
 * second.
 *
 * @param mixtures share of each category for each user in its first phase, [N][categories]
 * @param later the same for the phases after the first, [N][later phases of the user][categories]
 * @param trainRows training rows of each user in a phase, [N]
 * @param validationRows validation rows per user in a phase
 * @param testRows test rows per user in a phase
 */
public record VectorPartition(
        double[][] mixtures, double[][][] later, int[] trainRows, int validationRows, int testRows) {
    /** @param trainRows training rows per user, the same for all */
    public VectorPartition(double[][] mixtures, int trainRows, int validationRows, int testRows) {
        this(
                mixtures,
                new double[mixtures.length][0][],
                Partition.filled(mixtures.length, trainRows),
                validationRows,
                testRows);
    }

    private static final int TRAINING_ORDER = -1;

    /** Returns the sizes of the data that users get. */
    public DatasetOutline outline(List<String> categories) {
        return new DatasetOutline(
                categories,
                IntStream.range(0, mixtures.length)
                        .mapToObj(u -> new DatasetOutline.User(mixtures[u], trainRows[u], validationRows, testRows))
                        .toList(),
                List.of());
    }

    /** @throws DataException if a category has too few rows; the message gives the available and the required number */
    public void requireEnough(LabelledRows source) {
        for (int c = 0; c < source.categories().size(); c++) {
            int category = c;
            long wanted = parts().stream()
                    .mapToLong(p -> part(p.mixture, testRows, category)
                            + part(p.mixture, validationRows, category)
                            + part(p.mixture, trainRows[p.user], category))
                    .sum();
            long available =
                    Arrays.stream(source.category()).filter(k -> k == category).count();
            if (wanted > available) {
                throw new DataException("category " + source.categories().get(c) + " has " + available
                        + " rows, the users need " + wanted
                        + ": ask for fewer users or rows (train_rows, validation_rows and test_rows are what one user"
                        + " has)");
            }
        }
    }

    /** The rows of a user in one phase. */
    private record Part(int user, int phase, double[] mixture) {}

    /** Returns all parts in the order in which they are dealt. */
    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int u = 0; u < mixtures.length; u++) {
            parts.add(new Part(u, 0, mixtures[u]));
        }
        int most = Arrays.stream(later).mapToInt(l -> l.length).max().orElse(0);
        for (int k = 0; k < most; k++) {
            for (int u = 0; u < mixtures.length; u++) {
                if (k < later[u].length) {
                    parts.add(new Part(u, k + 1, later[u][k]));
                }
            }
        }
        return parts;
    }

    private static long part(double[] mixture, int rows, int category) {
        int[] ends = Partition.ends(mixture, rows);
        return category == 0 ? ends[0] : Math.max(0, ends[category] - ends[category - 1]);
    }

    /**
     * Deals the rows of a source.
     *
     * @param seed determines the order of rows
     * @param users users whose rows are kept, ascending; all others of the data set have none
     * @throws DataException if a category has too few rows
     */
    public VectorDataset deal(LabelledRows source, long seed, int[] users) {
        requireEnough(source);
        int[][] piles = IntStream.range(0, source.categories().size())
                .mapToObj(c -> pile(source, seed, c))
                .toArray(int[][]::new);
        int[] next = new int[piles.length];
        List<ArrayList<VectorUser>> all = IntStream.range(0, mixtures.length)
                .mapToObj(u -> new ArrayList<VectorUser>(1))
                .toList();
        for (Part part : parts()) {
            int[] test = take(piles, next, part.mixture, testRows);
            int[] validation = take(piles, next, part.mixture, validationRows);
            int[] train = take(piles, next, part.mixture, trainRows[part.user]);
            boolean kept = Arrays.binarySearch(users, part.user) >= 0;
            all.get(part.user)
                    .add(kept ? dealt(source.rows(), seed, part, train, validation, test) : without(source, part));
        }
        return new VectorDataset(
                source.inputs(),
                source.classes(),
                source.categories(),
                all.stream().map(VectorUser::of).toList());
    }

    /** Rows of a category in the order in which they are dealt. */
    private static int[] pile(LabelledRows source, long seed, int category) {
        int[] rows = IntStream.range(0, source.category().length)
                .filter(r -> source.category()[r] == category)
                .toArray();
        return Arrays.stream(TextSource.order(rows.length, seed, category))
                .map(k -> rows[k])
                .toArray();
    }

    private static int[] take(int[][] piles, int[] next, double[] mixture, int rows) {
        int[] taken = new int[rows];
        int[] ends = Partition.ends(mixture, rows);
        int at = 0;
        for (int c = 0; c < piles.length; c++) {
            for (; at < ends[c]; at++) {
                taken[at] = piles[c][next[c]++];
            }
        }
        return taken;
    }

    private static VectorUser dealt(Rows rows, long seed, Part part, int[] train, int[] validation, int[] test) {
        // Shuffled, so that a part kept for fine-tuning has all categories.
        RandomStream stream = part.phase == 0
                ? RandomStream.of(seed, Purpose.DOCUMENTS, TRAINING_ORDER, part.user)
                : RandomStream.of(seed, Purpose.DOCUMENTS, TRAINING_ORDER, part.user, part.phase);
        int[] order = stream.permutation(train.length);
        int[] shuffled = Arrays.stream(order).map(k -> train[k]).toArray();
        return new VectorUser(
                rows.select(shuffled),
                Rows.none(rows.inputs()),
                rows.select(validation),
                rows.select(test),
                part.mixture);
    }

    private static VectorUser without(LabelledRows source, Part part) {
        Rows none = Rows.none(source.rows().inputs());
        return new VectorUser(none, none, none, none, part.mixture);
    }
}
