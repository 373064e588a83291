package coterie.scenarios.command;

import coterie.actors.clock.Simulation;
import coterie.scenarios.results.FinalTable;
import coterie.scenarios.run.Laboratory;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import coterie.scenarios.schema.Strategy;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie run}: a scenario, and the same under its baselines. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run a scenario; results go into a folder.")
final class RunCommand implements Callable<Integer> {
    private static final long WRITING_SECONDS = 60;

    @Mixin
    private ScenarioOptions scenario;

    @Option(names = "--out", paramLabel = "DIR", description = "folder for the results (default: runs/<name>-<seed>)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the results of an earlier run in that folder")
    private boolean overwrite;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--quiet", description = "tell no progress")
    private boolean quiet;

    private volatile Simulation current;
    private volatile boolean interrupted;

    @Override
    public Integer call() throws Exception {
        Loaded loaded = scenario.read();
        Path folder = out != null ? out : Path.of("runs", loaded.scenario().name() + "-" + loaded.scenario().seed());
        Map<Loaded, Path> runs = new LinkedHashMap<>();
        runs.put(loaded, folder);
        for (Strategy baseline : loaded.scenario().baselines()) {
            runs.put(loaded.under(baseline), folder.resolve("baselines").resolve(baseline.label()));
        }
        device.check();
        PrintStream progress = quiet ? null : System.err;
        boolean terminal = System.console() != null;
        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> interrupt(written), "interrupt");
        FinalTable table = new FinalTable();
        RunFolder first = new RunFolder(folder, loaded, device.name(), overwrite);
        try (Laboratory laboratory = new Laboratory(loaded, device.name(), device.threads(), device.stack())) {
            Runtime.getRuntime().addShutdownHook(hook);
            for (Map.Entry<Loaded, Path> run : runs.entrySet()) {
                RunFolder target = run.getKey() == loaded ? first : new RunFolder(run.getValue(), run.getKey(), device.name(), overwrite);
                RunFolder.Outcome outcome = target.run(laboratory, progress, terminal, this::started);
                table.add(run.getKey().scenario().collaboration().strategy(), outcome.statistics());
                if (interrupted) {
                    System.err.println("coterie: interrupted; what was done until now is in " + folder);
                    break;
                }
            }
            if (!interrupted) {
                table.print(System.out);
                System.out.println("results: " + folder);
            }
        } finally {
            written.countDown();
        }
        if (!interrupted) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return interrupted ? 130 : 0;
    }

    private void started(Simulation simulation) {
        current = simulation;
        if (interrupted) {
            simulation.stop();
        }
    }

    /** On Ctrl-C or a termination signal the process waits until the results so far are written; its exit code is then the signal's. */
    private void interrupt(CountDownLatch written) {
        interrupted = true;
        Simulation simulation = current;
        if (simulation != null) {
            simulation.stop();
        }
        try {
            if (!written.await(WRITING_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("coterie: gave up waiting for results after " + WRITING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
