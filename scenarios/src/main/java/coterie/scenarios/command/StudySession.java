package coterie.scenarios.command;

import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.results.ProcessMemory;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.Interrupts;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyEstimate;
import coterie.scenarios.study.StudyFolders;
import coterie.scenarios.study.StudyRuns;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private final StudyTables tables;

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
        tables = new StudyTables(study, folders, out.resolve(study.name()));
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
        int atOnce = atOnce(runs, jobs);
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
     * @param shown whether they are printed, too
     * @return the exit code
     */
    int judge(boolean shown) throws IOException {
        Files.createDirectories(out.resolve(study.name()));
        FolderLock lock = FolderLock.take(out.resolve(study.name()));
        try {
            tables(shown);
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
            tables(true);
        } finally {
            written.countDown();
        }
        failures.forEach(f -> System.err.println("coterie: failed: " + f));
        return todo.stopped() ? INTERRUPTED : failures.isEmpty() ? 0 : 1;
    }

    /** The number of runs at once, where none is given: as many as cores and memory allow. */
    private int atOnce(List<Study.Run> runs, Integer jobs) throws IOException {
        device.choose(runs.stream().map(Study.Run::loaded).toList());
        int most = jobs != null
                ? jobs
                : device.name().equals(DeviceChoice.CPU)
                        ? Math.min(
                                Runtime.getRuntime().availableProcessors(),
                                roomFor(runs.get(0).loaded()))
                        : 1;
        return Math.min(most, runs.size());
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
     * What a study has to do.
     *
     * @param all number of runs
     * @param left number of runs that have not ended, without those that were counted before
     * @param atOnce runs at once
     * @param seconds approximate seconds that these take
     * @param source where the number of seconds comes from; empty if nothing is left
     */
    record Plan(int all, int left, int atOnce, double seconds, String source) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d runs, %d to do, %d at once%s", all, left, atOnce, time());
        }

        private String time() {
            return source.isEmpty()
                    ? ""
                    : String.format(Locale.ROOT, ": about %.0f min, %s", Math.ceil(seconds / 60), source);
        }
    }

    /**
     * Estimates what is left, and runs nothing.
     *
     * @param trials made before, by what they hold for; receives new ones
     * @param counted folders of runs that are left and were counted before; receives those that are counted now
     */
    Plan plan(Integer jobs, Map<Object, StudyEstimate> trials, Set<Path> counted) throws IOException {
        List<Study.Run> runs = study.runs();
        int atOnce = atOnce(runs, jobs);
        return plan(runs, new StudyRuns(folders, runs, rules, null, false), atOnce, trials, counted);
    }

    /** Estimates the time from the runs that have ended, or else from a trial of the first that has not. */
    private Plan plan(
            List<Study.Run> runs, StudyRuns todo, int atOnce, Map<Object, StudyEstimate> trials, Set<Path> counted)
            throws IOException {
        List<Study.Run> done = runs.stream().filter(r -> !todo.isWaiting(r)).toList();
        List<Study.Run> left = runs.stream()
                .filter(r -> todo.isWaiting(r) && counted.add(folders.of(r)))
                .toList();
        if (left.isEmpty()) {
            return new Plan(runs.size(), 0, atOnce, 0, "");
        }
        if (!done.isEmpty()) {
            double known = 0;
            for (Study.Run r : done) {
                known += folders.summary(r).path("wall_seconds").asDouble();
            }
            double seconds = known / done.size() * left.size() / atOnce;
            return new Plan(runs.size(), left.size(), atOnce, seconds, "as those that are done went");
        }
        Loaded first = left.get(0).loaded();
        StudyEstimate estimate = trials.get(StudyEstimate.kind(first));
        if (estimate == null) {
            estimate = new StudyEstimate(first, new HostDevice(device.name(), device.threads(), device.stack()));
            trials.put(StudyEstimate.kind(first), estimate);
        }
        double seconds = 0;
        for (Study.Run r : left) {
            // The trial uses all cores, as all runs together do later.
            seconds += estimate.seconds(r.loaded());
        }
        return new Plan(runs.size(), left.size(), atOnce, seconds, "told from a few steps");
    }

    /** Lists the runs that have ended and those that have not, and estimates their time. */
    private void list(List<Study.Run> runs, StudyRuns todo, int atOnce) throws IOException {
        for (Study.Run r : runs) {
            System.out.printf(
                    "%-9s %s  seed %d  %s%n",
                    todo.isWaiting(r) ? "to do" : "done",
                    folders.of(r).getFileName(),
                    r.seed(),
                    r.variant().name());
        }
        System.out.println(plan(runs, todo, atOnce, new HashMap<>(), new HashSet<>()));
    }

    private void tables(boolean shown) throws IOException {
        String text = tables.write();
        if (shown) {
            System.out.print(text);
        }
    }

    /** The tables of the runs that have ended. */
    StudyTables tables() {
        return tables;
    }
}
