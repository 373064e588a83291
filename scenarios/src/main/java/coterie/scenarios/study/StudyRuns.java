package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.Simulation;
import coterie.scenarios.config.InputException;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.results.Status;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.InputHashes;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunSession;
import coterie.scenarios.run.RunWatcher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs of a study, each in a folder of its own ({@link StudyFolders}). A run that has ended is not done again,
 * whichever study asked for it, and one that was interrupted goes on from its last checkpoint, as long as scenario,
 * files and program are those that it began with.
 */
public final class StudyRuns {
    /** Figures that grow during a run: if it ends at a target, they say what reaching the target took. */
    private static final Set<String> UNTIL_TARGET = Set.of(
            "target",
            "virtual_seconds",
            "wall_seconds",
            "total_seconds",
            "turns",
            "messages",
            "bytes_sent",
            "forward_passes",
            "tokens_trained",
            "events",
            "crashes");

    /** Figures without a number if what they wait for never happened. */
    private static final Set<String> NEVER_IF_NULL = Set.of("attackers.seconds_to_auc", "attackers.seconds_to_detect");

    private final StudyFolders folders;
    private final ResumeRules rules;
    private final StudyProgress progress;
    private final int all;
    private final Deque<Study.Run> waiting;
    private final List<String> failures = new ArrayList<>();
    private List<String> command = List.of();
    private final Set<Simulation> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * Finds which runs are still to do.
     *
     * @param rules what may happen to results that do not fit
     * @param out for progress; null for none
     * @throws InputException if results do not fit and the rules do not allow anything else, or another process is
     *     writing them
     */
    public StudyRuns(StudyFolders folders, List<Study.Run> runs, ResumeRules rules, PrintStream out, boolean terminal)
            throws IOException {
        this.folders = folders;
        this.rules = rules;
        all = runs.size();
        waiting = left(runs, out);
        progress = new StudyProgress(out, terminal, runs.size());
    }

    /** The runs that have not ended. */
    private Deque<Study.Run> left(List<Study.Run> runs, PrintStream out) throws IOException {
        Deque<Study.Run> left = new ArrayDeque<>();
        List<String> refused = new ArrayList<>();
        InputHashes hashes = new InputHashes();
        for (Study.Run r : runs) {
            Path at = folders.of(r);
            if (!RunFolder.isRun(at)) {
                left.add(r);
                continue;
            }
            try (RunFolder run = RunFolder.seen(at)) {
                if (!Files.exists(at.resolve("summary.json"))) {
                    // Fails if another process is running it.
                    FolderLock.take(at).close();
                }
                String told = run.prepare(rules, hashes);
                if (told != null && out != null) {
                    out.println("coterie: " + told);
                }
                if (!run.completed()) {
                    left.add(r);
                }
            } catch (InputException e) {
                refused.add(e.getMessage());
            }
        }
        if (!refused.isEmpty()) {
            throw new InputException(refused.get(0)
                    + (refused.size() == 1
                            ? ""
                            : " (so it is with " + (refused.size() - 1) + " more of the study's runs)"));
        }
        return left;
    }

    /** Sets the command line that results will name, in words. */
    public void setCommand(List<String> words) {
        command = List.copyOf(words);
    }

    /** Whether a run is still to do. */
    public synchronized boolean isWaiting(Study.Run run) {
        return waiting.contains(run);
    }

    /**
     * Whether training has diverged in a run.
     *
     * @param summary of the run
     */
    public static boolean diverged(JsonNode summary) {
        return summary.path("status").asText().equals(Status.DIVERGED.label());
    }

    /**
     * The value of a measure.
     *
     * @param summary of the run
     * @param measure keys separated by dots
     * @return NaN if training diverged: no number of such a run can be compared; {@link StudyTable#NEVER} if the
     *     measure says what reaching a target took and the target was never reached, or when attackers were found and
     *     they never were; null if there is no value yet
     * @throws InputException if the summary has no such key
     */
    public static Double measured(JsonNode summary, String measure) {
        if (diverged(summary)) {
            return Double.NaN;
        }
        String first = measure.replaceFirst("[.].*", "");
        JsonNode target = summary.path("target");
        if (target.isObject() && !target.path("reached").asBoolean() && UNTIL_TARGET.contains(first)) {
            return StudyTable.NEVER;
        }
        JsonNode value = summary.at("/" + measure.replace('.', '/'));
        if (!summary.has("attackers") && measure.startsWith("honest.")) {
            // Without attackers all users are honest.
            return measured(summary, measure.substring("honest.".length()));
        }
        if ((first.equals("attackers") || first.equals("refused")) && !summary.has(first)) {
            // No user attacks, or none refuses anything.
            return null;
        }
        if (value.isMissingNode()) {
            throw new InputException("measure: there is no number at " + measure + " in summary.json");
        }
        if (value.isNull() && NEVER_IF_NULL.contains(measure)) {
            return StudyTable.NEVER;
        }
        return value.isNumber() ? value.asDouble() : null;
    }

    /**
     * Whether any run is under way or writes its results; others may still be loading. May be called from any thread.
     */
    public boolean busy() {
        return !running.isEmpty();
    }

    /**
     * Does all runs that have not ended.
     *
     * @param jobs runs at once
     * @return a description of each failure; all other runs have ended, unless the study was stopped
     */
    public List<String> run(int jobs, HostDevice device) {
        progress.begins(all - waiting.size(), Math.min(jobs, Math.max(1, waiting.size())), device.threads());
        List<Thread> workers = new ArrayList<>();
        for (int k = 0; k < jobs; k++) {
            Thread t = new Thread(() -> work(device), "study-" + k);
            t.start();
            workers.add(t);
        }
        for (Thread t : workers) {
            try {
                t.join();
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
            }
        }
        progress.close();
        return failures;
    }

    /** Stops all runs under way, which save their state, and begins no more. May be called from any thread. */
    public void stop() {
        stopped = true;
        running.forEach(Simulation::stop);
    }

    public boolean stopped() {
        return stopped;
    }

    private synchronized Study.Run next() {
        return stopped ? null : waiting.poll();
    }

    private void work(HostDevice device) {
        for (Study.Run r = next(); r != null; r = next()) {
            long started = System.nanoTime();
            Path at = folders.of(r);
            try (RunFolder run = RunFolder.isRun(at) ? RunFolder.existing(at) : new RunFolder(at, r.loaded(), false)) {
                run.setCommand(command);
                // Files are hashed before they are read.
                run.prepare(rules, new InputHashes());
                if (run.completed()) {
                    // Another study has done it in the meantime.
                    ended(r, started);
                    continue;
                }
                try (RunBackend backend = LocalRunBackend.load(r.loaded(), device)) {
                    Watcher watcher = new Watcher(r);
                    try {
                        RunSession.simulate(run, backend, null, watcher);
                    } finally {
                        watcher.gone();
                    }
                }
                if (!stopped) {
                    ended(r, started);
                }
            } catch (IOException | RuntimeException | Error e) {
                // The other runs can still be done, and the failure must be reported.
                failed(r, e);
            }
        }
    }

    /** One run under way. */
    private final class Watcher implements RunWatcher {
        private final Study.Run run;
        private Simulation simulation;

        Watcher(Study.Run run) {
            this.run = run;
        }

        @Override
        public void begins(View view) {
            progress.runs(run, view);
        }

        @Override
        public void started(Simulation s) {
            simulation = s;
            running.add(s);
            if (stopped) {
                s.stop();
            }
        }

        void gone() {
            if (simulation != null) {
                running.remove(simulation);
            }
        }
    }

    private synchronized void failed(Study.Run r, Throwable e) {
        progress.failed(r);
        boolean known = e instanceof RunFailedException || e instanceof InputException;
        failures.add(
                "\"" + r.variant().name() + "\", seed " + r.seed() + ": " + (known ? e.getMessage() : e.toString()));
    }

    private void ended(Study.Run r, long started) throws IOException {
        JsonNode s = folders.summary(r);
        progress.ended(
                r,
                s == null || diverged(s)
                        ? Double.NaN
                        : s.path(r.loaded().scenario().task().headline().name())
                                .path("mean")
                                .asDouble(Double.NaN),
                (System.nanoTime() - started) / 1e9);
    }
}
