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

/** Rows of comma-separated files (RFC 4180) in UTF-8, gzipped or not; rows may differ in length. */
public final class CsvRows {
    private static final int LONGEST_FIELD = 1 << 24;
    private static final Pattern PLACE = Pattern.compile(" *\\(record starting at line (\\d+)\\)");

    private CsvRows() {}

    /** What is done with each row. */
    public interface Row {
        /** @param line at which the row begins; a field in quotation marks may span several */
        void read(List<String> fields, long line);
    }

    /**
     * Reads all rows but blank ones.
     *
     * @param part of Java's memory that the file's bytes may take, as {@link PlainText#open(Path, int)} has it
     * @throws IllegalArgumentException where the file cannot be read or is no CSV; the message has file and line
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
            throw new IllegalArgumentException(file + inWords(e), e);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(file + ": " + PlainText.why(e.getCause()), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + PlainText.why(e), e);
        }
    }

    private static String inWords(CsvParseException e) {
        for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
            if (t instanceof IOException io && !(t.getCause() instanceof IOException)) {
                return ": " + PlainText.why(io);
            }
        }
        Matcher place = PLACE.matcher(e.getMessage());
        String where = place.find() ? ":" + place.group(1) + ": " : ": ";
        String what = place.replaceAll("");
        if (what.startsWith("Unclosed")) {
            return where + "a quotation mark opens in this row that is never closed";
        }
        return where
                + (what.contains("buffer size")
                        ? "a field has more than " + LONGEST_FIELD + " characters: is a quotation mark never closed?"
                        : what);
    }
}
