package coterie.scenarios.parquet;

import coterie.model.files.ForeignText;
import coterie.model.text.DataException;
import coterie.model.text.TextTable;
import coterie.topology.files.PlainText;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Parquet. Rows come in the order of the file, one batch at a time; only needed columns are read. */
public final class ParquetTable implements TextTable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int GZIP = 0x1f;
    private static final int HEAD = 64;
    private static final int SHOWN = 300;

    @Override
    public Set<String> suffixes() {
        return Set.of("parquet");
    }

    @Override
    public void read(Path file, Set<String> columns, Consumer<Row> each) {
        try {
            requireParquet(file);
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
        Properties streaming = new Properties();
        streaming.setProperty("jdbc_stream_results", "true");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", streaming);
                Statement statement = connection.createStatement()) {
            // With one thread, streamed rows keep their order.
            statement.execute("SET threads = 1");
            Map<String, String> types = types(statement, file);
            List<String> read = columns.stream().filter(types::containsKey).toList();
            String names = read.stream().map(ParquetTable::identifier).collect(Collectors.joining(", "));
            try (ResultSet rows = statement.executeQuery("SELECT " + (read.isEmpty() ? "1" : names)
                    + " FROM read_parquet(" + pattern(file) + ", hive_partitioning = false)")) {
                Current row = new Current(rows, read, types);
                while (rows.next()) {
                    row.next();
                    each.accept(row);
                }
            }
        } catch (SQLException e) {
            throw new DataException(file + ": cannot be read as Parquet: " + reason(e), e);
        }
    }

    /** Refuses other formats before the database sees them. */
    private static void requireParquet(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        if (head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return;
        }
        ForeignText.refusePointer(head, file.getFileName().toString());
        throw new IOException("is not Parquet, which begins with PAR1"
                + (head.length > 0 && head[0] == GZIP ? ": it is gzipped, unpack it" : ""));
    }

    /** Returns the types of all columns by name. */
    private static Map<String, String> types(Statement statement, Path file) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        try (ResultSet rows = statement.executeQuery(
                "DESCRIBE SELECT * FROM read_parquet(" + pattern(file) + ", hive_partitioning = false)")) {
            while (rows.next()) {
                types.put(rows.getString(1), rows.getString(2));
            }
        }
        return types;
    }

    private static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** Returns the path as a string of SQL in which no character is a wildcard. */
    private static String pattern(Path file) {
        String escaped = file.toString().replaceAll("[\\[*?]", "[$0]");
        return "'" + escaped.replace("'", "''") + "'";
    }

    private static String reason(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return Shown.of(message.replaceFirst("^(java\\.sql\\.SQLException: )?([A-Z][A-Za-z ]* Error: )?", ""), SHOWN);
    }

    /** The row at which the result stands. */
    private static final class Current implements Row {
        private final ResultSet rows;
        private final List<String> read;
        private final Map<String, String> types;
        private long number;

        Current(ResultSet rows, List<String> read, Map<String, String> types) {
            this.rows = rows;
            this.read = read;
            this.types = types;
        }

        void next() {
            number++;
        }

        @Override
        public String place() {
            return ": row " + number;
        }

        @Override
        public Collection<String> columns() {
            return new ArrayList<>(types.keySet());
        }

        @Override
        public Cell cell(String column) {
            int at = read.indexOf(column);
            if (at < 0) {
                return null;
            }
            try {
                Object value = rows.getObject(at + 1);
                if (value instanceof String text) {
                    return Cell.of(text);
                }
                return isInteger(value)
                        ? new Cell(Type.INTEGER, value.toString())
                        : new Cell(Type.OTHER, value == null ? "null" : "a value of type " + types.get(column));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static boolean isInteger(Object value) {
            return value instanceof Long
                    || value instanceof Integer
                    || value instanceof Short
                    || value instanceof Byte
                    || value instanceof BigInteger;
        }
    }
}
