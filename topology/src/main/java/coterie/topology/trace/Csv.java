package coterie.topology.trace;

import coterie.topology.files.PlainText;
import coterie.topology.world.Ticks;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Comma-separated files (RFC 4180) in UTF-8, gzipped or not. Blanks around a field are no part of it. What is wrong is
 * told with file and line.
 */
final class Csv {
    /** A row's fields take several times the room in memory that they take in the file. */
    private static final int PART_OF_MEMORY = 16;
    private static final int LONGEST_FIELD = 1 << 24;
    private static final int SHOWN = 60;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    /** What is done with each row. */
    interface Row {
        void read(String[] fields, long line);
    }

    private final String path;

    Csv(String path) {
        this.path = path;
    }

    /** Reads the columns of these names, in this order, from a file with a header. */
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
                throw wrong(line, "has " + fields.length + " fields, the header has " + width[0]
                        + otherwiseSeparated(fields));
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
                throw wrong(line, "needs a column " + columns.get(k) + ", found " + shown(all.toString())
                        + otherwiseSeparated(names));
            }
        }
    }

    /** Reads all fields of every row of a file; rows that are blank are passed over. */
    void rows(Row row) {
        try (Reader in = PlainText.open(Path.of(path), PART_OF_MEMORY);
                CsvReader<CsvRecord> records = CsvReader.builder().extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE).trimWhitespacesAroundQuotes(true)
                        .allowUnclosedQuote(false)
                        .maxBufferSize(LONGEST_FIELD).ofCsvRecord(in)) {
            for (CsvRecord r : records) {
                String[] fields = r.getFields().stream().map(String::strip).toArray(String[]::new);
                if (fields.length > 1 || !fields[0].isEmpty()) {
                    row.read(fields, r.getStartingLineNumber());
                }
            }
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(path + told(e), e);
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A field as a number that is not negative, and not more than something. */
    double number(String field, long line, String what, double most) {
        if (NUMBER.matcher(field).matches()) {
            double x = Double.parseDouble(field);
            if (x >= 0 && x <= most) {
                return x;
            }
            throw wrong(line, what + " must lie between 0 and " + written(most) + ", found " + shown(field));
        }
        String hint = field.matches("[+-]?\\d+,\\d+") ? " (decimals are parted by a point)" : otherwiseSeparated(field);
        throw wrong(line, what + " must be a number that is not negative, found \"" + shown(field) + "\"" + hint);
    }

    /** A field as virtual seconds. */
    double seconds(String field, long line, String what) {
        return number(field, line, what, Ticks.LONGEST_SECONDS);
    }

    IllegalArgumentException wrong(long line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    IllegalArgumentException empty() {
        return new IllegalArgumentException(path + ": there is nothing in it");
    }

    static String written(double x) {
        return x == (long) x && x < 1e15 ? Long.toString((long) x) : Double.toString(x);
    }

    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    private static String otherwiseSeparated(String... fields) {
        if (fields.length == 1 && !fields[0].contains(",")) {
            for (String separator : List.of(";", "\t", "|")) {
                if (fields[0].contains(separator)) {
                    return " (fields are parted by commas; these are parted by " + (separator.equals("\t") ? "tabs"
                            : separator) + ")";
                }
            }
        }
        return "";
    }

    private static String told(CsvParseException e) {
        if (e.getCause() instanceof UncheckedIOException io) {
            return ": " + PlainText.why(io.getCause());
        }
        if (e.getCause() instanceof IOException io) {
            return ": " + PlainText.why(io);
        }
        String message = e.getMessage();
        java.util.regex.Matcher line = Pattern.compile("\\(record starting at line (\\d+)\\)").matcher(message);
        String where = line.find() ? ":" + line.group(1) + ": " : ": ";
        if (message.startsWith("Unclosed")) {
            return where + "a quotation mark opens in this row that is never closed";
        }
        if (message.contains("buffer size")) {
            return where + "a field has more than " + LONGEST_FIELD + " characters: is a quotation mark never closed?";
        }
        return where + message.replaceFirst(" *\\(record starting at line \\d+\\)", "");
    }

    private IllegalArgumentException unreadable(IOException e) {
        return new IllegalArgumentException(path + ": " + PlainText.why(e), e);
    }
}
