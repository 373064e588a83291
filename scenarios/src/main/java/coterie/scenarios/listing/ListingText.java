package coterie.scenarios.listing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.results.AlignedText;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A list of runs as a table, CSV or JSON. */
public final class ListingText {
    /** More settings would not fit on a screen. */
    private static final int MOST_SETTINGS = 6;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ListingText() {}

    /** A table with aligned columns, and a line that explains it. */
    public static String table(RunListing listing) {
        List<Column> columns = headed(listing);
        Set<String> hidden = hidden(listing);
        columns.removeIf(c -> hidden.contains(c.key()));
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(Column::head).toList());
        for (FoundRun r : listing.runs()) {
            cells.add(columns.stream().map(c -> c.shown().apply(r)).toList());
        }
        return AlignedText.of(cells) + "(runs: " + listing.size() + "; mean ± standard deviation over users"
                + (hidden.isEmpty() ? "" : "; more settings differ: " + hidden.size() + ", --format csv has them")
                + ")\n";
    }

    /** Columns that a table has. */
    static List<Column> headed(RunListing listing) {
        List<Column> columns = new ArrayList<>(listing.columns());
        columns.removeIf(c -> c.head() == null);
        return columns;
    }

    /** Keys of the columns for which a table has no room. */
    static Set<String> hidden(RunListing listing) {
        Set<String> hidden = listing.differing().stream().map(Column::key).collect(Collectors.toSet());
        listing.telling(MOST_SETTINGS).forEach(c -> hidden.remove(c.key()));
        return hidden;
    }

    /** One line for each run, after the names of the columns. Values are written in full. */
    public static String csv(RunListing listing) {
        StringWriter out = new StringWriter();
        List<Column> columns = listing.columns();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
            csv.writeRecord(columns.stream().map(Column::key).toList());
            for (FoundRun r : listing.runs()) {
                csv.writeRecord(columns.stream().map(c -> c.plain().apply(r)).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** A list with one object for each run; null stands for missing values. */
    public static String json(RunListing listing) {
        ArrayNode all = JSON.createArrayNode();
        for (FoundRun r : listing.runs()) {
            ObjectNode one = all.addObject();
            for (Column c : listing.columns()) {
                String value = c.plain().apply(r);
                if (value.isEmpty()) {
                    one.putNull(c.key());
                } else if (c.numeric()) {
                    one.put(c.key(), Double.parseDouble(value));
                } else {
                    one.put(c.key(), value);
                }
            }
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
