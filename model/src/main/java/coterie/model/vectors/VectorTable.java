package coterie.model.vectors;

import coterie.model.text.DataException;
import coterie.topology.files.CsvRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A CSV file with one row a vector: a column of labels, a column of categories if it has one, and any number of numeric
 * columns, named in the first row. Every field is read or refused with file, line and column.
 */
final class VectorTable {
    /** Half of Java's memory may be taken by a file's text while it is read. */
    private static final int PART_OF_MEMORY = 2;

    /**
     * A row.
     *
     * @param category value of the column of categories; null without one
     */
    record Row(String label, String category, float[] x) {}

    private final Path file;
    private final String labelColumn;
    private final String categoryColumn;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();
    private List<String> header;
    private int label;
    private int category;

    private VectorTable(Path file, String labelColumn, String categoryColumn) {
        this.file = file;
        this.labelColumn = labelColumn;
        this.categoryColumn = categoryColumn;
    }

    /**
     * Reads a file.
     *
     * @param labelColumn name of the column of labels
     * @param categoryColumn name of the column of categories, which may be that of the labels; null for none
     * @throws DataException with file, line and column, if it is not such a table or holds no row
     */
    static VectorTable read(Path file, String labelColumn, String categoryColumn) {
        VectorTable table = new VectorTable(file, labelColumn, categoryColumn);
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
            if (c != label && c != category) {
                x[at++] = number(fields.get(c), header.get(c), line);
            }
        }
        rows.add(new Row(
                text(fields.get(label), labelColumn, line),
                categoryColumn == null ? null : text(fields.get(category), categoryColumn, line),
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
        label = column(labelColumn, "labels", line);
        category = categoryColumn == null ? label : column(categoryColumn, "categories", line);
        for (int c = 0; c < header.size(); c++) {
            if (c != label && c != category) {
                inputs.add(header.get(c));
            }
        }
        if (inputs.isEmpty()) {
            throw new DataException(file + ":" + line + ": must have at least one column of numbers beside " + header);
        }
    }

    private int column(String name, String of, long line) {
        int found = header.indexOf(name);
        if (found < 0) {
            throw new DataException(
                    file + ":" + line + ": must have a column " + name + " of " + of + ", found " + header);
        }
        return found;
    }

    private float number(String field, String column, long line) {
        try {
            float v = Float.parseFloat(field.strip());
            if (Float.isFinite(v) && isDecimal(field)) {
                return v;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new DataException(
                file + ":" + line + ": column " + column + ": must be a finite number, found " + shown(field));
    }

    /**
     * Whether a number that Java reads has no letters but those of an exponent: not Java's suffixes, not hexadecimal.
     */
    private static boolean isDecimal(String field) {
        for (int k = 0; k < field.length(); k++) {
            if ("fFdDxX".indexOf(field.charAt(k)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private String text(String field, String column, long line) {
        if (field.isBlank()) {
            throw new DataException(file + ":" + line + ": column " + column + ": must not be empty");
        }
        return field.strip();
    }

    private static String shown(String field) {
        return field.isBlank()
                ? "nothing"
                : field.strip().substring(0, Math.min(40, field.strip().length()));
    }
}
