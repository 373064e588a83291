package coterie.scenarios.estimate;

import coterie.actors.clock.RunResult;
import coterie.actors.message.SentTotals;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.run.FolderTree;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Short runs with the model, the data and the users of a scenario, in a temporary folder. */
final class TrialRuns implements AutoCloseable {
    /** Turns of the shorter trial of a strategy. */
    private static final int FEW = 2;

    private static final int MOST = 40;
    /** Wall-clock seconds that the longer trial should take. */
    private static final double LONG = 2;
    /** Wall-clock seconds after which one trial has to do. */
    private static final double ENOUGH = 20;

    private static final int COUNTED = 10_000_000;

    private final Path folder;
    private final LocalRunBackend backend;
    private final double loading;
    private final long checkpointBytes;
    private int number;

    /**
     * Loads model and data, and makes a first trial: the first steps compile what they run.
     *
     * @throws coterie.scenarios.config.InputException if model, data or device cannot be had
     */
    TrialRuns(Loaded run, List<HostDevice> devices) throws IOException {
        long begin = System.nanoTime();
        folder = Files.createTempDirectory("coterie-dry-run");
        LocalRunBackend loaded = null;
        boolean ready = false;
        try {
            Loaded first = few(run, FEW, true);
            loaded = LocalRunBackend.load(first, devices);
            backend = loaded;
            loading = (System.nanoTime() - begin) / 1e9;
            Path at = folder.resolve("first");
            simulate(first, at);
            checkpointBytes = largest(at.resolve("checkpoints"));
            ready = true;
        } finally {
            if (!ready) {
                if (loaded != null) {
                    loaded.close();
                }
                FolderTree.delete(folder);
            }
        }
    }

    /** Seconds until model and data were loaded. */
    double loading() {
        return loading;
    }

    /** Length of a checkpoint. */
    long checkpointBytes() {
        return checkpointBytes;
    }

    /** Bytes on each device that has memory of its own. */
    Map<String, Double> deviceBytes(Loaded run) {
        return backend.deviceBytes(run);
    }

    /** Whether the trials recomputed activations, since a user's pass did not fit into memory otherwise. */
    boolean recomputes() {
        return backend.recomputes();
    }

    /** The turns of the run itself. */
    TurnSchedule schedule(Loaded run) {
        return backend.config(run).schedule();
    }

    /** Turns that end in an occasion to collaborate. */
    static long collaborations(TurnSchedule schedule) {
        long count = 0;
        int turns = Math.min(schedule.turns(), COUNTED);
        for (int k = 0; k < turns; k++) {
            count += schedule.turn(k).collaborates() ? 1 : 0;
        }
        // All but the last turns are alike.
        return turns == 0 ? 0 : Math.round((double) count * schedule.turns() / turns);
    }

    /** Two trials of a strategy: the difference between them is free of what a run takes once. */
    Trial[] of(Loaded run) throws IOException {
        Trial few = trial(few(run, FEW, false));
        if (few.seconds() > ENOUGH) {
            return new Trial[] {few};
        }
        int more = (int) Math.max(FEW, Math.min(MOST, Math.ceil(LONG * FEW / few.seconds())));
        return new Trial[] {few, trial(few(run, FEW + more, false))};
    }

    private Trial trial(Loaded loaded) throws IOException {
        long begin = System.nanoTime();
        SimulationConfig config = backend.config(loaded);
        Path at = folder.resolve(String.valueOf(++number));
        RunResult result = simulate(loaded, at);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long messages = 0;
        long bytes = 0;
        for (RunResult.End e : result.users()) {
            SentTotals sent = e.messages().sent();
            messages += sent.messages();
            bytes += sent.parameterBytes() + sent.predictionBytes();
        }
        return new Trial(
                config.schedule().turns(),
                (int) collaborations(config.schedule()),
                seconds,
                result.virtualSeconds(),
                messages,
                bytes,
                size(at, true),
                size(at, false));
    }

    private RunResult simulate(Loaded loaded, Path at) throws IOException {
        try (RunFolder run = new RunFolder(at, loaded, false)) {
            return RunSession.simulate(run, backend, null, s -> {}).result();
        }
    }

    /** The run with a few turns of one iteration each, and with little besides. */
    private static Loaded few(Loaded run, int turns, boolean saves) {
        Scenario s = run.scenario();
        List<String> few = new ArrayList<>(List.of(
                "training.iterations=" + turns,
                "training.on_divergence=continue",
                "collaboration.start_after=0",
                "collaboration.every=1",
                "time.clock=virtual",
                "time.until_seconds=~",
                "evaluation.every=" + turns,
                "evaluation.tokens=" + s.training().context(),
                "evaluation.target=~",
                "evaluation.target_perplexity=~",
                "record.samples=0",
                "record.utility=0",
                "tracking=[]",
                "checkpoints.every_minutes=0",
                "checkpoints.every_turns=" + (saves ? s.users() : 0),
                "checkpoints.keep=1",
                "checkpoints.path=~"));
        LearnerType learner = s.model().learner();
        few.removeIf(set ->
                learner.unused().stream().anyMatch(key -> set.startsWith(key + "=") || set.startsWith(key + ".")));
        Strategy own = s.collaboration().strategy();
        return run.under(own, few);
    }

    private static long largest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long largest = 0;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path p : all.filter(Files::isRegularFile).toList()) {
                largest = Math.max(largest, Files.size(p));
            }
        }
        return largest;
    }

    private static long size(Path folder, boolean lines) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.filter(Files::isRegularFile).toList()) {
                bytes += p.toString().endsWith(".jsonl") == lines ? Files.size(p) : 0;
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try {
            backend.close();
        } finally {
            FolderTree.delete(folder);
        }
    }
}
