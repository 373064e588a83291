package coterie.scenarios.command;

import coterie.scenarios.listing.RunSearch;
import coterie.scenarios.run.RunMove;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie runs move}: moves or renames a run, or a folder that contains runs. */
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description = "Move or rename a run, or a folder that contains runs, such as that of studies. Runs under way"
                + " stay where they are. Tables of studies name the new folders then.")
final class RunsMoveCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of a run, or a folder that contains runs")
    private Path from;

    @Parameters(index = "1", paramLabel = "TO", description = "new name, or a folder to move it into")
    private Path to;

    @Override
    public Integer call() throws IOException {
        Path at = new RunMove(from, to, RunSearch.in(from)).move();
        System.out.println("moved: " + from + " is now " + at);
        return 0;
    }
}
