package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.tests.mockfile.DisableFsyncFS;

/**
 * One small run, recorded as what it does to the disk; it goes on from any state of the disk, and must come to the same
 * results.
 */
final class CrashTrial implements AutoCloseable {
    /** The run's folder, below the root of a disk. */
    static final String RUN = "runs/crash";

    private static final int USERS = 4;
    private static final List<String> TIMES = List.of(
            "wall_seconds", "total_seconds", "tokens_per_second", "peak_memory_bytes", "checkpoints", "provenance");
    private static final Set<String> OTHER_EVERY_TIME =
            Set.of(".lock", "run.json", "timing.jsonl", "report.html", "manifest.json", "summary.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final TinyLaboratory backend = new TinyLaboratory(USERS);
    private final Path folder;
    private final int keep;
    private final Loaded loaded;
    private final Random random;
    private final String repeat;
    private final List<DiskStep> steps;
    private final TreeMap<String, String> results;
    private int tried;

    /**
     * Does the run, undisturbed.
     *
     * @param folder for disks
     * @param keep checkpoints that are kept
     * @param more lines of the scenario
     */
    CrashTrial(Path folder, int keep, String more) throws IOException {
        this.folder = folder;
        this.keep = keep;
        long seed = Long.getLong("coterie.seed", new Random().nextInt());
        random = new Random(seed);
        repeat = " (repeat with -Dcoterie.seed=" + seed + ")";
        loaded = ScenarioReader.read(Path.of("crash.yaml"), """
            name: crash
            users: %d
            training: {iterations: 12, batch_size: 1}
            collaboration: {strategy: validation-performance, every: 2}
            topology: {kind: ring}
            time: {mode: asynchronous, compute: {model: lognormal, mean_seconds: 10, sigma: 0.5}, loss: 0.05}
            participation: {model: bernoulli, probability: 0.8}
            faults: {crashes_per_hour: 10, down_seconds: 20}
            evaluation: {every: 4}
            checkpoints: {every_minutes: 0, every_turns: 5, keep: %d}
            %s
            """.formatted(USERS, keep, more), List.of());
        Path root = Files.createDirectory(folder.resolve("undisturbed"));
        RecordingFiles files = new RecordingFiles(root);
        begin(files.root().resolve(RUN));
        steps = files.steps();
        TreeMap<String, byte[]> found = found(root);
        results = results(found);
        assertThat(hash(stateAfter(steps.size()))).as("the recording is whole").isEqualTo(hash(found));
    }

    private void begin(Path run) throws IOException {
        try (RunFolder target = new RunFolder(run, loaded, false)) {
            RunSession.simulate(target, backend, null, simulation -> {});
        }
    }

    /**
     * Goes on with what is there. Nothing but this and {@link #begin} knows how.
     *
     * @param fitting is told what the run goes on from
     * @return false where nothing was left to do
     */
    private boolean goOn(Path run, Fitting fitting) throws IOException {
        if (!Files.exists(run.resolve("scenario.yaml"))) {
            fitting.found(new CheckpointFiles.Newest(null, List.of()));
            if (Files.exists(run)) {
                CheckpointBench.delete(run);
            }
            begin(run);
            return true;
        }
        try (RunFolder target = RunFolder.existing(run)) {
            try {
                target.prepare(new ResumeRules(false, false, false), new InputHashes());
                if (target.completed()) {
                    return false;
                }
                fitting.found(target.found());
            } catch (InputException e) {
                assertThat(target.found().checkpoint()).as(e.getMessage()).isNull();
                fitting.found(target.found());
                target.prepare(new ResumeRules(true, false, false), new InputHashes());
            }
            RunSession.simulate(target, backend, null, simulation -> {});
            return true;
        }
    }

    /** Receives the checkpoint from which a run goes on. */
    interface Fitting {
        void found(CheckpointFiles.Newest newest) throws IOException;
    }

    /** Disk operations of the undisturbed run. */
    List<DiskStep> steps() {
        return steps;
    }

    /** How many states of the disk were tried. */
    int tried() {
        return tried;
    }

    Random random() {
        return random;
    }

    /** The files that a killed process leaves after some steps of the undisturbed run. */
    TreeMap<String, byte[]> stateAfter(int count) {
        DiskAfterCrash disk = new DiskAfterCrash();
        steps.subList(0, count).forEach(disk::apply);
        return disk.after(DiskAfterCrash.Crash.KILL, random);
    }

    /** Number of the step after which the n-th checkpoint is there; n from 1. */
    int committed(int n) {
        int count = 0;
        for (int k = 0; k < steps.size(); k++) {
            if (isCommit(steps.get(k)) && ++count == n) {
                return k + 1;
            }
        }
        throw new AssertionError("there are only " + count + " checkpoints");
    }

    static boolean isCommit(DiskStep step) {
        return step instanceof DiskStep.Rename r && r.to().endsWith(".checkpoint");
    }

    /**
     * Cuts a recording at its steps, and goes on from each state of the disk.
     *
     * @param from what was there before the recording
     * @param saved whether a run could go on from that
     * @param around share of the points around a sync
     * @param others share of the other points
     */
    void cut(List<DiskStep> recording, TreeMap<String, byte[]> from, boolean saved, double around, double others)
            throws IOException {
        DiskAfterCrash disk = new DiskAfterCrash();
        disk.begin(from);
        Set<Integer> known = new HashSet<>();
        boolean committed = saved;
        boolean durable = saved;
        for (int k = 0; k <= recording.size(); k++) {
            DiskStep last = k == 0 ? null : recording.get(k - 1);
            DiskStep next = k == recording.size() ? null : recording.get(k);
            if (last instanceof DiskStep.Write w && random.nextDouble() < others) {
                disk.apply(w.half());
                tryIfNew(disk, DiskAfterCrash.Crash.KILL, committed, known, "within step " + k + " " + last);
            }
            if (last != null) {
                disk.apply(last);
                committed |= isCommit(last);
                // What follows the rename is the end of the same writing; then the run goes on, and counts on it.
                durable |= committed
                        && !isCommit(last)
                        && !(last instanceof DiskStep.ForceFolder f && !f.name().endsWith("checkpoints"));
            }
            boolean sync = last == null || next == null || isSync(last) || isSync(next);
            if (random.nextDouble() < (sync ? around : others)) {
                for (DiskAfterCrash.Crash crash : DiskAfterCrash.Crash.values()) {
                    boolean expected = crash == DiskAfterCrash.Crash.KILL ? committed : durable;
                    tryIfNew(disk, crash, expected, known, "after step " + k + " " + last);
                }
            }
        }
    }

    private static boolean isSync(DiskStep step) {
        return !(step instanceof DiskStep.Write || step instanceof DiskStep.Create || step instanceof DiskStep.Found);
    }

    private void tryIfNew(
            DiskAfterCrash disk, DiskAfterCrash.Crash crash, boolean saved, Set<Integer> known, String where)
            throws IOException {
        TreeMap<String, byte[]> state = disk.after(crash, random);
        if (known.add(2 * hash(state) + (saved ? 1 : 0))) {
            tryFrom(state, where + ", " + crash, newest -> {
                if (saved) {
                    assertThat(newest.checkpoint())
                            .as("a checkpoint that fits; others do not: " + newest.misfits())
                            .isNotNull();
                }
            });
        }
    }

    /** Goes on from a state of the disk to the same results. */
    void tryFrom(TreeMap<String, byte[]> state, String what, Fitting fitting) throws IOException {
        Path root = lay(state);
        try {
            compare(
                    root,
                    goOn(
                            new DisableFsyncFS(FileSystems.getDefault())
                                    .wrapPath(root)
                                    .resolve(RUN),
                            fitting));
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(what + repeat, e);
        }
        CheckpointBench.delete(root);
    }

    /**
     * Goes on from a state of the disk to the same results.
     *
     * @return what that did to the disk
     */
    List<DiskStep> recordFrom(TreeMap<String, byte[]> state, Fitting fitting) throws IOException {
        Path root = lay(state);
        RecordingFiles files = new RecordingFiles(root);
        compare(root, goOn(files.root().resolve(RUN), fitting));
        CheckpointBench.delete(root);
        return files.steps();
    }

    /** @param wentOn whether anything was left to do */
    private void compare(Path root, boolean wentOn) throws IOException {
        TreeMap<String, byte[]> found = found(root);
        assertThat(results(found)).isEqualTo(results);
        if (wentOn) {
            assertThat(found.keySet()).noneMatch(name -> name.endsWith(".part"));
            assertThat(found.keySet().stream().filter(name -> name.endsWith(".checkpoint")))
                    .hasSizeBetween(1, keep);
        }
    }

    private Path lay(Map<String, byte[]> state) throws IOException {
        Path root = Files.createDirectory(folder.resolve("state-" + tried++));
        for (Map.Entry<String, byte[]> e : state.entrySet()) {
            if (e.getValue() == null) {
                Files.createDirectory(root.resolve(e.getKey()));
            } else {
                Files.write(root.resolve(e.getKey()), e.getValue());
            }
        }
        return root;
    }

    /** The content of a folder: bytes by name, null for a folder. */
    private static TreeMap<String, byte[]> found(Path root) throws IOException {
        TreeMap<String, byte[]> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path p : paths.filter(p -> !p.equals(root)).toList()) {
                all.put(root.relativize(p).toString(), Files.isDirectory(p) ? null : Files.readAllBytes(p));
            }
        }
        return all;
    }

    private static int hash(TreeMap<String, byte[]> state) {
        int hash = 0;
        for (Map.Entry<String, byte[]> e : state.entrySet()) {
            hash = 31 * (31 * hash + e.getKey().hashCode()) + Arrays.hashCode(e.getValue());
        }
        return hash;
    }

    /** Results of a run, without what is another every time. */
    private static TreeMap<String, String> results(Map<String, byte[]> found) throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        for (Map.Entry<String, byte[]> e : found.entrySet()) {
            String name = e.getKey().startsWith(RUN + "/") ? e.getKey().substring(RUN.length() + 1) : "";
            if (e.getValue() == null
                    || name.isEmpty()
                    || name.startsWith("checkpoints/")
                    || name.startsWith("tensorboard/")) {
                continue;
            }
            all.put(name, OTHER_EVERY_TIME.contains(name) ? "" : new String(e.getValue(), StandardCharsets.ISO_8859_1));
            if (name.equals("summary.json")) {
                ObjectNode summary = (ObjectNode) JSON.readTree(e.getValue());
                all.put(name, summary.without(TIMES).toString());
            } else if (name.equals("report.html")) {
                assertThat(new String(e.getValue(), StandardCharsets.UTF_8)).endsWith("</html>\n");
            }
        }
        return all;
    }

    @Override
    public void close() {
        backend.close();
    }
}
