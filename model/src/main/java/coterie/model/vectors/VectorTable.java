package coterie.model.vectors;

import coterie.model.text.DataException;
import coterie.topology.files.CsvRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A CSV file with one row a vector: a column of labels, optional columns {@code user} and {@code split}, and any number
 * of numeric columns, named in the first row. Every field is read or refused with file, line and column.
 */
final class VectorTable {
    static final String USER = "user";
    static final String SPLIT = "split";
    /** Half of Java's memory may be taken by a file's text while it is read. */
    private static final int PART_OF_MEMORY = 2;

    /** The set that a row belongs to. */
    enum Split {
        TRAIN,
        VALIDATION,
        TEST
    }

    /**
     * A row.
     *
     * @param user value of the column {@code user}; null without one
     * @param split value of the column {@code split}; null without one
     */
    record Row(String label, String user, Split split, float[] x) {}

    private final Path file;
    private final String labelColumn;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private List<String> header;
    private int label;
    private int user;
    private int split;

    private VectorTable(Path file, String labelColumn) {
        this.file = file;
        this.labelColumn = labelColumn;
    }

    /**
     * Reads a file.
     *
     * @param labelColumn name of the column of labels
     * @throws DataException with file, line and column, if it is not such a table or holds no row
     */
    static VectorTable read(Path file, String labelColumn) {
        VectorTable table = new VectorTable(file, labelColumn);
        try {
            CsvRows.read(file, PART_OF_MEMORY, table::add);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
        if (table.rows.isEmpty()) {
            throw new DataException(file + ": must have a row of column names and at least one row of values");
        }
        return table;
    }

    /** Names of the numeric columns. */
    List<String> inputs() {
        return inputs;
    }

    List<Row> rows() {
        return rows;
    }

    boolean hasUsers() {
        return user >= 0;
    }

    boolean hasSplits() {
        return split >= 0;
    }

    private void add(List<String> fields, long line) {
        if (header == null) {
            header(fields, line);
            return;
        }
        if (fields.size() != header.size()) {
            throw new DataException(file + ":" + line + ": must have " + header.size()
                    + " fields, as the first row has," + " found " + fields.size());
        }
        float[] x = new float[inputs.size()];
        int at = 0;
        for (int c = 0; c < fields.size(); c++) {
            if (c != label && c != user && c != split) {
                x[at++] = number(fields.get(c), header.get(c), line);
            }
        }
        rows.add(new Row(
                text(fields.get(label), labelColumn, line),
                user < 0 ? null : text(fields.get(user), USER, line),
                split < 0 ? null : split(fields.get(split), line),
                x));
    }

    private void header(List<String> fields, long line) {
        header = fields.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (String name : header) {
            if (name.isEmpty() || !seen.add(name)) {
                throw new DataException(file + ":" + line + ": every column must have a name of its own, found "
                        + (name.isEmpty() ? "an empty one" : name + " twice"));
            }
        }
        label = header.indexOf(labelColumn);
        user = header.indexOf(USER);
        split = header.indexOf(SPLIT);
        if (label < 0) {
            throw new DataException(
                    file + ":" + line + ": must have a column " + labelColumn + " of labels, found " + header);
        }
        for (int c = 0; c < header.size(); c++) {
            if (c != label && c != user && c != split) {
                inputs.add(header.get(c));
            }
        }
        if (inputs.isEmpty()) {
            throw new DataException(file + ":" + line + ": must have at least one column of numbers beside " + header);
        }
    }

    private float number(String field, String column, long line) {
        try {
            float v = Float.parseFloat(field.strip());
            if (Float.isFinite(v) && !field.strip().matches(".*[fFdDxX].*")) {
                return v;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new DataException(
                file + ":" + line + ": column " + column + ": must be a finite number, found " + shown(field));
    }

    private String text(String field, String column, long line) {
        if (field.isBlank()) {
            throw new DataException(file + ":" + line + ": column " + column + ": must not be empty");
        }
        return field.strip();
    }

    private Split split(String field, long line) {
        return switch (field.strip()) {
            case "train" -> Split.TRAIN;
            case "validation" -> Split.VALIDATION;
            case "test" -> Split.TEST;
            default ->
                throw new DataException(file + ":" + line + ": column " + SPLIT
                        + ": must be train, validation or test, found " + shown(field));
        };
    }

    private static String shown(String field) {
        return field.isBlank()
                ? "nothing"
                : field.strip().substring(0, Math.min(40, field.strip().length()));
    }
}
