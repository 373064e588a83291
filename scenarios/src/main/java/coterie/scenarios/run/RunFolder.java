package coterie.scenarios.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.cluster.NodesChangedException;
import coterie.actors.user.SimulationConfig;
import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.scenarios.results.TaskJson;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run and the folder that it leaves. While there is one of these, no other process writes into the folder. */
public final class RunFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
    private static final String SCENARIO = "scenario.yaml";
    private static final String BASELINES = "baselines";
    private final Path folder;
    private Loaded loaded;
    /** The scenario that it must have as a baseline; null where it stands alone. */
    private final Loaded wanted;
    /** Null where nothing will be written. */
    private final FolderLock lock;

    private InputHashes hashes = new InputHashes();
    /** What the results here were made from; null where there are none, or where it is not known. */
    private RunOrigin origin;
    /** Why it is not known; null where it is. */
    private String unknown;
    /** What the run goes on from. */
    private CheckpointFiles.Newest found = new CheckpointFiles.Newest(null, List.of());

    private boolean discards;
    /** Whether what is here, baselines and all, makes way for the run when it begins. */
    private boolean replaces;

    /**
     * Makes the folder for a run that begins. What it replaces stays until the run begins: until then the run may be
     * refused.
     *
     * @throws InputException where it holds something already and may not be replaced, is in use, or cannot be made or
     *     written to
     */
    public RunFolder(Path folder, Loaded loaded, boolean overwrite) throws IOException {
        this(folder, loaded, overwrite, new InputHashes());
    }

    /**
     * The same, one run of several.
     *
     * @param hashes of files that scenarios name: taken now, before they are read, so that they are those of what is
     *     read
     */
    public RunFolder(Path folder, Loaded loaded, boolean overwrite, InputHashes hashes) throws IOException {
        this.folder = folder;
        this.loaded = loaded;
        this.hashes = hashes;
        wanted = null;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(folder + " is a file; --out must name a folder");
        }
        if (Files.exists(folder) && !isRun(folder) && !isEmpty(folder)) {
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
            if (!isEmpty(folder)) {
                if (!overwrite) {
                    throw holdsResults(folder);
                }
                for (FolderLock taken : lockBaselines()) {
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
        this.wanted = wanted;
        this.lock = lock;
        try {
            loaded = ScenarioReader.read(folder.resolve(SCENARIO), List.of());
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
     * @throws InputException where it is none, or is in use
     */
    public static RunFolder existing(Path folder) throws IOException {
        return existing(folder, null);
    }

    /**
     * The same for a baseline.
     *
     * @param wanted scenario that it must have; null where that is not known
     */
    public static RunFolder existing(Path folder, Loaded wanted) throws IOException {
        if (!isRun(folder)) {
            throw noRun(folder, "");
        }
        return new RunFolder(folder, FolderLock.take(folder), wanted);
    }

    /** The same to look at: others may write there meanwhile, and it must not run. */
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

    /** Whether a run has begun in a folder. */
    public static boolean isRun(Path folder) {
        return Files.exists(folder.resolve(SCENARIO));
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

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.allMatch(p -> FolderLock.is(p) || Leftovers.is(p));
        }
    }

    /**
     * Sees whether what is here can be gone on with, and finds its newest checkpoint.
     *
     * @param hashes of files that scenarios name
     * @return what a person should be told, where the run will begin again; null where it goes on
     * @throws InputException where results are here that it cannot go on from, and the rules do not say what else to do
     */
    public String prepare(ResumeRules rules, InputHashes hashes) throws IOException {
        this.hashes = hashes;
        hashes.of(loaded);
        if (!hasResults()) {
            beginsAgain();
            return null;
        }
        List<String> reasons = new ArrayList<>();
        boolean onlyProgram = false;
        if (origin == null) {
            reasons.add(unknown);
        } else {
            reasons.addAll(origin.differences(RunOrigin.of(loaded, folder, hashes)));
            if (!origin.lastProgram().equals(Build.version()) && !rules.otherProgram()) {
                onlyProgram = reasons.isEmpty();
                reasons.add("its results are of program " + origin.lastProgram() + ", and this is " + Build.version());
            }
            if (origin.isCopy(folder)) {
                onlyProgram = false;
                reasons.add("it is a copy of " + origin.folder() + ", to which its checkpoints belong");
            }
        }
        if (wanted != null) {
            List<String> others = RunOrigin.differences(loaded, wanted);
            if (!others.isEmpty()) {
                onlyProgram = false;
                reasons.add("it is not a baseline of the run to which it belongs: " + String.join("; ", others));
            }
        }
        boolean unsaved = false;
        boolean completed = false;
        try {
            completed = completed();
        } catch (InputException e) {
            onlyProgram = false;
            reasons.add(e.getMessage());
        }
        if (reasons.isEmpty() && !completed) {
            found = CheckpointFiles.newest(checkpointFolder(), folder, origin.identity());
            if (found.checkpoint() == null) {
                unsaved = found.misfits().isEmpty();
                reasons.addAll(unsaved ? List.of("it was never saved") : found.misfits());
            } else {
                found.misfits().forEach(line -> LOG.warn("cannot go on from {}; an older checkpoint is used", line));
            }
        }
        if (reasons.isEmpty()) {
            return null;
        }
        String why = String.join("; ", reasons);
        if (!rules.fromStart() && !(unsaved && rules.unsaved())) {
            throw new InputException(folder + ": the run cannot go on: " + why + ". --from-start deletes its results"
                    + " and begins again" + (onlyProgram ? "; --allow-other-program goes on all the same" : ""));
        }
        beginsAgain();
        return folder + ": begins again, since it could not go on: " + why;
    }

    private void beginsAgain() {
        discards = true;
        loaded = wanted == null ? loaded : wanted;
    }

    /** What {@link #prepare} has found. */
    CheckpointFiles.Newest found() {
        return found;
    }

    private boolean hasResults() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            for (Path p : list.toList()) {
                String name = p.getFileName().toString();
                if (name.equals("summary.json") || name.endsWith(".jsonl") && Files.size(p) > 0) {
                    return true;
                }
            }
        }
        // Result files that were emptied leave what a run could go on from.
        return CheckpointFiles.any(origin == null ? folder.resolve("checkpoints") : checkpointFolder());
    }

    public Loaded loaded() {
        return loaded;
    }

    /** The scenario of a baseline: that which it had, or would have had, when the run began. */
    public Loaded under(Strategy baseline) {
        return loaded.under(baseline, origin == null ? List.of() : origin.settings(baseline, loaded));
    }

    /** Whether it is known what a baseline must be like. */
    public boolean knows(Strategy baseline) {
        return origin != null && origin.baselines().containsKey(baseline.label());
    }

    public Path path() {
        return folder;
    }

    /**
     * Whether the run has come to an end of which nothing is left to go on with, was not interrupted, and will not
     * begin again.
     */
    public boolean completed() throws IOException {
        if (discards) {
            return false;
        }
        String status = summary().path("status").asText();
        return !status.isEmpty() && !status.equals(Status.INTERRUPTED.label());
    }

    /** Whether it has ended before its end, since a user's training has diverged. */
    public boolean cut() throws IOException {
        return summary()
                .path("ended_by")
                .asText()
                .equals(RunResult.EndedBy.DIVERGENCE.name().toLowerCase(Locale.ROOT));
    }

    /** Nothing where there is none yet. */
    private JsonNode summary() throws IOException {
        Path summary = folder.resolve("summary.json");
        return Files.exists(summary) ? ResultJson.read(summary) : MissingNode.getInstance();
    }

    /** What the files of a run say of it. */
    public Statistics statistics() throws IOException {
        Task task = TaskJson.read(summary());
        Statistics statistics = new Statistics(task, loaded.scenario().users(), null);
        Records.read(folder, task, statistics::observed, problem -> {
            throw new UncheckedIOException(new IOException(folder + ": " + problem));
        });
        return statistics;
    }

    /**
     * Deletes a run and its baselines, with their checkpoints.
     *
     * @throws InputException where a baseline is in use
     */
    private void clear() throws IOException {
        List<FolderLock> taken = lockBaselines();
        try {
            for (Path baseline : baselines()) {
                forgetCheckpoints(baseline);
            }
            forgetCheckpoints(folder);
            // What is left where the process is killed meanwhile is still the folder of a run, and can be overwritten.
            delete(Set.of(SCENARIO));
            delete(Set.of());
        } finally {
            for (FolderLock lock : taken) {
                lock.close();
            }
        }
    }

    private List<Path> baselines() throws IOException {
        if (!Files.isDirectory(folder.resolve(BASELINES))) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder.resolve(BASELINES))) {
            return list.filter(RunFolder::isRun).toList();
        }
    }

    /** @throws InputException where one is in use; then none is locked */
    private List<FolderLock> lockBaselines() throws IOException {
        List<FolderLock> taken = new ArrayList<>();
        try {
            for (Path baseline : baselines()) {
                taken.add(FolderLock.take(baseline));
            }
            return taken;
        } catch (IOException | RuntimeException e) {
            for (FolderLock one : taken) {
                one.close();
            }
            throw e;
        }
    }

    /** Deletes what is in the folder, but for its lock and some files and folders in it. */
    private void delete(Set<String> kept) throws IOException {
        Manifest.retract(folder);
        List<Path> top;
        try (Stream<Path> list = Files.list(folder)) {
            top = list.filter(p ->
                            !FolderLock.is(p) && !kept.contains(p.getFileName().toString()))
                    .toList();
        }
        for (Path p : top) {
            try (Stream<Path> all = Files.walk(p)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    /** Deletes the checkpoints of a run, and no other's, where they lie outside of its folder. */
    private static void forgetCheckpoints(Path run) throws IOException {
        RunOrigin origin;
        try {
            origin = RunOrigin.read(run);
        } catch (InputException e) {
            // It is deleted itself; what it says of a folder elsewhere is not to be believed.
            return;
        }
        if (origin != null
                && origin.checkpoints() != null
                && origin.checkpoints().endsWith(origin.id())
                && !origin.isCopy(run)) {
            CheckpointFiles.clear(Path.of(origin.checkpoints()));
            Files.deleteIfExists(Path.of(origin.checkpoints()));
        }
    }

    /** What is known of a run that ended. */
    public record Outcome(Statistics statistics, RunResult result) {}

    /**
     * Runs, from the checkpoint that {@link #prepare} has found or else from the beginning, and writes results as they
     * come and the rest at the end. Where nodes are lost or join, it goes on from the last checkpoint, or from the
     * beginning where there is none yet, on those that are there.
     *
     * @param progress where to tell how far it is; null for nowhere
     * @param watcher is told of it, and again whenever it goes on
     * @throws RunFailedException where it could not go on; what was recorded until then stays
     */
    public Outcome run(RunBackend backend, PrintStream progress, boolean terminal, RunWatcher watcher)
            throws IOException {
        if (discards || found.checkpoint() == null) {
            begin();
        } else if (!origin.lastProgram().equals(Build.version())) {
            Manifest.retract(folder);
            origin = origin.continuedBy(Build.version());
            origin.write(folder);
        }
        Leftovers.delete(folder, checkpointFolder());
        while (true) {
            try {
                return attempt(backend, progress, terminal, watcher);
            } catch (NodesChangedException e) {
                if (loaded.scenario().time().clock() == Scenario.Clock.WALL) {
                    throw e;
                }
                found = CheckpointFiles.newest(checkpointFolder(), folder, origin.identity());
                if (found.checkpoint() == null && !found.misfits().isEmpty()) {
                    throw new RunFailedException(
                            e.getMessage() + "; the run cannot go on: " + String.join("; ", found.misfits()), e);
                }
                LOG.warn(
                        "{}; the run {}",
                        e.getMessage(),
                        found.checkpoint() == null
                                ? "was not saved yet and begins again"
                                : "goes on from its last checkpoint");
            }
        }
    }

    /** Deletes results that are here, and says what those to come are made from. */
    private void begin() throws IOException {
        found = new CheckpointFiles.Newest(null, List.of());
        if (replaces) {
            clear();
            replaces = false;
        }
        forgetCheckpoints(folder);
        delete(Set.of(SCENARIO, BASELINES));
        origin = RunOrigin.of(loaded, folder, hashes, this::under);
        AtomicFiles.write(folder.resolve(SCENARIO), loaded.yaml());
        origin.write(folder);
        discards = false;
    }

    /** Where the run's checkpoints are. A folder for those of many runs may be found under another name later. */
    private Path checkpointFolder() {
        if (origin.checkpoints() == null) {
            return folder.resolve("checkpoints");
        }
        Path then = Path.of(origin.checkpoints());
        String shared = loaded.scenario().checkpoints().path();
        return Files.isDirectory(then) || shared == null
                ? then
                : Path.of(shared).resolve(then.getFileName());
    }

    private Outcome attempt(RunBackend backend, PrintStream progress, boolean terminal, RunWatcher watcher)
            throws IOException {
        Scenario s = loaded.scenario();
        SimulationConfig config = backend.config(loaded);
        CheckpointFile saved = found.checkpoint();
        Manifest.retract(folder);
        try (RunRecording recording = new RunRecording(
                folder, loaded, backend, config, checkpointFolder(), origin.identity(), saved, progress, terminal)) {
            recording.again();
            watcher.begins(recording.view());
            Checkpoints checkpoints =
                    s.time().clock() == Scenario.Clock.VIRTUAL ? recording.checkpoints() : Checkpoints.NONE;
            RunResult result = backend.run(loaded, config, recording, checkpoints, saved, watcher::started);
            recording.ended(result, backend);
            watcher.ended();
            return new Outcome(recording.statistics(), result);
        }
    }

    /** Lets other processes write here. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
