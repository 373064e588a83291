package coterie.scenarios.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.clock.Checkpoints;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.NodesChangedException;
import coterie.actors.life.World;
import coterie.model.adapter.PeftFiles;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.report.Cast;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.Progress;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Summary;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** One run and the folder that it leaves. */
public final class RunFolder {
    private final Path folder;
    private final Loaded loaded;

    /**
     * Makes the folder.
     *
     * @throws InputException where it holds something already and may not be replaced
     */
    public RunFolder(Path folder, Loaded loaded, boolean overwrite) throws IOException {
        this.folder = folder;
        this.loaded = loaded;
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw new InputException(folder + " is a file; --out must name a folder");
            }
            try (Stream<Path> list = Files.list(folder)) {
                if (list.findAny().isPresent()) {
                    clear(overwrite);
                }
            }
        }
        Files.createDirectories(folder);
    }

    private RunFolder(Path folder, Loaded loaded) {
        this.folder = folder;
        this.loaded = loaded;
    }

    /**
     * The folder of a run that has begun, with its own scenario.
     *
     * @throws InputException where it is none
     */
    public static RunFolder existing(Path folder) {
        if (!Files.exists(folder.resolve("scenario.yaml"))) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml in it)");
        }
        return new RunFolder(folder, ScenarioReader.read(folder.resolve("scenario.yaml"), List.of()));
    }

    public Loaded loaded() {
        return loaded;
    }

    public Path path() {
        return folder;
    }

    /** Whether the run has come to its end, and was not interrupted. */
    public boolean completed() throws IOException {
        Path summary = folder.resolve("summary.json");
        return Files.exists(summary) && new ObjectMapper().readTree(summary.toFile()).path("status").asText().equals("completed");
    }

    /** What the files of a run say of it. */
    public Statistics statistics() throws IOException {
        Statistics statistics = new Statistics(loaded.scenario().users());
        Records.read(folder, statistics::observed, problem -> {
            throw new UncheckedIOException(new IOException(folder + ": " + problem));
        });
        return statistics;
    }

    /** Only what looks like a run is ever deleted. */
    private void clear(boolean overwrite) throws IOException {
        if (!overwrite) {
            throw new InputException(folder + " holds results already: name another folder with --out, or replace them with --overwrite");
        }
        if (!Files.exists(folder.resolve("scenario.yaml"))) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml in it); it is left as it is");
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    /** What is known of a run that ended. */
    public record Outcome(Statistics statistics, RunResult result) {
    }

    /**
     * Runs, and writes results as they come and the rest at the end. Where nodes are lost or join, it goes on from the last checkpoint, or from the
     * beginning where there is none yet, on those that are there.
     *
     * @param resume whether to go on from the newest checkpoint, where there is one
     * @param progress where to tell how far it is; null for nowhere
     * @param watcher is told of it, and again whenever it goes on
     * @throws RunFailedException where it could not go on; what was recorded until then stays
     */
    public Outcome run(Laboratory laboratory, boolean resume, PrintStream progress, boolean terminal, RunWatcher watcher) throws IOException {
        boolean again = resume;
        while (true) {
            try {
                return attempt(laboratory, again, progress, terminal, watcher);
            } catch (NodesChangedException e) {
                if (loaded.scenario().time().clock() == Scenario.Clock.WALL) {
                    throw e;
                }
                again = true;
                LoggerFactory.getLogger(RunFolder.class).warn("{}; the run goes on from its last checkpoint", e.getMessage());
            }
        }
    }

    private Path checkpointFolder() {
        Scenario s = loaded.scenario();
        return s.checkpoints().path() == null ? folder.resolve("checkpoints")
                : Path.of(s.checkpoints().path(), s.name() + "-" + s.seed(), s.collaboration().strategy().label());
    }

    private Outcome attempt(Laboratory laboratory, boolean resume, PrintStream progress, boolean terminal, RunWatcher watcher) throws IOException {
        Scenario s = loaded.scenario();
        Path checkpointFolder = checkpointFolder();
        if (!resume) {
            // What is there is of a run that is done again.
            CheckpointFiles.clear(checkpointFolder);
        }
        CheckpointFile saved = resume ? CheckpointFiles.newest(checkpointFolder, loaded.yaml()) : null;
        AtomicFiles.write(folder.resolve("scenario.yaml"), loaded.yaml());
        World world = laboratory.world(loaded);
        Statistics statistics = new Statistics(s.users());
        Cast cast = Cast.of(laboratory.society(), world);
        cast.write(folder, laboratory.society());
        RunReport report = new RunReport(cast);
        String label = s.name() + " " + s.collaboration().strategy().label();
        long begin = System.nanoTime();
        double before = saved == null ? 0 : saved.wallSeconds();
        RunResult result;
        CheckpointFiles checkpoints;
        try (Recorder recorder = new Recorder(folder, s.record().messages(), saved == null ? null : saved.lengths(), before)) {
            if (saved != null) {
                // What was recorded until the checkpoint, once more for those who add up.
                Records.read(folder, o -> {
                    statistics.observed(o);
                    report.observed(o);
                }, problem -> {
                    throw new RunFailedException(folder + ": " + problem, null);
                });
                Records.timing(folder, report::wall);
            }
            checkpoints = new CheckpointFiles(checkpointFolder, loaded.yaml(), s.checkpoints(), recorder, before);
            watcher.begins(new RunWatcher.View(folder, label, (long) s.users() * world.schedule().turns(), s.time().clock() == Scenario.Clock.VIRTUAL, report));
            Progress line = progress == null ? null : new Progress(progress, terminal, label, (long) s.users() * world.schedule().turns(), statistics);
            RunObserver all = o -> {
                recorder.observed(o);
                statistics.observed(o);
                report.observed(o);
                if (line != null) {
                    line.observed(o);
                }
            };
            boolean virtual = s.time().clock() == Scenario.Clock.VIRTUAL;
            try {
                result = laboratory.run(loaded, world, all, virtual ? checkpoints : Checkpoints.NONE, saved, watcher::started);
            } finally {
                if (line != null) {
                    line.finish();
                }
            }
        }
        double wall = before + (System.nanoTime() - begin) / 1e9;
        List<RunResult.End> users = result.users();
        for (int u = 0; u < users.size(); u++) {
            if (users.get(u).parameters() != null) {
                PeftFiles.write(folder.resolve("adapters/user-" + u), laboratory.layout(), users.get(u).parameters(), s.model().base());
            }
        }
        double[][] mixtures = laboratory.society().mixtures();
        String summary = Summary.of(loaded, world, statistics, result, mixtures, wall, laboratory.device(),
                new Summary.Saves(checkpoints.count(), checkpoints.bytes(), checkpoints.seconds(), saved == null ? null : saved.path().getFileName().toString()));
        List<TextSample> samples = laboratory.samples(loaded, users.stream().map(RunResult.End::parameters).toList());
        AtomicFiles.write(folder.resolve("samples.json"), new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(samples) + "\n");
        report.wall(wall);
        RunPage.write(folder, label, report, summary);
        // The last file: who finds it finds all the others.
        AtomicFiles.write(folder.resolve("summary.json"), summary);
        watcher.ended();
        return new Outcome(statistics, result);
    }
}
