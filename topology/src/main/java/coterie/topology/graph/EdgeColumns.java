package coterie.topology.graph;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A table of edges whose first line names its columns, as Gephi and data frames write it. The columns for source,
 * target, weight and type are found by name; other columns, such as an id or a label, are ignored.
 */
final class EdgeColumns {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][^0-9.,;]*[\\w -]*|");
    private static final String NODE = "(node|user|vertex)?(id)?";
    private static final Pattern SOURCE = Pattern.compile("(source|from|src|sender)" + NODE);
    private static final Pattern TARGET = Pattern.compile("(target|to|dst|dest|destination|receiver)" + NODE);
    private static final Pattern WEIGHT = Pattern.compile("(edge)?weights?|w");
    private static final Pattern TYPE = Pattern.compile("(edge)?(type|directed)");
    private final String path;
    private final boolean directed;
    private final char separator;
    private final List<String> names;
    private final int source;
    private final int target;
    private final int weight;
    private final int type;

    private EdgeColumns(String path, boolean directed, char separator, List<String> names) {
        this.path = path;
        this.directed = directed;
        this.separator = separator;
        this.names = names;
        source = indexOf(SOURCE);
        target = indexOf(TARGET);
        weight = indexOf(WEIGHT);
        type = indexOf(TYPE);
    }

    /**
     * Returns the columns named by the first line, or null if the line contains a number and is therefore not a header.
     */
    static EdgeColumns of(String line, String path, boolean directed) {
        char separator =
                line.indexOf(';') >= 0 ? ';' : line.indexOf(',') >= 0 ? ',' : line.indexOf('\t') >= 0 ? '\t' : ' ';
        List<String> names = split(line, separator);
        boolean words = names != null
                && names.size() > 1
                && names.stream().allMatch(n -> WORD.matcher(n).matches())
                && names.stream().filter(n -> !n.isEmpty()).count() > 1;
        return words ? new EdgeColumns(path, directed, separator, names) : null;
    }

    /**
     * Whether the remaining lines can be read without the header because each is two users and an optional weight, in
     * this order.
     *
     * @throws IllegalArgumentException if there are more columns and their names do not identify the two users
     */
    boolean plain(long line) {
        if (source >= 0 && target >= 0) {
            return names.size() == 2 && source == 0;
        }
        if (names.size() > 3 || source >= 0 || target >= 0) {
            throw GraphFile.wrong(
                    path,
                    line,
                    "expected columns source and target (or from and to, src and dst), found "
                            + GraphFile.shown(String.join(", ", names)));
        }
        return true;
    }

    /**
     * Returns the source and target of a line.
     *
     * @throws IllegalArgumentException if the number of fields differs from the header, the edge has a weight other
     *     than 1, or its direction contradicts {@code directed}
     */
    String[] edge(String text, long line) {
        List<String> f = split(text, separator);
        if (f == null || f.size() != names.size()) {
            throw GraphFile.wrong(
                    path,
                    line,
                    "has " + (f == null ? "an unclosed quotation mark" : f.size() + " fields")
                            + ", the first line names " + names.size() + " columns; found \""
                            + GraphFile.shown(text) + "\"");
        }
        if (weight >= 0 && !f.get(weight).isEmpty()) {
            GraphFile.weight(path, line, f.get(weight));
        }
        if (type >= 0) {
            checkDirection(f.get(type), line);
        }
        return new String[] {f.get(source), f.get(target)};
    }

    private void checkDirection(String found, long line) {
        boolean oneWay = found.equalsIgnoreCase("directed") || found.equalsIgnoreCase("true");
        boolean bothWays = found.equalsIgnoreCase("undirected") || found.equalsIgnoreCase("false");
        if (oneWay && !directed || bothWays && directed) {
            throw GraphFile.wrong(
                    path,
                    line,
                    "this edge is " + GraphFile.shown(found) + " by its column "
                            + names.get(type) + ", but edges go " + (directed ? "one way" : "both ways")
                            + " here: set directed: " + oneWay);
        }
    }

    private int indexOf(Pattern name) {
        for (int k = 0; k < names.size(); k++) {
            if (name.matcher(names.get(k).toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                    .matches()) {
                return k;
            }
        }
        return -1;
    }

    /** The fields of a line, or null if a quotation mark is not closed. */
    private static List<String> split(String line, char separator) {
        if (separator == ' ') {
            return Arrays.stream(line.strip().split("\\s+"))
                    .map(EdgeColumns::unquoted)
                    .toList();
        }
        List<String> fields = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .trimWhitespacesAroundQuotes(true)
                .allowUnclosedQuote(false)
                .ofCsvRecord(line)) {
            reader.forEach(r -> r.getFields().forEach(f -> fields.add(unquoted(f.strip()))));
            return fields;
        } catch (CsvParseException e) {
            return null;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Strips the quotation marks around a field. */
    static String unquoted(String field) {
        int n = field.length();
        boolean quoted =
                n > 1 && (field.charAt(0) == '"' || field.charAt(0) == '\'') && field.charAt(n - 1) == field.charAt(0);
        return quoted ? field.substring(1, n - 1).strip() : field;
    }
}
