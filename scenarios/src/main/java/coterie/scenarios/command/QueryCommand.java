package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ResultTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie query}: SQL over the results of any number of runs. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description = "Query the results of runs in SQL: tables runs (with the resolved scenario in settings), turns,"
                + " evaluations, trust, events, messages, utility, users, trust_in_attackers, variants (of studies);"
                + " each with a column run, the run's folder.")
final class QueryCommand implements Callable<Integer> {
    /** Output formats. */
    enum Format {
        TABLE,
        CSV,
        JSON,
        PARQUET
    }

    @Parameters(
            arity = "2..*",
            paramLabel = "DIR... SQL",
            description = "folders of runs, or folders that contain runs; and last the query")
    private List<String> words;

    @Option(names = "--format", defaultValue = "TABLE", description = "table, csv, json or parquet (default: table)")
    private Format format;

    @Option(names = "--out", paramLabel = "FILE", description = "file for the result; required for parquet")
    private Path out;

    @Override
    public Integer call() {
        String sql = words.get(words.size() - 1);
        List<Path> folders =
                words.subList(0, words.size() - 1).stream().map(Path::of).toList();
        for (Path f : folders) {
            if (!Files.isDirectory(f)) {
                throw new InputException(f + " is no folder; usage: coterie query DIR... \"SQL\"");
            }
        }
        if (format == Format.PARQUET && out == null) {
            throw new InputException("--format parquet needs --out FILE");
        }
        try (ResultTables tables = new ResultTables(folders)) {
            if (tables.runs().isEmpty()) {
                throw new InputException("there is no run (no scenario.yaml) in " + folders);
            }
            if (format == Format.TABLE && out == null) {
                System.out.print(tables.table(sql));
            } else {
                Path to = out != null ? out : Path.of("/dev/stdout");
                tables.copy(
                        sql, to, format == Format.TABLE ? "csv" : format.name().toLowerCase(java.util.Locale.ROOT));
            }
            return 0;
        } catch (SQLException e) {
            throw new InputException("query: "
                    + e.getMessage()
                            .lines()
                            .limit(8)
                            .reduce((a, b) -> a + "\n" + b)
                            .orElse("failed"));
        }
    }
}
