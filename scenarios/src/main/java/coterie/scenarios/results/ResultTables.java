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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The result files of many runs as tables of an embedded database. Files of lines are read when a query needs them;
 * {@code runs.settings} has the resolved scenario, {@code users} each user's data and group, {@code variants} the runs
 * of studies, and {@code trust_in_attackers} what honest users' trust makes of attackers.
 */
public final class ResultTables implements AutoCloseable {
    private static final int LONGEST_OBJECT = 1 << 28;
    private final List<Path> runs = new ArrayList<>();
    private final Connection connection;
    /** Whether trust in attackers was computed. */
    private boolean attackers;

    /** @param folders runs, or folders that contain runs */
    public ResultTables(List<Path> folders) throws SQLException {
        this(folders, true);
    }

    /** @param deep whether to look for runs below the folders; otherwise each folder is a run */
    public ResultTables(List<Path> folders, boolean deep) throws SQLException {
        Set<Path> found = new LinkedHashSet<>();
        Set<Path> studies = new LinkedHashSet<>();
        for (Path f : folders) {
            try (Stream<Path> all = Files.walk(f, deep ? Integer.MAX_VALUE : 1)) {
                for (Path p : all.sorted().toList()) {
                    if (p.endsWith("scenario.yaml")) {
                        found.add(p.getParent());
                    } else if (p.endsWith(SettingsTables.STUDY)) {
                        studies.add(p);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        runs.addAll(found);
        connection = DriverManager.getConnection("jdbc:duckdb:");
        if (deep) {
            settings(List.copyOf(studies));
        }
        String joined = deep && !runs.isEmpty()
                ? "SELECT r.*, s.settings FROM (%s) r LEFT JOIN settings_of_runs s USING (run)"
                : "%s";
        view("runs", runs.stream().map(r -> r.resolve("summary.json")).toList(), "auto", joined);
        // One line a user. A list is not unnested: max_depth ends with the users' own fields.
        view(
                "users",
                runs.stream().map(r -> r.resolve("users.json")).toList(),
                "auto",
                "SELECT run, generate_subscripts(users, 1) - 1 AS user, unnest(users, max_depth := 2) FROM (%s)");
        for (String name : ResultFiles.RECORDS) {
            view(
                    name,
                    runs.stream().map(r -> r.resolve(ResultFiles.lines(name))).toList(),
                    "newline_delimited",
                    "%s");
        }
    }

    /** Folders of the runs. */
    public List<Path> runs() {
        return runs;
    }

    /** Reads what is small at once, into tables. */
    private void settings(List<Path> studies) throws SQLException {
        try {
            Path lines = Files.createTempFile("coterie-settings", ".jsonl");
            try {
                table("settings_of_runs", "NULL AS settings", SettingsTables.settings(runs, lines), lines);
                table("variants", "'' AS study, '' AS variant", SettingsTables.variants(runs, studies, lines), lines);
            } finally {
                Files.delete(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param columns of an empty table, besides the run */
    private void table(String name, String columns, int count, Path lines) throws SQLException {
        execute("CREATE TABLE " + name + " AS "
                + (count == 0
                        ? "SELECT '' AS run, " + columns + " WHERE false"
                        // Settings that few runs have are fields too, not entries of a map.
                        : "SELECT * FROM read_json('" + quoted(lines) + "', format = 'newline_delimited',"
                                + " sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0,"
                                + " maximum_object_size = " + LONGEST_OBJECT + ")"));
    }

    /** Computes trust in attackers, which takes all trust rows, if a query asks for it. */
    private void prepare(String sql) throws SQLException {
        if (attackers || !sql.toLowerCase(Locale.ROOT).contains(AttackTable.NAME)) {
            return;
        }
        attackers = true;
        execute("CREATE TABLE " + AttackTable.NAME + " (" + AttackTable.COLUMNS + ")");
        try {
            Path lines = Files.createTempFile("coterie-attackers", ".jsonl");
            try {
                if (AttackTable.write(runs, lines) > 0) {
                    execute("INSERT INTO " + AttackTable.NAME + " SELECT * FROM read_json('" + quoted(lines)
                            + "', format = 'newline_delimited', columns = " + AttackTable.FIELDS + ")");
                }
            } finally {
                Files.delete(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(Path file) {
        return file.toString().replace("'", "''");
    }

    /** @param as what the view selects; {@code %s} stands for the lines of the files */
    private void view(String name, List<Path> files, String format, String as) throws SQLException {
        List<String> there = files.stream()
                .filter(f -> {
                    try {
                        return Files.exists(f) && Files.size(f) > 0;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .map(f -> "'" + quoted(f) + "'")
                .toList();
        if (!there.isEmpty()) {
            // A column names the line's run: the folder, without the file's name.
            String lines = "SELECT parse_dirpath(filename) AS run, * EXCLUDE (filename) FROM read_json(["
                    + String.join(", ", there) + "], format = '" + format
                    + "', filename = true, union_by_name = true, sample_size = -1, maximum_object_size = "
                    + LONGEST_OBJECT + ")";
            execute("CREATE VIEW " + name + " AS " + as.replace("%s", lines));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    /** The result of a query as aligned columns. */
    public String table(String sql) throws SQLException {
        prepare(sql);
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
        prepare(sql);
        String question = sql.strip().replaceAll(";$", "");
        execute("COPY (" + question + ") TO '" + quoted(to) + "' (FORMAT " + format
                + (format.equals("csv") ? ", HEADER" : "") + ")");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
