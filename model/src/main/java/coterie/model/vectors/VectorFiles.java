package coterie.model.vectors;

import coterie.model.text.DataException;
import coterie.model.text.TextFiles;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Vectors of a CSV file, or of all CSV files of a folder, plain or gzipped. A column holds the labels; all other
 * columns hold the numbers of a vector.
 *
 * <p>A row's category is the value of a column if one is named. Otherwise it is the name of its file up to the first
 * dot, in a folder, or else its label.
 *
 * @param path a file or a folder
 * @param label name of the column of labels
 * @param category name of the column of categories; null for none
 */
@Component(name = "vectors", about = "columns of a CSV file, or of a folder with a file a category (data.path)")
public record VectorFiles(
        @Setting(at = "path") String path,
        @Setting("label") String label,
        @Setting String category) implements VectorSource {
    public VectorFiles {
        require(path != null && !path.isBlank(), "path must name a file or folder, found nothing");
        require(label != null && !label.isBlank(), "label must name a column, found nothing");
        require(category == null || !category.isBlank(), "category must name a column, found nothing");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> p.getFileName().toString().matches("[^.].*[.]csv([.]gz)?"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public LabelledRows read() {
        Path root = Path.of(path);
        boolean folder = Files.isDirectory(root);
        List<Path> files = folder ? files(root) : List.of(root);
        if (files.isEmpty()) {
            throw new DataException(root + ": must hold a .csv file, found none");
        }
        String column = category == null && !folder ? label : category;
        List<VectorTable> tables =
                files.stream().map(f -> VectorTable.read(f, label, column)).toList();
        VectorTable first = tables.get(0);
        for (int k = 0; k < tables.size(); k++) {
            if (!tables.get(k).inputs().equals(first.inputs())) {
                throw new DataException(files.get(k) + ": must have the columns of " + files.get(0) + ", "
                        + first.inputs() + ", found " + tables.get(k).inputs());
            }
        }
        List<String> labels = new ArrayList<>();
        List<String> categories = new ArrayList<>();
        List<float[]> x = new ArrayList<>();
        Map<String, Path> named = new HashMap<>();
        for (int k = 0; k < tables.size(); k++) {
            String name =
                    TextFiles.category(files.get(k).getFileName().toString().replaceFirst("[.].*", ""));
            Path other = folder ? named.put(name, files.get(k)) : null;
            if (other != null && category == null) {
                throw new DataException(
                        files.get(k) + ": is of category " + name + ", as " + other + " is; a category has one file");
            }
            for (VectorTable.Row row : tables.get(k).rows()) {
                labels.add(row.label());
                categories.add(column == null ? name : TextFiles.category(row.category()));
                x.add(row.x());
            }
        }
        List<String> classes = List.copyOf(new TreeSet<>(labels));
        if (classes.size() < 2) {
            throw new DataException(root + ": column " + label + ": must have at least two labels, found " + classes);
        }
        List<String> names = List.copyOf(new TreeSet<>(categories));
        return new LabelledRows(
                first.inputs(),
                classes,
                names,
                rows(root, first.inputs().size(), x, numbers(labels, classes)),
                numbers(categories, names));
    }

    private static int[] numbers(List<String> values, List<String> names) {
        Map<String, Integer> number = new HashMap<>();
        names.forEach(n -> number.put(n, number.size()));
        return values.stream().mapToInt(number::get).toArray();
    }

    private static Rows rows(Path root, int inputs, List<float[]> vectors, int[] labels) {
        if ((long) inputs * labels.length > Integer.MAX_VALUE) {
            throw new DataException(root + ": must have at most " + Integer.MAX_VALUE + " numbers, found "
                    + labels.length + " rows of " + inputs);
        }
        float[] x = new float[inputs * labels.length];
        for (int k = 0; k < labels.length; k++) {
            System.arraycopy(vectors.get(k), 0, x, k * inputs, inputs);
        }
        return new Rows(inputs, x, labels);
    }
}
