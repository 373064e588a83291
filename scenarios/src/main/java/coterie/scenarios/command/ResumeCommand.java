package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.results.Status;
import coterie.scenarios.run.InputHashes;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie resume}: goes on with a run, and with its baselines, from the newest checkpoints. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Go on with a run that was interrupted, from its last checkpoint.")
final class ResumeCommand implements Callable<Integer> {
    private final InputHashes hashes = new InputHashes();

    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path folder;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--live",
            arity = "0..1",
            fallbackValue = "7070",
            paramLabel = "[HOST:]PORT",
            description = "show the run in a browser while it goes, with buttons"
                    + " to pause and stop it (default: loopback, port 7070; 0 for any that is free)")
    private String live;

    @Option(names = "--quiet", description = "tell no progress")
    private boolean quiet;

    @Option(names = "--from-start", description = "where a run cannot go on, delete its results and begin it again")
    private boolean fromStart;

    @Option(names = "--allow-other-program", description = "go on with results of another version of the program")
    private boolean otherProgram;

    @Override
    public Integer call() throws Exception {
        device.check();
        try (RunFolders folders = new RunFolders()) {
            RunFolder main = folders.add(RunFolder.existing(folder));
            Loaded loaded = main.loaded();
            List<RunSession.Step> steps = new ArrayList<>();
            boolean done = prepared(main);
            steps.add(() -> main);
            for (Strategy baseline : loaded.scenario().baselines()) {
                Path own = folder.resolve("baselines").resolve(baseline.label());
                Loaded under = main.under(baseline);
                if (RunFolder.isRun(own)) {
                    RunFolder begun = folders.add(RunFolder.existing(own, main.knows(baseline) ? under : null));
                    done &= prepared(begun);
                    steps.add(() -> begun);
                } else {
                    done = false;
                    steps.add(() -> folders.add(new RunFolder(own, under, true, hashes)));
                }
            }
            if (done) {
                throw new InputException(folder + ": "
                        + (main.cut()
                                ? "the run has ended since training diverged: "
                                        + Status.inWords(main.statistics().diverged())
                                        + "; going on would do the same again. Run it anew with another "
                                        + "training.learning_rate, or with"
                                        + " training.on_divergence: continue"
                                : "the run is completed; there is nothing to go on with"));
            }
            try (LiveView view = live == null ? null : new LiveView(live);
                    ClusterOptions.Place place = cluster.place(loaded, device)) {
                return new RunSession(view).run(place.backend(), steps, folder, quiet ? null : System.err);
            }
        }
    }

    /** @return whether it is completed */
    private boolean prepared(RunFolder run) throws IOException {
        String told = run.prepare(new ResumeRules(fromStart, otherProgram, false), hashes);
        if (told != null) {
            System.err.println("coterie: " + told);
        }
        return run.completed();
    }
}
