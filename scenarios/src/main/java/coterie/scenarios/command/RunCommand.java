package coterie.scenarios.command;

import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.run.InputHashes;
import coterie.scenarios.run.Preflight;
import coterie.scenarios.run.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie run}: a scenario, and the same under its baselines. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run a scenario; results go into a folder.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Option(names = "--out", paramLabel = "DIR", description = "folder for the results (default: runs/<name>-<seed>)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the results of an earlier run in that folder")
    private boolean overwrite;

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

    @Override
    public Integer call() throws Exception {
        Loaded loaded = scenario.read();
        Path folder = out != null
                ? out
                : Path.of(
                        "runs",
                        loaded.scenario().name() + "-" + loaded.scenario().seed());
        device.check();
        Preflight.checkMachine(loaded);
        try (RunFolders folders = new RunFolders()) {
            List<RunSession.Step> steps = new ArrayList<>();
            InputHashes hashes = new InputHashes();
            RunFolder first = folders.add(new RunFolder(folder, loaded, overwrite, hashes));
            steps.add(() -> first);
            for (Strategy baseline : loaded.scenario().baselines()) {
                Loaded under = loaded.under(baseline);
                Path own = folder.resolve("baselines").resolve(baseline.label());
                steps.add(() -> folders.add(new RunFolder(own, under, overwrite, hashes)));
            }
            try (LiveView view = live == null ? null : new LiveView(live);
                    ClusterOptions.Place place = cluster.place(loaded, device)) {
                if (!quiet) {
                    place.backend().dataset().notes().forEach(note -> System.err.println("coterie: data: " + note));
                }
                return new RunSession(view).run(place.backend(), steps, folder, quiet ? null : System.err);
            }
        }
    }
}
