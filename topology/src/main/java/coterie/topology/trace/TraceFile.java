package coterie.topology.trace;

import coterie.topology.files.CsvRows;
import coterie.topology.files.Shown;
import coterie.topology.time.Ticks;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads comma-separated files (RFC 4180) in UTF-8, optionally gzipped. White space around a field is ignored. Error
 * messages name the file and the line.
 */
final class TraceFile {
    /** Parsed fields take several times as much memory as the bytes of the file. */
    private static final int PART_OF_MEMORY = 16;

    private static final int SHOWN = 60;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    /** Receives each row. */
    interface Row {
        void read(String[] fields, long line);
    }

    private final String path;

    TraceFile(String path) {
        this.path = path;
    }

    /** Reads the named columns, in the given order, from a file with a header. */
    void read(List<String> columns, Row row) {
        int[] at = new int[columns.size()];
        int[] width = {0};
        rows((fields, line) -> {
            if (width[0] == 0) {
                header(fields, line, columns, at);
                width[0] = fields.length;
                return;
            }
            if (fields.length != width[0]) {
                throw wrong(
                        line, "has " + fields.length + " fields, the header has " + width[0] + separatorHint(fields));
            }
            String[] wanted = new String[at.length];
            for (int k = 0; k < at.length; k++) {
                wanted[k] = fields[at[k]];
            }
            row.read(wanted, line);
        });
        if (width[0] == 0) {
            throw empty();
        }
    }

    private void header(String[] names, long line, List<String> columns, int[] at) {
        Set<String> seen = new HashSet<>();
        List<String> all = List.of(names);
        for (String name : names) {
            if (columns.contains(name) && !seen.add(name)) {
                throw wrong(line, "has the column " + name + " twice");
            }
        }
        for (int k = 0; k < at.length; k++) {
            at[k] = all.indexOf(columns.get(k));
            if (at[k] < 0) {
                throw wrong(
                        line,
                        "needs a column " + columns.get(k) + ", found " + shown(all.toString()) + separatorHint(names));
            }
        }
    }

    /** Reads all fields of every row; blank rows are skipped. */
    void rows(Row row) {
        CsvRows.read(
                Path.of(path),
                PART_OF_MEMORY,
                (fields, line) -> row.read(fields.stream().map(String::strip).toArray(String[]::new), line));
    }

    /** Parses a field as a number from 0 to {@code most}. */
    double number(String field, long line, String what, double most) {
        if (NUMBER.matcher(field).matches()) {
            double x = Double.parseDouble(field);
            if (x >= 0 && x <= most) {
                return x;
            }
            throw wrong(line, what + " must lie between 0 and " + written(most) + ", found " + shown(field));
        }
        String hint = field.matches("[+-]?\\d+,\\d+") ? " (use a decimal point)" : separatorHint(field);
        throw wrong(line, what + " must be a number and not negative, found \"" + shown(field) + "\"" + hint);
    }

    /** Parses a field as virtual seconds. */
    double seconds(String field, long line, String what) {
        return number(field, line, what, Ticks.LONGEST_SECONDS);
    }

    /** Returns a field that must not be empty. */
    String name(String field, long line, String what) {
        if (field.isEmpty()) {
            throw wrong(line, what + " is empty, expected a name");
        }
        return field;
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(path + ": " + what);
    }

    IllegalArgumentException wrong(long line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    IllegalArgumentException empty() {
        return wrong("there is nothing in it");
    }

    static String written(double x) {
        return x == (long) x && x < 1e15 ? Long.toString((long) x) : Double.toString(x);
    }

    static String shown(String text) {
        return Shown.of(text, SHOWN);
    }

    private static String separatorHint(String... fields) {
        if (fields.length == 1 && !fields[0].contains(",")) {
            for (String separator : List.of(";", "\t", "|")) {
                if (fields[0].contains(separator)) {
                    return " (fields are separated by commas; these are separated by "
                            + (separator.equals("\t") ? "tabs" : separator) + ")";
                }
            }
        }
        return "";
    }
}
