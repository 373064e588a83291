package coterie.scenarios.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.LocatedTree;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs were to do, as lines of JSON that a database reads: their settings, and their variants in studies. */
final class SettingsTables {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A study's table of its runs: folder, seed, variant. */
    static final String STUDY = "runs.csv";

    private static final int FIELDS = 3;

    private SettingsTables() {}

    /**
     * Writes {@code run} and {@code settings}, the resolved scenario as a tree, for each run. Runs whose scenario is
     * damaged are left out.
     *
     * @return number of lines
     */
    static int settings(List<Path> runs, Path to) throws IOException {
        int lines = 0;
        try (Writer out = Files.newBufferedWriter(to)) {
            for (Path run : runs) {
                Path scenario = run.resolve("scenario.yaml");
                try {
                    ObjectNode line = JSON.createObjectNode().put("run", run.toString());
                    line.set(
                            "settings",
                            LocatedTree.parse(scenario.toString(), InputFile.text(scenario))
                                    .root());
                    out.append(line.toString()).append('\n');
                    lines++;
                } catch (InputException e) {
                    // Its results can be queried all the same.
                }
            }
        }
        return lines;
    }

    /**
     * Writes {@code run}, {@code study} and {@code variant} for each run of a study. A run may be of several studies.
     *
     * @param studies the studies' tables
     * @return number of lines
     */
    static int variants(List<Path> runs, List<Path> studies, Path to) throws IOException {
        Map<Path, Path> known = new HashMap<>();
        runs.forEach(r -> known.put(absolute(r), r));
        int lines = 0;
        try (Writer out = Files.newBufferedWriter(to)) {
            for (Path study : studies) {
                Path folder = absolute(study).getParent();
                try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(study)) {
                    for (CsvRecord r : csv) {
                        // The folder may have been moved since: runs lie beside the studies' tables.
                        String name = r.getField(0).substring(r.getField(0).lastIndexOf('/') + 1);
                        Path run = known.get(folder.resolveSibling("runs").resolve(name));
                        if (run != null && r.getFieldCount() == FIELDS) {
                            ObjectNode line = JSON.createObjectNode();
                            line.put("run", run.toString())
                                    .put("study", folder.getFileName().toString())
                                    .put("variant", r.getField(2));
                            out.append(line.toString()).append('\n');
                            lines++;
                        }
                    }
                } catch (CsvParseException | InvalidPathException e) {
                    throw new InputException(study + ": is no table of a study's runs: " + e.getMessage());
                }
            }
        }
        return lines;
    }

    private static Path absolute(Path p) {
        return p.toAbsolutePath().normalize();
    }
}
