package coterie.scenarios.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.actors.clock.Checkpoints;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.cluster.NodesChangedException;
import coterie.actors.life.World;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import coterie.scenarios.schema.ScenarioReader;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** One run and the folder that it leaves. */
public final class RunFolder {
    private final Path folder;
    private final Loaded loaded;

    /**
     * Makes the folder.
     *
     * @throws InputException where it holds something already and may not be replaced, or cannot be made or written to
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
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new InputException("--out: there can be no folder " + folder + " here: " + FileProblems.reason(e));
        }
        if (!Files.isWritable(folder)) {
            throw new InputException("--out: folder " + folder + " cannot be written to");
        }
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

    /** Whether the run has come to an end of which nothing is left to go on with, and was not interrupted. */
    public boolean completed() throws IOException {
        String status = summary().path("status").asText();
        return !status.isEmpty() && !status.equals(Status.INTERRUPTED.label());
    }

    /** Whether it has ended before its end, since a user's training has diverged. */
    public boolean cut() throws IOException {
        return summary().path("ended_by").asText().equals(RunResult.EndedBy.DIVERGENCE.name().toLowerCase(Locale.ROOT));
    }

    /** Nothing where there is none yet. */
    private JsonNode summary() throws IOException {
        Path summary = folder.resolve("summary.json");
        return Files.exists(summary) ? ResultJson.read(summary) : MissingNode.getInstance();
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
        try (RunRecording recording = new RunRecording(folder, loaded, laboratory, world, checkpointFolder, saved, progress, terminal)) {
            recording.again();
            watcher.begins(recording.view());
            Checkpoints checkpoints = s.time().clock() == Scenario.Clock.VIRTUAL ? recording.checkpoints() : Checkpoints.NONE;
            RunResult result = laboratory.run(loaded, world, recording, checkpoints, saved, watcher::started);
            recording.ended(result, laboratory);
            watcher.ended();
            return new Outcome(recording.statistics(), result);
        }
    }
}
