package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.claim.Cells;
import coterie.scenarios.claim.ClaimsText;
import coterie.scenarios.claim.Judge;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.report.Comparison;
import coterie.scenarios.results.ProcessMemory;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.Interrupts;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyEstimate;
import coterie.scenarios.study.StudyFolders;
import coterie.scenarios.study.StudyRuns;
import coterie.scenarios.study.StudyTable;
import coterie.scenarios.study.StudyTableText;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a study, or lists its runs, and writes its tables: what {@code study}, and {@code run} with variants, do. */
final class StudySession {
    /** Folder of all runs and tables, if none is named. */
    static final Path FOLDER = Path.of("runs", "studies");

    private static final long WRITING_SECONDS = 60;
    private static final long LOOKS = 20;
    private static final int INTERRUPTED = 130;
    private static final double SHARE_OF_MEMORY = 0.8;

    private final Study study;
    private final Path out;
    private final ResumeRules rules;
    private final DeviceOptions device;
    private final boolean quiet;
    private final List<String> command;
    private final StudyFolders folders;

    /**
     * Looks for runs of the study that are there already.
     *
     * @param out folder for all runs and tables
     * @param rules what may happen to results that do not fit
     * @param quiet whether no progress is shown
     * @param command words of the command line, for results
     */
    StudySession(Study study, Path out, ResumeRules rules, DeviceOptions device, boolean quiet, List<String> command)
            throws IOException {
        this.study = study;
        this.out = out;
        this.rules = rules;
        this.device = device;
        this.quiet = quiet;
        this.command = command;
        folders = new StudyFolders(out, rules.otherProgram());
    }

    /**
     * Runs what has not ended.
     *
     * @param jobs runs at once; null for as many as cores and memory allow
     * @param dry whether the runs are only listed
     * @return the exit code
     */
    int run(Integer jobs, boolean dry) throws IOException {
        List<Study.Run> runs = study.runs();
        device.choose(runs.stream().map(Study.Run::loaded).toList());
        int most = jobs != null
                ? jobs
                : device.name().equals(DeviceChoice.CPU)
                        ? Math.min(
                                Runtime.getRuntime().availableProcessors(),
                                roomFor(runs.get(0).loaded()))
                        : 1;
        int atOnce = Math.min(most, runs.size());
        String others = folders.ofOtherPrograms(runs);
        if (others != null && !quiet) {
            System.err.println("coterie: " + others);
        }
        if (dry) {
            list(runs, new StudyRuns(folders, runs, rules, null, false), atOnce);
            return 0;
        }
        Path tables = out.resolve(study.name());
        try {
            Files.createDirectories(tables);
        } catch (FileSystemException e) {
            throw new InputException("--out: there can be no folder " + tables + " here: " + FileProblems.reason(e));
        }
        FolderLock lock = FolderLock.take(tables);
        try {
            // Left by a killed process.
            AtomicFiles.sweep(tables, name -> true);
            StudyRuns todo = new StudyRuns(folders, runs, rules, quiet ? null : System.err, Terminals.attached());
            todo.setCommand(command);
            return run(todo, atOnce);
        } finally {
            lock.close();
        }
    }

    /**
     * Writes the tables of the runs that have ended, and judges the claims.
     *
     * @return the exit code
     */
    int judge() throws IOException {
        Files.createDirectories(out.resolve(study.name()));
        FolderLock lock = FolderLock.take(out.resolve(study.name()));
        try {
            tables();
        } finally {
            lock.close();
        }
        return 0;
    }

    private int run(StudyRuns todo, int atOnce) throws IOException {
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> interrupt(todo, written), "interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        List<String> failures;
        try {
            failures = todo.run(
                    atOnce, new HostDevice(device.name(), Math.max(1, device.threads() / atOnce), device.stack()));
            if (!todo.stopped()) {
                Interrupts.remove(hook);
            }
            tables();
        } finally {
            written.countDown();
        }
        failures.forEach(f -> System.err.println("coterie: failed: " + f));
        return todo.stopped() ? INTERRUPTED : failures.isEmpty() ? 0 : 1;
    }

    /** The approximate number of runs that fit into memory at once. */
    private static int roomFor(Loaded run) throws IOException {
        double each = RunnableLearner.of(run).bytesPerRun(run);
        return (int) Math.max(1, SHARE_OF_MEMORY * ProcessMemory.available() / each);
    }

    private static void interrupt(StudyRuns todo, CountDownLatch written) {
        todo.stop();
        try {
            // Runs that are still loading have nothing to write.
            for (long k = 0;
                    k < WRITING_SECONDS * LOOKS && todo.busy() && !written.await(1000 / LOOKS, TimeUnit.MILLISECONDS);
                    k++) {
                // Runs under way write their results.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lists the runs that have ended and those that have not, and estimates their time: from the runs that have ended,
     * or else from a trial of the first.
     */
    private void list(List<Study.Run> runs, StudyRuns todo, int atOnce) throws IOException {
        List<Study.Run> left = new ArrayList<>();
        double known = 0;
        int done = 0;
        for (Study.Run r : runs) {
            boolean waiting = todo.isWaiting(r);
            if (waiting) {
                left.add(r);
            } else {
                known += folders.summary(r).path("wall_seconds").asDouble();
                done++;
            }
            System.out.printf(
                    "%-9s %s  seed %d  %s%n",
                    waiting ? "to do" : "done",
                    folders.of(r).getFileName(),
                    r.seed(),
                    r.variant().name());
        }
        String time = "";
        if (!left.isEmpty() && done > 0) {
            time = minutes(known / done * left.size() / atOnce) + ", as those that are done went";
        } else if (!left.isEmpty()) {
            StudyEstimate estimate = new StudyEstimate(
                    left.get(0).loaded(), new HostDevice(device.name(), device.threads(), device.stack()));
            // The trial uses all cores, as all runs together do later.
            time = minutes(left.stream()
                            .mapToDouble(r -> estimate.seconds(r.loaded()))
                            .sum()) + ", told from a few steps";
        }
        System.out.printf(Locale.ROOT, "%d runs, %d to do, %d at once%s%n", runs.size(), left.size(), atOnce, time);
    }

    private static String minutes(double seconds) {
        return String.format(Locale.ROOT, ": about %.0f min", Math.ceil(seconds / 60));
    }

    private void tables() throws IOException {
        StudyTable table = new StudyTable(
                study.variants(), study.better(), v -> measured(study.measure(), v), study.baselines()::get);
        Path folder = out.resolve(study.name());
        AtomicFiles.sweep(folder, name -> true);
        StudyTableText text = new StudyTableText(table, study.measure());
        AtomicFiles.write(folder.resolve("table.txt"), text.text());
        AtomicFiles.write(folder.resolve("table.csv"), text.csv());
        AtomicFiles.write(folder.resolve("table.md"), text.markdown());
        AtomicFiles.write(folder.resolve("table.tex"), text.latex());
        AtomicFiles.write(folder.resolve("report.html"), comparison(table).html(folder));
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
        System.out.print(text.text());
        for (Study.Run r : study.runs()) {
            JsonNode s = folders.summary(r);
            if (s != null && StudyRuns.diverged(s)) {
                JsonNode first = s.at("/diverged/0");
                System.out.printf(
                        "diverged: %s, seed %d: user %d at iteration %d (%s)%s%n",
                        r.variant().name(),
                        r.seed(),
                        first.path("user").asInt(),
                        first.path("iteration").asInt(),
                        first.path("symptom").asText(),
                        s.path("diverged").size() > 1 ? " and others" : "");
            }
        }
        claims(folder);
        System.out.println("tables and report: " + folder);
    }

    private void claims(Path folder) throws IOException {
        if (study.claims().isEmpty()) {
            return;
        }
        ClaimsText text = new ClaimsText(Judge.judge(study.claims(), this::results));
        AtomicFiles.write(folder.resolve("claims.txt"), text.text());
        AtomicFiles.write(folder.resolve("claims.csv"), text.csv());
        AtomicFiles.write(folder.resolve("claims.md"), text.markdown());
        AtomicFiles.write(folder.resolve("claims.tex"), text.latex());
        System.out.print("\n" + text.text());
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
