package coterie.scenarios.command;

import coterie.scenarios.archive.RunUnpack;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie runs unpack}: a packed run becomes a folder again. */
@Command(
        name = "unpack",
        mixinStandardHelpOptions = true,
        description =
                "Unpack a packed run. All files are compared with their hashes; a run that was changed is refused.")
final class RunsUnpackCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "the packed run")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the run (default: runs/ and its old name)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the run if the folder exists")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + " is no file");
        }
        try (RunUnpack run = new RunUnpack(file)) {
            Path to = out != null ? out : Path.of("runs").resolve(run.name());
            run.to(to, overwrite);
            System.out.println("unpacked: " + to + " (" + run.files() + " files, all as they were packed)");
            return 0;
        }
    }
}
