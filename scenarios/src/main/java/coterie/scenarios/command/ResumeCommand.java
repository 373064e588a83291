package coterie.scenarios.command;

import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.run.RunSession;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie resume}: goes on with a run and its baselines. {@link RunSession} says how. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Go on with a run that was interrupted, from its last checkpoint.")
final class ResumeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path folder;

    @Mixin
    private RunOptions options;

    @Option(names = "--from-start", description = "if the run cannot go on, delete its results and begin it again")
    private boolean fromStart;

    @Option(names = "--allow-other-program", description = "go on with results of another version of the program")
    private boolean otherProgram;

    @Override
    public Integer call() throws Exception {
        options.check();
        return RunSession.resume(folder, new ResumeRules(fromStart, otherProgram, false), options);
    }
}
