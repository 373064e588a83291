package coterie.topology.files;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the rows of comma-separated files (RFC 4180) in UTF-8, optionally gzipped. Rows may differ in length. */
public final class CsvRows {
    private static final int LONGEST_FIELD = 1 << 24;
    private static final Pattern PLACE = Pattern.compile(" *\\(record starting at line (\\d+)\\)");

    private CsvRows() {}

    /** Receives each row. */
    public interface Row {
        /** @param line line at which the row begins; a quoted field may span several lines */
        void read(List<String> fields, long line);
    }

    /**
     * Reads all rows except blank ones.
     *
     * @param part divisor of the heap size that bounds the file, as in {@link PlainText#open(Path, int)}
     * @throws IllegalArgumentException if the file cannot be read or is not CSV; the message names the file and the
     *     line
     */
    public static void read(Path file, int part, Row row) {
        try (Reader in = PlainText.open(file, part);
                CsvReader<CsvRecord> records = CsvReader.builder()
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .trimWhitespacesAroundQuotes(true)
                        .allowUnclosedQuote(false)
                        .maxBufferSize(LONGEST_FIELD)
                        .ofCsvRecord(in)) {
            for (CsvRecord r : records) {
                List<String> fields = r.getFields();
                if (fields.size() > 1 || !fields.get(0).isBlank()) {
                    row.read(fields, r.getStartingLineNumber());
                }
            }
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(file + describe(e), e);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(file + ": " + PlainText.why(e.getCause()), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + PlainText.why(e), e);
        }
    }

    private static String describe(CsvParseException e) {
        for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
            if (t instanceof IOException io && !(t.getCause() instanceof IOException)) {
                return ": " + PlainText.why(io);
            }
        }
        Matcher place = PLACE.matcher(e.getMessage());
        String where = place.find() ? ":" + place.group(1) + ": " : ": ";
        String what = place.replaceAll("");
        if (what.startsWith("Unclosed")) {
            return where + "a quotation mark in this row is never closed";
        }
        return where
                + (what.contains("buffer size")
                        ? "a field has more than " + LONGEST_FIELD + " characters: is a quotation mark never closed?"
                        : what);
    }
}
