package coterie.model.text;

import coterie.model.text.TextTable.Cell;
import coterie.model.text.TextTable.Row;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Reads documents and their categories from tables.
 *
 * <p>The category of a row is the value of the column that the scenario names. Without such a column it is the value of
 * {@code category}, else that of {@code user}, if the file has one of them, else the category of the file's name.
 */
final class TableReader {
    private static final String CATEGORY = "category";
    private static final String USER = "user";
    private static final int SHOWN = 60;
    private static final int NAMED = 12;
    private final String text;
    private final String named;
    private final Set<String> needed = new LinkedHashSet<>();
    private final DocumentChecks checks;

    /**
     * @param text name of the column of documents
     * @param category name of the column of categories; null for {@code category}, {@code user} or none
     */
    TableReader(String text, String category, DocumentChecks checks) {
        this.text = text;
        this.named = category;
        this.checks = checks;
        needed.add(text);
        needed.addAll(category == null ? Set.of(CATEGORY, USER) : Set.of(category));
    }

    /**
     * Reads a file.
     *
     * @param category the category of the file's name
     * @param document receives the category and the text of each document and returns whether the text is kept, so that
     *     it counts as held in memory
     * @throws DataException with file and line or row, if a row is not what it should be, or more is kept than fits
     *     into memory
     */
    void read(Path file, TextTable table, String category, BiPredicate<String, String> document) {
        OneFile one = new OneFile(file, category, document);
        table.read(file, needed, one::row);
        one.end();
    }

    /** The state of reading one file. */
    private final class OneFile {
        private final Path file;
        private final String ofName;
        private final BiPredicate<String, String> document;
        private final DocumentChecks.OneFile checked;
        private String column;
        private boolean begun;
        private long empty;
        private String firstEmpty;
        private long within;
        private String firstWithin;

        OneFile(Path file, String ofName, BiPredicate<String, String> document) {
            this.file = file;
            this.ofName = ofName;
            this.document = document;
            checked = checks.file(file);
        }

        void row(Row row) {
            String used = column(row);
            if (!begun) {
                begun = true;
                column = used;
            } else if (used == null ? column != null : !used.equals(column)) {
                throw refused(
                        row,
                        "its category is " + origin(used) + ", that of the rows before " + origin(column)
                                + "; all rows of a file must have the same columns");
            }
            String content = string(row);
            String category = column == null ? ofName : category(row);
            if (!checked.add(content, t -> document.test(category, t))) {
                firstEmpty = empty++ == 0 ? row.place() : firstEmpty;
            } else if (content.contains(ByteLevel.END_OF_TEXT)) {
                firstWithin = within++ == 0 ? row.place() : firstWithin;
            }
        }

        /** Returns the column of a row's category; null if the file's name gives it. */
        private String column(Row row) {
            if (named != null) {
                if (row.cell(named) == null) {
                    throw refused(row, "has no column \"" + named + "\" (data.category), found " + columns(row));
                }
                return named;
            }
            return row.cell(CATEGORY) != null ? CATEGORY : row.cell(USER) != null ? USER : null;
        }

        private String origin(String of) {
            return of == null ? "that of the file's name" : "in the column \"" + of + "\"";
        }

        private String string(Row row) {
            Cell cell = row.cell(text);
            if (cell == null) {
                throw refused(
                        row,
                        "has no column \"" + text + "\", found " + columns(row)
                                + "; data.column names the column of text");
            }
            if (cell.type() != TextTable.Type.STRING) {
                throw refused(row, "\"" + text + "\" must be a string, found " + cell.text());
            }
            requireCharacters(row, text, cell.text());
            return cell.text();
        }

        private String category(Row row) {
            Cell cell = row.cell(column);
            if (cell.type() == TextTable.Type.OTHER) {
                throw refused(row, "\"" + column + "\" must be a string or an integer, found " + cell.text());
            }
            requireCharacters(row, column, cell.text());
            String category = TextNames.category(cell.text());
            if (category.isEmpty()) {
                throw refused(row, "\"" + column + "\" must name a category, found nothing");
            }
            return category;
        }

        /** Refuses what escapes of JSON can write, but UTF-8 cannot or no text has. */
        private void requireCharacters(Row row, String of, String value) {
            for (int k = 0; k < value.length(); k++) {
                char c = value.charAt(k);
                boolean pair = Character.isHighSurrogate(c)
                        && k + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(k + 1));
                if (c == 0 || Character.isSurrogate(c) && !pair) {
                    throw refused(
                            row, String.format("\"%s\" must be text, found \\u%04x at character %d", of, (int) c, k));
                }
                k += pair ? 1 : 0;
            }
        }

        private String columns(Row row) {
            Set<String> names = new TreeSet<>(row.columns());
            return names.isEmpty()
                    ? "none"
                    : Shown.of(String.join(", ", names.stream().limit(NAMED).toList()), SHOWN)
                            + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
        }

        private DataException refused(Row row, String why) {
            return new DataException(file + row.place() + ": " + why);
        }

        void end() {
            if (empty > 0) {
                checks.note(file + ": " + DocumentChecks.count(empty, "row") + " without text and no document, first "
                        + file.getFileName() + firstEmpty);
            }
            if (within > 0) {
                checks.note(file + ": " + ByteLevel.END_OF_TEXT + " stands in the text of "
                        + DocumentChecks.count(within, "row") + ", first " + file.getFileName() + firstWithin
                        + ", and is read as a space: a row is one document");
            }
            if (USER.equals(column)) {
                checks.note(file + ": has no column \"category\"; each value of \"user\" is a category");
            }
            checked.end();
        }
    }
}
