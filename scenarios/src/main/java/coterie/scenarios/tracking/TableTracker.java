package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.event.Observation;
import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.scenarios.config.Tracking;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.ResultTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code tables/}: turns, evaluations, trust and utility for data frames; trust has one line per entry of each row.
 * Written at the end of the run.
 */
final class TableTracker implements Tracker {
    private static final Map<String, String> TABLES = Map.of(
            "turns", "SELECT * EXCLUDE (run) FROM turns",
            "evaluations", "SELECT * EXCLUDE (run) FROM evaluations",
            "utility", "SELECT * EXCLUDE (run) FROM utility",
            "trust",
                    "SELECT virtual_seconds, t.user, turn, CAST(k AS INTEGER) AS of_user, "
                            + "CAST(json_extract(rows, '$.\"' || k || '\"') AS DOUBLE) AS weight, "
                            + "CAST(json_extract(ages, '$.\"' || k || '\"') AS INTEGER) AS age "
                            + "FROM (SELECT *, to_json(\"row\") AS rows, to_json(age) AS ages FROM trust) t, "
                            + "unnest(json_keys(rows)) AS u(k) "
                            + "WHERE json_extract(rows, '$.\"' || k || '\"') IS NOT NULL AND "
                            + "json_extract_string(rows, '$.\"' || k || '\"') IS NOT NULL "
                            + "ORDER BY virtual_seconds, t.user, of_user");
    private final Path folder;
    private final String format;

    TableTracker(Path folder, Tracking kind) {
        this.folder = folder;
        format = kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void observed(Observation o) {
        // The tables are made from the run's files at the end.
    }

    @Override
    public void ended(JsonNode summary, RunReport report) throws IOException {
        Path to = folder.resolve("tables");
        Folders.create(to);
        try (ResultTables tables = new ResultTables(List.of(folder), false)) {
            for (Map.Entry<String, String> t : TABLES.entrySet()) {
                Path lines = folder.resolve(t.getKey() + ".jsonl");
                if (Files.exists(lines) && Files.size(lines) > 0) {
                    Path table = to.resolve(t.getKey() + "." + format);
                    tables.copy(t.getValue(), table, format);
                    // DuckDB writes a temporary file first, which a killed process leaves.
                    Files.deleteIfExists(table.resolveSibling("tmp_" + table.getFileName()));
                    AtomicFiles.force(table);
                }
            }
        } catch (SQLException e) {
            throw new IOException("tables of " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
