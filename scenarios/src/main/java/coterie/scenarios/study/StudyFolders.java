package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.Status;
import coterie.scenarios.run.Build;
import coterie.scenarios.run.RunFolder;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the runs of studies are: each in {@code runs/<scenario>-<program>}, named by a hash of its resolved scenario
 * and by the program's version, which ends in a hash of the program. Results of another program are therefore never
 * taken for results of this one. Studies with the same folder share their runs.
 */
public final class StudyFolders {
    private static final int HASH_DIGITS = 16;
    /** Part of the hash of a scenario, so that folders of earlier versions are found as those of another program. */
    private static final String SALT = Build.NUMBER + "\n";

    private final Path runs;
    private final boolean otherProgram;
    /** Folders that existed at the start, by the hash of their scenario. */
    private final Map<String, List<Path>> before = new HashMap<>();
    /** Folders that were asked for, by the hash of their scenario. */
    private final Map<String, Path> known = new HashMap<>();

    /**
     * Lists the folders that exist.
     *
     * @param otherProgram whether results of another program count if there are none of this program
     */
    public StudyFolders(Path out, boolean otherProgram) throws IOException {
        runs = out.resolve("runs");
        this.otherProgram = otherProgram;
        if (!Files.isDirectory(runs)) {
            return;
        }
        try (Stream<Path> all = Files.list(runs)) {
            all.filter(RunFolder::isRun).sorted().forEach(f -> {
                String name = f.getFileName().toString();
                before.computeIfAbsent(name.substring(0, Math.min(HASH_DIGITS, name.length())), k -> new ArrayList<>())
                        .add(f);
            });
        }
    }

    private static String scenario(Study.Run run) {
        return Sha256.of(SALT + run.loaded().yaml()).substring(0, HASH_DIGITS);
    }

    /** The folder of a run's results, which need not exist yet. */
    public synchronized Path of(Study.Run run) {
        return known.computeIfAbsent(scenario(run), this::find);
    }

    private Path find(String scenario) {
        Path own = runs.resolve(scenario + "-" + Build.version());
        if (RunFolder.isRun(own)) {
            return own;
        }
        return others(scenario).stream()
                .filter(f -> otherProgram || Build.version().equals(RunFolder.program(f)))
                .max(Comparator.comparing(StudyFolders::modified))
                .orElse(own);
    }

    /** Folders of the same scenario that another program began. */
    private List<Path> others(String scenario) {
        return before.getOrDefault(scenario, List.of()).stream()
                .filter(f -> !f.getFileName().toString().equals(scenario + "-" + Build.version()))
                .toList();
    }

    private static FileTime modified(Path run) {
        try {
            return Files.getLastModifiedTime(run);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /**
     * Says how many runs have results of another program that do not count, in one line.
     *
     * @return null if there are none
     */
    public String ofOtherPrograms(List<Study.Run> all) {
        Set<String> programs = new HashSet<>();
        int count = 0;
        for (Study.Run r : all) {
            List<Path> others = others(scenario(r));
            if (!others.isEmpty() && !others.contains(of(r)) && !RunFolder.isRun(of(r))) {
                count++;
                others.forEach(f -> programs.add(String.valueOf(RunFolder.program(f))));
            }
        }
        if (count == 0) {
            return null;
        }
        return runs + ": results of another program ("
                + String.join(", ", programs.stream().sorted().toList()) + ") do not count, runs to do again: " + count
                + "; --allow-other-program takes them as they are";
    }

    /** The summary of a run that has ended, even by a divergence; null if it has not. */
    public JsonNode summary(Study.Run run) throws IOException {
        Path file = of(run).resolve("summary.json");
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode n = ResultJson.read(file);
        String status = n.path("status").asText();
        return status.isEmpty() || status.equals(Status.INTERRUPTED.label()) ? null : n;
    }
}
