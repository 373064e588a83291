package coterie.model.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import coterie.model.files.ForeignText;
import coterie.topology.files.PlainText;
import coterie.topology.files.Shown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** JSON, plain or gzipped: an object per line, or a list of objects. The first character tells which. */
public final class JsonTable implements TextTable {
    private static final String ALLOWED = "allowed: a JSON object per line, or a list of objects";
    private static final int SHOWN = 60;
    private static final int BLANK = 1 << 16;
    /** Number of columns that are kept for messages. */
    private static final int NAMED = 64;

    @Override
    public Set<String> suffixes() {
        return Set.of("json", "jsonl", "ndjson");
    }

    @Override
    public void read(Path file, Set<String> columns, Consumer<Row> each) {
        try (BufferedReader in = PlainText.open(file)) {
            if (isList(in)) {
                list(file, in, columns, each);
            } else {
                ShortLines lines = new ShortLines(in, DocumentChecks.longest());
                lines(file, new BufferedReader(lines), columns, each);
            }
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
    }

    /** Whether the first character that is not blank opens a list; leaves the reader at the beginning. */
    private static boolean isList(BufferedReader in) throws IOException {
        in.mark(BLANK);
        int c = in.read();
        for (int k = 1; k < BLANK && c >= 0 && Character.isWhitespace(c); k++) {
            c = in.read();
        }
        in.reset();
        return c == '[';
    }

    private static void lines(Path file, BufferedReader in, Set<String> columns, Consumer<Row> each)
            throws IOException {
        long number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String place = ":" + number;
            Row row;
            try (JsonParser parser = ForeignText.parser(new StringReader(line))) {
                parser.nextToken();
                row = object(parser, file, place, columns);
                if (parser.nextToken() != null) {
                    throw new DataException(file + place + ": something stands behind the object; " + ALLOWED);
                }
            } catch (JsonProcessingException e) {
                throw new DataException(
                        file + place + ": is not valid JSON: " + column(e) + ForeignText.reason(e) + "; " + ALLOWED
                                + "; found " + Shown.of(line.strip(), SHOWN),
                        e);
            }
            each.accept(row);
        }
    }

    private static void list(Path file, BufferedReader in, Set<String> columns, Consumer<Row> each) throws IOException {
        long number = 0;
        try (JsonParser parser = ForeignText.parser(in)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                number++;
                each.accept(object(parser, file, ": row " + number, columns));
            }
            if (parser.nextToken() != null) {
                throw new DataException(file + ":"
                        + parser.currentTokenLocation().getLineNr() + ": something stands behind the list; " + ALLOWED);
            }
        } catch (JsonProcessingException e) {
            throw new DataException(
                    file + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr()) + ": is not valid JSON: "
                            + column(e) + ForeignText.reason(e) + ", after row " + number,
                    e);
        }
    }

    private static String column(JsonProcessingException e) {
        return e.getLocation() == null ? "" : "column " + e.getLocation().getColumnNr() + ": ";
    }

    /** Reads an object without holding values of columns that are not needed. */
    private static Row object(JsonParser parser, Path file, String place, Set<String> needed) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new DataException(file + place + ": must be a JSON object, found " + shown(parser) + "; " + ALLOWED);
        }
        List<String> names = new ArrayList<>();
        Map<String, Cell> cells = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (names.size() < NAMED) {
                names.add(name);
            }
            if (needed.contains(name)) {
                cells.put(name, cell(parser));
            }
            parser.skipChildren();
        }
        return new ObjectRow(place, names, cells);
    }

    private static Cell cell(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> Cell.of(parser.getText());
            case VALUE_NUMBER_INT -> new Cell(Type.INTEGER, parser.getText());
            default -> new Cell(Type.OTHER, shown(parser));
        };
    }

    private static String shown(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> "a list";
            case START_OBJECT -> "an object";
            case VALUE_STRING -> "\"" + Shown.of(parser.getText(), SHOWN) + "\"";
            default -> Shown.of(parser.getText(), SHOWN);
        };
    }

    /**
     * A JSON object.
     *
     * @param columns names of its first keys
     * @param cells values of needed columns
     */
    private record ObjectRow(String place, List<String> columns, Map<String, Cell> cells) implements Row {
        @Override
        public Cell cell(String column) {
            return cells.get(column);
        }
    }
}
