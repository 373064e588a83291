package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.claim.Cells;
import coterie.scenarios.claim.ClaimsText;
import coterie.scenarios.claim.Judge;
import coterie.scenarios.claim.Judgement;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.Comparison;
import coterie.scenarios.report.StudyPage;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyFolders;
import coterie.scenarios.study.StudyRuns;
import coterie.scenarios.study.StudyTable;
import coterie.scenarios.study.StudyTableText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tables, the verdicts and the page of a study, from its runs that have ended. */
final class StudyTables {
    private final Study study;
    private final StudyFolders folders;
    private final Path folder;

    /** @param folder of the tables, which exists when they are written */
    StudyTables(Study study, StudyFolders folders, Path folder) {
        this.study = study;
        this.folders = folders;
        this.folder = folder;
    }

    Study study() {
        return study;
    }

    /** Folder of the tables. */
    Path folder() {
        return folder;
    }

    /**
     * Writes all tables and the page.
     *
     * @return what a terminal shows of them
     */
    String write() throws IOException {
        StudyTable table = new StudyTable(
                study.variants(), study.better(), v -> measured(study.measure(), v), study.baselines()::get);
        AtomicFiles.sweep(folder, name -> true);
        StudyTableText text = new StudyTableText(table, study.measure());
        AtomicFiles.write(folder.resolve("table.txt"), text.text());
        AtomicFiles.write(folder.resolve("table.csv"), text.csv());
        AtomicFiles.write(folder.resolve("table.md"), text.markdown());
        AtomicFiles.write(folder.resolve("table.tex"), text.latex());
        StringBuilder runs = new StringBuilder("folder,seed,variant\n");
        for (Study.Run r : study.runs()) {
            runs.append(folders.of(r))
                    .append(',')
                    .append(r.seed())
                    .append(",\"")
                    .append(r.variant().name().replace("\"", "\"\""))
                    .append("\"\n");
        }
        AtomicFiles.write(folder.resolve("runs.csv"), runs.toString());
        StringBuilder shown = new StringBuilder(text.text());
        for (Study.Run r : study.runs()) {
            JsonNode s = folders.summary(r);
            if (s != null && StudyRuns.diverged(s)) {
                shown.append(diverged(r, s));
            }
        }
        List<Judgement> judged = judged();
        if (!judged.isEmpty()) {
            ClaimsText claims = new ClaimsText(judged);
            AtomicFiles.write(folder.resolve("claims.txt"), claims.text());
            AtomicFiles.write(folder.resolve("claims.csv"), claims.csv());
            AtomicFiles.write(folder.resolve("claims.md"), claims.markdown());
            AtomicFiles.write(folder.resolve("claims.tex"), claims.latex());
            shown.append('\n').append(claims.text());
        }
        StudyPage.write(folder, comparison(table), study.question(), judged);
        return shown.append("tables and report: ").append(folder).append('\n').toString();
    }

    private static String diverged(Study.Run r, JsonNode summary) {
        JsonNode first = summary.at("/diverged/0");
        return String.format(
                Locale.ROOT,
                "diverged: %s, seed %d: user %d at iteration %d (%s)%s%n",
                r.variant().name(),
                r.seed(),
                first.path("user").asInt(),
                first.path("iteration").asInt(),
                first.path("symptom").asText(),
                summary.path("diverged").size() > 1 ? " and others" : "");
    }

    /** The verdicts on the study's claims; empty if it has none. */
    List<Judgement> judged() {
        return study.claims().isEmpty() ? List.of() : Judge.judge(study.claims(), this::results);
    }

    /** Summaries of the runs that have ended, by folder. */
    Map<Path, JsonNode> ended() throws IOException {
        Map<Path, JsonNode> all = new LinkedHashMap<>();
        for (Study.Run r : study.runs()) {
            JsonNode s = folders.summary(r);
            if (s != null) {
                all.put(folders.of(r), s);
            }
        }
        return all;
    }

    /** The folders of all runs, which need not exist yet. */
    Set<Path> runs() {
        return study.runs().stream().map(folders::of).collect(Collectors.toSet());
    }

    private Map<Map<String, String>, Map<Long, Double>> results(String measure, Cells cells) {
        Map<Map<String, String>, Map<Long, Double>> all = new LinkedHashMap<>();
        study.variants().stream()
                .filter(v -> cells.has(v.values()))
                .forEach(v -> all.put(v.values(), measured(measure, v)));
        return all;
    }

    private Comparison comparison(StudyTable table) throws IOException {
        List<Comparison.Row> rows = new ArrayList<>();
        for (int k = 0; k < table.rows().size(); k++) {
            Study.Variant v = study.variants().get(k);
            StudyTable.Row r = table.rows().get(k);
            List<Comparison.Run> runs = new ArrayList<>();
            for (long seed : study.seeds()) {
                Study.Run run = study.run(v, seed);
                if (folders.summary(run) != null) {
                    runs.add(new Comparison.Run(seed, folders.of(run)));
                }
            }
            rows.add(new Comparison.Row(
                    v.name(),
                    r.values(),
                    new Comparison.Found(
                            r.seeds().measured(),
                            r.mean(),
                            r.deviation(),
                            StudyTableText.lost(r).strip()),
                    new Comparison.Difference(r.difference(), r.interval(), r.incomparable()),
                    r.best(),
                    runs));
        }
        return new Comparison(
                "Study " + study.name(),
                List.copyOf(study.variants().get(0).values().keySet()),
                study.measure(),
                study.better(),
                "seeds",
                rows,
                new StudyTableText(table, study.measure()).text());
    }

    private Map<Long, Double> measured(String measure, Study.Variant v) {
        Map<Long, Double> all = new TreeMap<>();
        try {
            for (long seed : study.seeds()) {
                Study.Run run = study.run(v, seed);
                JsonNode s = folders.summary(run);
                Double value = s == null ? null : study.measured(measure, s, folders.of(run));
                if (value != null) {
                    all.put(seed, value);
                }
            }
        } catch (InputException e) {
            throw e.within(study.file().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
