package coterie.scenarios.command;

import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.run.RunSession;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie run}: runs a scenario, and the same under its baselines. {@link RunSession} says how. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run a scenario; results go into a folder.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Option(names = "--out", paramLabel = "DIR", description = "folder for the results (default: runs/<name>-<seed>)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the results of an earlier run in that folder")
    private boolean overwrite;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Loaded loaded = scenario.read();
        options.check();
        String name = loaded.scenario().name() + "-" + loaded.scenario().seed();
        return RunSession.run(loaded, out != null ? out : Path.of("runs", name), overwrite, options);
    }
}
