package coterie.scenarios.run;

import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.life.World;
import coterie.model.adapter.PeftFiles;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.results.Progress;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.results.Report;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Summary;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run and the folder that it leaves. */
public final class RunFolder {
    private final Path folder;
    private final Loaded loaded;
    private final String device;

    /**
     * Makes the folder.
     *
     * @throws InputException where it holds something already and may not be replaced
     */
    public RunFolder(Path folder, Loaded loaded, String device, boolean overwrite) throws IOException {
        this.folder = folder;
        this.loaded = loaded;
        this.device = device;
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
     * Runs, and writes results as they come and the rest at the end.
     *
     * @param progress where to tell how far it is; null for nowhere
     * @param started is given the run as soon as it can be stopped
     * @throws RunFailedException where it could not go on; what was recorded until then stays
     */
    public Outcome run(Laboratory laboratory, PrintStream progress, boolean terminal, Consumer<Simulation> started) throws IOException {
        Scenario s = loaded.scenario();
        AtomicFiles.write(folder.resolve("scenario.yaml"), loaded.yaml());
        World world = laboratory.world(loaded);
        Statistics statistics = new Statistics(s.users());
        Report report = new Report();
        String label = s.name() + " " + s.collaboration().strategy().label();
        long begin = System.nanoTime();
        RunResult result;
        try (Recorder recorder = new Recorder(folder, s.record().messages())) {
            Progress line = progress == null ? null : new Progress(progress, terminal, label, (long) s.users() * world.schedule().turns(), statistics);
            RunObserver all = o -> {
                recorder.observed(o);
                statistics.observed(o);
                report.observed(o);
                if (line != null) {
                    line.observed(o);
                }
            };
            try {
                result = laboratory.run(loaded, world, all, started);
            } finally {
                if (line != null) {
                    line.finish();
                }
            }
        }
        double wall = (System.nanoTime() - begin) / 1e9;
        List<RunResult.End> users = result.users();
        for (int u = 0; u < users.size(); u++) {
            if (users.get(u).parameters() != null) {
                PeftFiles.write(folder.resolve("adapters/user-" + u), laboratory.layout(), users.get(u).parameters(), s.model().base());
            }
        }
        double[][] mixtures = laboratory.society().mixtures();
        String summary = Summary.of(loaded, world, statistics, result, mixtures, wall, device);
        AtomicFiles.write(folder.resolve("report.html"), report.html(label, statistics.rows(), mixtures, summary, loaded.yaml()));
        // The last file: who finds it finds all the others.
        AtomicFiles.write(folder.resolve("summary.json"), summary);
        return new Outcome(statistics, result);
    }
}
