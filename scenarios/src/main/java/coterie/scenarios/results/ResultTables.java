package coterie.scenarios.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The result files of many runs as tables of an embedded database. Files are read when a query needs them. */
public final class ResultTables implements AutoCloseable {
    private static final List<String> LINES = List.of("turns", "evaluations", "trust", "events", "messages");
    private final List<Path> runs = new ArrayList<>();
    private final Connection connection;

    /** @param folders runs, or folders that contain runs */
    public ResultTables(List<Path> folders) throws SQLException {
        this(folders, true);
    }

    /** @param deep whether to look for runs below the folders; otherwise each folder is a run */
    public ResultTables(List<Path> folders, boolean deep) throws SQLException {
        for (Path f : folders) {
            try (Stream<Path> all = Files.walk(f, deep ? Integer.MAX_VALUE : 1)) {
                all.filter(p -> p.getFileName().toString().equals("scenario.yaml"))
                        .map(Path::getParent)
                        .filter(p -> !runs.contains(p))
                        .sorted()
                        .forEach(runs::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        connection = DriverManager.getConnection("jdbc:duckdb:");
        view("runs", runs.stream().map(r -> r.resolve("summary.json")).toList(), "auto");
        for (String name : LINES) {
            view(name, runs.stream().map(r -> r.resolve(name + ".jsonl")).toList(), "newline_delimited");
        }
    }

    /** Folders of the runs. */
    public List<Path> runs() {
        return runs;
    }

    private void view(String name, List<Path> files, String format) throws SQLException {
        List<String> there = files.stream()
                .filter(f -> {
                    try {
                        return Files.exists(f) && Files.size(f) > 0;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .map(f -> "'" + f.toString().replace("'", "''") + "'")
                .toList();
        if (!there.isEmpty()) {
            // A column names the line's run: the folder, without the file's name.
            execute("CREATE VIEW " + name
                    + " AS SELECT parse_dirpath(filename) AS run, * EXCLUDE (filename) FROM read_json(["
                    + String.join(", ", there) + "], format = '" + format
                    + "', filename = true, union_by_name = true, sample_size = -1, maximum_object_size = 268435456)");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    /** The result of a query as aligned columns. */
    public String table(String sql) throws SQLException {
        List<List<String>> lines = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            ResultSetMetaData meta = r.getMetaData();
            List<String> head = new ArrayList<>();
            for (int k = 1; k <= meta.getColumnCount(); k++) {
                head.add(meta.getColumnLabel(k));
            }
            lines.add(head);
            while (r.next()) {
                List<String> line = new ArrayList<>();
                for (int k = 1; k <= head.size(); k++) {
                    line.add(String.valueOf(r.getString(k)));
                }
                lines.add(line);
            }
        }
        return AlignedText.of(lines);
    }

    /**
     * Writes the result of a query to a file.
     *
     * @param format csv, json or parquet
     */
    public void copy(String sql, Path to, String format) throws SQLException {
        String question = sql.strip().replaceAll(";$", "");
        execute("COPY (" + question + ") TO '" + to.toString().replace("'", "''") + "' (FORMAT " + format
                + (format.equals("csv") ? ", HEADER" : "") + ")");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
