package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.claim.ClaimSuite;
import coterie.scenarios.claim.Judgement;
import coterie.scenarios.claim.SuiteText;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.SuitePage;
import coterie.scenarios.results.RunTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The verdicts of a suite, from the tables of its studies, and what made their runs. */
final class SuiteTables {
    private final List<ClaimSuite.Study> studies = new ArrayList<>();
    private final List<SuitePage.Part> parts = new ArrayList<>();
    private final RunTimes times = new RunTimes();
    private final Set<Path> allEnded = new HashSet<>();
    private final Set<Path> allRuns = new HashSet<>();
    private final Set<String> programs = new LinkedHashSet<>();
    private final Set<String> machines = new LinkedHashSet<>();

    /**
     * Adds a study, whose tables have been written.
     *
     * @param file of the study, as tables name it
     */
    void add(StudyTables tables, String file) throws IOException {
        RunTimes own = new RunTimes();
        Map<Path, JsonNode> ended = tables.ended();
        for (JsonNode summary : ended.values()) {
            own.add(summary);
            JsonNode p = summary.path("provenance");
            programs.add(p.path("program").asText("unknown"));
            machines.add(machine(summary));
        }
        times.add(own);
        List<Judgement> judged = tables.judged();
        allEnded.addAll(ended.keySet());
        allRuns.addAll(tables.runs());
        ClaimSuite.Runs runs = new ClaimSuite.Runs(ended.size(), tables.runs().size(), own.seconds());
        String name = tables.study().name();
        studies.add(new ClaimSuite.Study(name, tables.study().question(), file, judged, runs));
        parts.add(new SuitePage.Part(name, tables.folder(), SuiteText.inWords(file, runs)));
    }

    /** The processor of a run, its cores, and the device that trained if it is another. */
    private static String machine(JsonNode summary) {
        JsonNode p = summary.path("provenance");
        boolean cpu = true;
        for (JsonNode device : p.path("devices")) {
            cpu &= device.asText().equals(DeviceChoice.CPU);
        }
        return p.path("processor").asText("an unknown processor") + ", cores: "
                + p.path("cores").asInt()
                + (cpu ? "" : ", " + summary.path("device").asText());
    }

    /**
     * Writes {@code claims.md} and its other forms.
     *
     * @param folder that exists
     * @param name of the suite
     * @param about what it claims
     * @param command that repeats it
     * @return what a terminal shows of it
     * @throws InputException if no run has ended
     */
    String write(Path folder, String name, String about, String command) throws IOException {
        if (programs.isEmpty()) {
            throw new InputException(folder + ": no run of the suite has ended");
        }
        ClaimSuite suite = new ClaimSuite(
                name,
                about,
                new ClaimSuite.Made(
                        command,
                        String.join(", ", programs),
                        String.join("; ", machines),
                        new ClaimSuite.Runs(allEnded.size(), allRuns.size(), times.seconds())),
                studies);
        SuiteText text = new SuiteText(suite);
        AtomicFiles.sweep(folder, file -> true);
        AtomicFiles.write(folder.resolve("claims.txt"), text.text());
        AtomicFiles.write(folder.resolve("claims.csv"), text.csv());
        AtomicFiles.write(folder.resolve("claims.md"), text.markdown());
        AtomicFiles.write(folder.resolve("claims.tex"), text.latex());
        SuitePage.write(folder, name, about, text.made().replace("`", ""), parts);
        return text.text();
    }
}
