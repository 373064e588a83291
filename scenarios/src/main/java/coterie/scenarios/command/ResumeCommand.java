package coterie.scenarios.command;

import coterie.scenarios.results.Status;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import coterie.scenarios.schema.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie resume}: goes on with a run, and with its baselines, from the newest checkpoints. */
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Go on with a run that was interrupted, from its last checkpoint.")
final class ResumeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path folder;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--live", arity = "0..1", fallbackValue = "7070", paramLabel = "[HOST:]PORT", description = "show the run in a browser while it goes, with buttons"
            + " to pause and stop it (default: loopback, port 7070; 0 for any that is free)")
    private String live;

    @Option(names = "--quiet", description = "tell no progress")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        device.check();
        RunFolder main = RunFolder.existing(folder);
        Loaded loaded = main.loaded();
        List<RunSession.Step> steps = new ArrayList<>();
        steps.add(() -> main);
        boolean done = main.completed();
        for (Strategy baseline : loaded.scenario().baselines()) {
            Path own = folder.resolve("baselines").resolve(baseline.label());
            Loaded under = loaded.under(baseline);
            boolean begun = Files.exists(own.resolve("scenario.yaml"));
            done &= begun && RunFolder.existing(own).completed();
            steps.add(() -> begun ? RunFolder.existing(own) : new RunFolder(own, under, true));
        }
        if (done && main.cut()) {
            throw new InputException(folder + ": the run has ended since training diverged: "
                    + Status.inWords(main.statistics().diverged())
                    + "; going on would do the same again. Run it anew with another training.learning_rate, or with training.on_divergence: continue");
        }
        if (done) {
            throw new InputException(folder + ": the run is completed; there is nothing to go on with");
        }
        try (LiveView view = live == null ? null : new LiveView(live); ClusterOptions.Place place = cluster.place(loaded, device)) {
            return new RunSession(view).run(place.laboratory(), steps, folder, true, quiet ? null : System.err);
        }
    }
}
