package coterie.scenarios.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the files that a run leaves in its folder. Other files there do not belong to the run: logs, output of other
 * commands, checkpoints, the runs in {@code baselines/}, and {@code report.html}, which {@code coterie report} writes
 * again from the others.
 */
public final class ResultFiles {
    /** The summary: written last. */
    public static final String SUMMARY = "summary.json";
    /** The page, which is not a result. */
    public static final String REPORT = "report.html";
    /** Files of lines that are equal for equal runs, in the order in which they are chained, without suffix. */
    static final List<String> RECORDS = List.of("turns", "evaluations", "trust", "events", "messages", "utility");

    private static final String LINES = ".jsonl";
    private static final List<String> OTHERS =
            List.of("scenario.yaml", "run.json", "users.json", "timing.jsonl", "samples.json", "mlflow.json");
    private static final List<String> FOLDERS = List.of("adapters", "models", "tables", "tensorboard");

    private ResultFiles() {}

    /** The file of a kind of record. */
    static String lines(String record) {
        return record + LINES;
    }

    /** Whether a file or folder directly in the folder of a run has a name that runs give. */
    public static boolean isTopLevel(String name) {
        return OTHERS.contains(name)
                || FOLDERS.contains(name)
                || List.of(SUMMARY, REPORT, Manifest.FILE).contains(name)
                || RECORDS.stream().anyMatch(r -> lines(r).equals(name));
    }

    /**
     * The result files in a folder, except the summary.
     *
     * @return paths relative to the folder, with slashes, sorted; no hidden files
     */
    static List<String> in(Path folder) throws IOException {
        List<String> all = new ArrayList<>();
        for (String name : Stream.concat(OTHERS.stream(), RECORDS.stream().map(ResultFiles::lines))
                .toList()) {
            if (Files.isRegularFile(folder.resolve(name))) {
                all.add(name);
            }
        }
        for (String name : FOLDERS) {
            if (Files.isDirectory(folder.resolve(name))) {
                try (Stream<Path> files = Files.walk(folder.resolve(name))) {
                    files.filter(Files::isRegularFile)
                            .map(folder::relativize)
                            .filter(f -> !hidden(f))
                            .forEach(f -> all.add(f.toString().replace('\\', '/')));
                }
            }
        }
        return all.stream().sorted().toList();
    }

    private static boolean hidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
