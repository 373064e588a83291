package coterie.model.text;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A format of files that hold one document per row, in a column. Formats are found by {@link java.util.ServiceLoader},
 * so that a format whose library this module lacks can be provided elsewhere.
 */
public interface TextTable {
    /** Returns the suffixes of files in this format, in lower case and without the dot. */
    Set<String> suffixes();

    /**
     * Reads the rows of a file in order, without holding the file in memory.
     *
     * @param columns names of the columns that the caller needs; the file need not have them
     * @throws DataException if the file cannot be read or is not in this format; the message gives the file, and the
     *     line or row
     */
    void read(Path file, Set<String> columns, Consumer<Row> each);

    /** One row, valid until the next is read. */
    interface Row {
        /** Returns the position, which follows the name of the file in messages: {@code :7}, or {@code : row 7}. */
        String place();

        /** Returns the names of all columns that the row has. */
        Collection<String> columns();

        /** Returns a value of a needed column; null if the row has no such column. */
        Cell cell(String column);
    }

    /** The type of a value, as far as documents and categories are concerned. */
    enum Type {
        STRING,
        INTEGER,
        OTHER
    }

    /**
     * A value.
     *
     * @param text the string, the digits of the integer, or a short description of any other value
     */
    record Cell(Type type, String text) {
        /** Returns the cell of a string. */
        public static Cell of(String text) {
            return new Cell(Type.STRING, text);
        }
    }
}
