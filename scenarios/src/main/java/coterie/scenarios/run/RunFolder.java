package coterie.scenarios.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.cluster.NodesChangedException;
import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.scenarios.results.TaskJson;
import coterie.scenarios.results.TrustInAttackers;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One run and its folder. While this object is open, no other process writes into the folder. */
public final class RunFolder implements AutoCloseable {
    private final Path folder;
    private final RunContents contents;
    private Loaded loaded;
    /** The scenario that the run must have as a baseline; null if it is none. */
    private final Loaded wanted;
    /** Null if nothing will be written. */
    private final FolderLock lock;

    private InputHashes hashes = new InputHashes();
    /** From when the folder was opened. */
    private final Stopwatch time = new Stopwatch();
    /** Words of the command line that computes the run; empty if there is none. */
    private List<String> command = List.of();
    /** What the results were made from; null if there are none, or it is not known. */
    private RunOrigin origin;
    /** Why it is not known; null if it is. */
    private String unknown;
    /** The checkpoint from which the run goes on. */
    private CheckpointFiles.Newest found = new CheckpointFiles.Newest(null, List.of());

    private boolean discards;
    /** Whether results, baselines included, are deleted when the run begins. */
    private boolean replaces;

    /**
     * Makes the folder for a run that begins. Results that it replaces stay until the run begins, since it may still be
     * refused.
     *
     * @throws InputException if the folder holds something that may not be replaced, is in use, or cannot be made or
     *     written to
     */
    public RunFolder(Path folder, Loaded loaded, boolean overwrite) throws IOException {
        this(folder, loaded, overwrite, new InputHashes());
    }

    /**
     * Makes the folder for one run of several.
     *
     * @param hashes of files that scenarios name: taken now, before the files are read
     */
    public RunFolder(Path folder, Loaded loaded, boolean overwrite, InputHashes hashes) throws IOException {
        this.folder = folder;
        contents = new RunContents(folder);
        this.loaded = loaded;
        this.hashes = hashes;
        wanted = null;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(folder + " is a file; --out must name a folder");
        }
        if (Files.exists(folder) && !contents.isRun() && !contents.isEmpty()) {
            throw overwrite ? noRun(folder, "; it is left as it is") : holdsResults(folder);
        }
        try {
            Folders.create(folder);
        } catch (FileSystemException e) {
            throw new InputException("--out: there can be no folder " + folder + " here: " + FileProblems.reason(e));
        }
        if (!Files.isWritable(folder)) {
            throw new InputException("--out: folder " + folder + " cannot be written to");
        }
        lock = FolderLock.take(folder);
        try {
            if (!contents.isEmpty()) {
                if (!overwrite) {
                    throw holdsResults(folder);
                }
                for (FolderLock taken : contents.lockBaselines()) {
                    taken.close();
                }
                replaces = true;
                discards = true;
            }
            hashes.of(loaded);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private RunFolder(Path folder, FolderLock lock, Loaded wanted) throws IOException {
        this.folder = folder;
        contents = new RunContents(folder);
        this.wanted = wanted;
        this.lock = lock;
        try {
            loaded = ScenarioReader.read(folder.resolve(RunContents.SCENARIO), List.of());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        try {
            origin = RunOrigin.read(folder);
            unknown = origin != null
                    ? null
                    : "there is no " + RunOrigin.FILE + ", which says what its results were made from";
        } catch (InputException e) {
            unknown = e.getMessage();
        }
    }

    /**
     * The folder of a run that has begun, with its own scenario.
     *
     * @throws InputException if there is no run in it, or it is in use
     */
    public static RunFolder existing(Path folder) throws IOException {
        return existing(folder, null);
    }

    /**
     * The folder of a baseline that has begun.
     *
     * @param wanted scenario that it must have; null if that is not known
     */
    public static RunFolder existing(Path folder, Loaded wanted) throws IOException {
        if (!isRun(folder)) {
            throw noRun(folder, "");
        }
        return new RunFolder(folder, FolderLock.take(folder), wanted);
    }

    /** Opens a folder for reading. Other processes may write there, and the run must not be started. */
    public static RunFolder seen(Path folder) throws IOException {
        return new RunFolder(folder, null, null);
    }

    private static InputException noRun(Path folder, String more) {
        return new InputException(folder + " is not the folder of a run (no scenario.yaml in it)" + more);
    }

    private static InputException holdsResults(Path folder) {
        return new InputException(
                folder + " holds results already: name another folder with --out, or replace them with --overwrite");
    }

    /** The folder of a run under a baseline. */
    static Path ofBaseline(Path folder, Strategy baseline) {
        return folder.resolve(RunContents.BASELINES).resolve(baseline.label());
    }

    /** Whether a run has begun in a folder. */
    public static boolean isRun(Path folder) {
        return new RunContents(folder).isRun();
    }

    /**
     * The program that last wrote into a run's folder.
     *
     * @return its version and hash; null if the folder does not say
     */
    public static String program(Path folder) {
        try {
            RunOrigin origin = RunOrigin.read(folder);
            return origin == null ? null : origin.lastProgram();
        } catch (InputException e) {
            return null;
        }
    }

    /**
     * Checks whether the run can go on from what is here, and finds its newest checkpoint.
     *
     * @param hashes of files that scenarios name
     * @return a notice if the run will begin again; null if it goes on
     * @throws InputException if there are results that it cannot go on from, and the rules do not allow anything else
     */
    public String prepare(ResumeRules rules, InputHashes hashes) throws IOException {
        this.hashes = hashes;
        hashes.of(loaded);
        if (!hasResults()) {
            beginsAgain();
            return null;
        }
        ResumeCheck check = new ResumeCheck(rules);
        check.origin(origin, unknown, folder, () -> RunOrigin.of(loaded, folder, hashes));
        if (wanted != null) {
            check.baseline(RunOrigin.differences(loaded, wanted));
        }
        boolean completed = false;
        try {
            completed = completed();
        } catch (InputException e) {
            check.damaged(e.getMessage());
        }
        if (check.passed() && !completed) {
            found = CheckpointFiles.newest(checkpointFolder(), folder, origin.identity());
            check.checkpoints(found);
        }
        if (check.passed()) {
            return null;
        }
        if (!check.mayBeginAgain()) {
            throw new InputException(folder + ": the run cannot go on: " + check.reasons()
                    + ". --from-start deletes its results and begins again" + check.otherWay());
        }
        beginsAgain();
        return folder + ": begins again, since it could not go on: " + check.reasons();
    }

    /** Sets the command line that results will name, in words. */
    public void setCommand(List<String> words) {
        command = List.copyOf(words);
    }

    private void beginsAgain() {
        discards = true;
        loaded = wanted == null ? loaded : wanted;
    }

    Stopwatch time() {
        return time;
    }

    /** The checkpoints that {@link #prepare} has found. */
    CheckpointFiles.Newest found() {
        return found;
    }

    private boolean hasResults() throws IOException {
        // Result files that were emptied leave checkpoints that a run could go on from.
        return contents.hasResults()
                || CheckpointFiles.any(origin == null ? folder.resolve("checkpoints") : checkpointFolder());
    }

    public Loaded loaded() {
        return loaded;
    }

    /** The scenario that a baseline had, or would have had, when the run began. */
    public Loaded under(Strategy baseline) {
        return loaded.under(baseline, origin == null ? List.of() : origin.settings(baseline, loaded));
    }

    /** Whether the settings of a baseline are known. */
    public boolean knows(Strategy baseline) {
        return origin != null && origin.baselines().containsKey(baseline.label());
    }

    public Path path() {
        return folder;
    }

    /** Whether the run has ended, was not interrupted, and will not begin again. */
    public boolean completed() throws IOException {
        if (discards) {
            return false;
        }
        String status = summary().path("status").asText();
        return !status.isEmpty() && !status.equals(Status.INTERRUPTED.label());
    }

    /** Whether the run ended early because a user's training diverged. */
    public boolean cut() throws IOException {
        return summary()
                .path("ended_by")
                .asText()
                .equals(RunResult.EndedBy.DIVERGENCE.name().toLowerCase(Locale.ROOT));
    }

    /** The summary; a missing node if there is none yet. */
    private JsonNode summary() throws IOException {
        Path summary = folder.resolve("summary.json");
        return Files.exists(summary) ? ResultJson.read(summary) : MissingNode.getInstance();
    }

    /** Reads the statistics of a run from its files. */
    public Statistics statistics() throws IOException {
        Task task = TaskJson.read(summary());
        Statistics statistics = new Statistics(
                task,
                UserGroup.groups(loaded.scenario()),
                TrustInAttackers.of(loaded.scenario()),
                loaded.scenario().users(),
                null,
                SimulationConfigs.schedule(loaded.scenario()).turns());
        Records.read(folder, task, statistics::observed, problem -> {
            throw new UncheckedIOException(new IOException(folder + ": " + problem));
        });
        return statistics;
    }

    /**
     * Prepares the folder for {@link RunSession#simulate}: a run that begins deletes results that are here and writes
     * what it is made from; a run that goes on adds by which process it does.
     */
    void begin(Workers workers) throws IOException {
        ObjectNode process = Provenance.ofProcess(command, workers);
        if (discards || found.checkpoint() == null) {
            found = new CheckpointFiles.Newest(null, List.of());
            if (replaces) {
                contents.deleteWithBaselines();
                replaces = false;
            }
            contents.deleteResults();
            origin = RunOrigin.of(loaded, folder, hashes, this::under).begunBy(process);
            AtomicFiles.write(folder.resolve(RunContents.SCENARIO), loaded.yaml());
            origin.write(folder);
            discards = false;
        } else {
            time.add(found.checkpoint().wallSeconds());
            Manifest.retract(folder);
            if (!origin.lastProgram().equals(Build.version())) {
                origin = origin.continuedBy(Build.version());
            }
            origin = origin.resumedBy(process);
            origin.write(folder);
        }
        Leftovers.delete(folder, checkpointFolder());
    }

    /** Notes why the run could not go on. Files that are described by a manifest stay as they are. */
    void noteFailure(String why) throws IOException {
        if (!Files.exists(folder.resolve(Manifest.FILE)) && !Files.exists(folder.resolve("summary.json"))) {
            origin = origin.failedWith(why);
            origin.write(folder);
        }
    }

    /**
     * Finds the newest checkpoint, after nodes have changed.
     *
     * @return false if the run was never saved
     * @throws RunFailedException if it was, and none of its checkpoints can be used
     */
    boolean findCheckpoint(NodesChangedException changed) throws IOException {
        found = CheckpointFiles.newest(checkpointFolder(), folder, origin.identity());
        if (found.checkpoint() == null && !found.misfits().isEmpty()) {
            throw new RunFailedException(
                    changed.getMessage() + "; the run cannot go on: " + String.join("; ", found.misfits()), changed);
        }
        return found.checkpoint() != null;
    }

    /** Whether there is a checkpoint to go on from. */
    boolean saved() throws IOException {
        return origin != null
                && CheckpointFiles.newest(checkpointFolder(), folder, origin.identity())
                                .checkpoint()
                        != null;
    }

    /** The checkpoint from which the run goes on; null if it begins. */
    CheckpointFile checkpoint() {
        return found.checkpoint();
    }

    /** Where the results come from, at the end of the run. */
    ObjectNode provenance(RunBackend backend) {
        return Provenance.ofRun(origin, loaded, folder, backend);
    }

    /** Ties checkpoints to this run. */
    String identity() {
        return origin.identity();
    }

    /** The folder of the run's checkpoints. A folder that many runs share may have been moved. */
    Path checkpointFolder() {
        if (origin.checkpoints() == null) {
            return folder.resolve("checkpoints");
        }
        Path then = Path.of(origin.checkpoints());
        String shared = loaded.scenario().checkpoints().path();
        return Files.isDirectory(then) || shared == null
                ? then
                : Path.of(shared).resolve(then.getFileName());
    }

    /** Releases the folder's lock. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
