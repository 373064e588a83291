package coterie.model.vectors;

import coterie.model.text.DataException;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Users' vectors from a CSV file or a folder with one CSV file a user.
 *
 * <p>Who holds which rows: in a folder each file is a user's, in the order of their names; in a file with a column
 * {@code user} each of its values is a user, in the order of appearance; otherwise rows are dealt by shares of the
 * classes, and every row is dealt to one user. A column {@code split} says which rows train, validate and test; without
 * one they are drawn for each user.
 *
 * @param label name of the column of labels
 * @param validationShare share of a user's rows for validation, without a column {@code split}
 * @param testShare share of a user's rows for testing, without a column {@code split}
 * @param seed of the order in which rows are dealt and split
 */
public record VectorFiles(String label, double validationShare, double testShare, long seed) {
    private static final int ALL_USERS = -1;

    public VectorFiles {
        if (!(validationShare >= 0 && testShare > 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("validation_share must be at least 0, test_share greater than 0, and"
                    + " their sum less than 1; found " + validationShare + " and " + testShare);
        }
    }

    /** A row and the number of its class. */
    private record Held(VectorTable.Row row, int label) {}

    /**
     * Reads the rows of all users.
     *
     * @param path a file, or a folder with one a user
     * @param users number of users
     * @param mixtures of a number of classes: shares of each class for each user, [users][classes]; for a file without
     *     a column of users
     * @throws DataException with file and place, if there is no such data for so many users
     */
    public VectorDataset read(Path path, int users, IntFunction<double[][]> mixtures) {
        List<Path> files = files(path);
        boolean folder = Files.isDirectory(path);
        List<VectorTable> tables =
                files.stream().map(f -> VectorTable.read(f, label)).toList();
        VectorTable first = tables.get(0);
        for (int k = 0; k < tables.size(); k++) {
            VectorTable t = tables.get(k);
            if (!t.inputs().equals(first.inputs()) || t.hasSplits() != first.hasSplits()) {
                throw new DataException(files.get(k) + ": must have the columns of " + files.get(0) + ", "
                        + first.inputs() + ", found " + t.inputs());
            }
            if (folder && t.hasUsers()) {
                throw new DataException(files.get(k)
                        + ": in a folder every file is one user's and must not have a column " + VectorTable.USER);
            }
        }
        List<String> classes = new ArrayList<>(tables.stream()
                .flatMap(t -> t.rows().stream())
                .map(VectorTable.Row::label)
                .collect(Collectors.toCollection(TreeSet::new)));
        if (classes.size() < 2) {
            throw new DataException(path + ": column " + label + ": must have at least two labels, found " + classes);
        }
        List<List<Held>> held;
        if (folder) {
            held = tables.stream().map(t -> held(t.rows(), classes)).toList();
        } else if (first.hasUsers()) {
            Map<String, List<VectorTable.Row>> byUser = new LinkedHashMap<>();
            first.rows()
                    .forEach(r -> byUser.computeIfAbsent(r.user(), u -> new ArrayList<>())
                            .add(r));
            held = byUser.values().stream().map(r -> held(r, classes)).toList();
        } else {
            held = dealt(held(first.rows(), classes), classes.size(), mixtures.apply(classes.size()));
        }
        if (held.size() != users) {
            throw new DataException(path + ": holds the rows of " + held.size() + " users, the scenario has " + users);
        }
        List<VectorUser> all = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            String where = folder ? files.get(u).toString() : path + ": user " + u;
            all.add(user(u, held.get(u), first, classes.size(), where));
        }
        return new VectorDataset(first.inputs(), classes, all);
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.list(path)) {
            List<Path> files = all.filter(p -> p.getFileName().toString().matches(".*\\.csv(\\.gz)?"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new DataException(path + ": holds no .csv file");
            }
            return files;
        } catch (IOException e) {
            throw new DataException(path + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static List<Held> held(List<VectorTable.Row> rows, List<String> classes) {
        return rows.stream().map(r -> new Held(r, classes.indexOf(r.label()))).toList();
    }

    /** Deals the rows of each class, in random order, in proportion to the users' shares of it. */
    private List<List<Held>> dealt(List<Held> rows, int classes, double[][] mixtures) {
        List<List<Held>> users = new ArrayList<>();
        for (int u = 0; u < mixtures.length; u++) {
            users.add(new ArrayList<>());
        }
        for (int c = 0; c < classes; c++) {
            int k = c;
            List<Held> ofClass = rows.stream().filter(r -> r.label() == k).toList();
            double whole = Arrays.stream(mixtures).mapToDouble(m -> m[k]).sum();
            if (whole == 0) {
                continue;
            }
            int[] order = RandomStream.of(seed, Purpose.DOCUMENTS, ALL_USERS, c).permutation(ofClass.size());
            double share = 0;
            int from = 0;
            for (int u = 0; u < mixtures.length; u++) {
                share += mixtures[u][c];
                int to = u == mixtures.length - 1 ? ofClass.size() : (int) Math.round(share / whole * ofClass.size());
                for (int i = from; i < to; i++) {
                    users.get(u).add(ofClass.get(order[i]));
                }
                from = Math.max(from, to);
            }
        }
        return users;
    }

    private VectorUser user(int user, List<Held> held, VectorTable table, int classes, String where) {
        double[] mixture = new double[classes];
        held.forEach(h -> mixture[h.label()] += 1.0 / held.size());
        int[][] sets = table.hasSplits() ? given(held) : drawn(user, held.size());
        Rows all = rows(held, table.inputs().size());
        Rows train = all.select(sets[0]);
        Rows test = all.select(sets[2]);
        if (train.size() == 0 || test.size() == 0) {
            throw new DataException(
                    where + ": must have rows to train and to test on, found " + train.size() + " and " + test.size());
        }
        return new VectorUser(train, all.select(new int[0]), all.select(sets[1]), test, mixture);
    }

    /** Indices of the rows of each split. */
    private static int[][] given(List<Held> held) {
        int[][] sets = new int[3][];
        for (VectorTable.Split s : VectorTable.Split.values()) {
            sets[s.ordinal()] = IntStream.range(0, held.size())
                    .filter(k -> held.get(k).row().split() == s)
                    .toArray();
        }
        return sets;
    }

    /** The same, drawn: test and validation first, at least one row for testing. */
    private int[][] drawn(int user, int n) {
        int[] order = RandomStream.of(seed, Purpose.DOCUMENTS, user).permutation(n);
        int test = Math.min(n, Math.max(1, (int) Math.round(testShare * n)));
        int validation = Math.min(n - test, (int) Math.round(validationShare * n));
        return new int[][] {
            Arrays.copyOfRange(order, test + validation, n),
            Arrays.copyOfRange(order, test, test + validation),
            Arrays.copyOf(order, test)
        };
    }

    private static Rows rows(List<Held> held, int inputs) {
        float[] x = new float[Math.multiplyExact(held.size(), inputs)];
        int[] labels = new int[held.size()];
        for (int k = 0; k < labels.length; k++) {
            System.arraycopy(held.get(k).row().x(), 0, x, k * inputs, inputs);
            labels[k] = held.get(k).label();
        }
        return new Rows(inputs, x, labels);
    }
}
