package coterie.scenarios.command;

import coterie.scenarios.archive.RunPack;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie runs pack}: a run in one file. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description =
                "Pack a run that has ended, with its baselines, into one zip file to share. Its files are compared"
                        + " with their hashes first.")
final class RunsPackCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path folder;

    @Option(names = "--out", paramLabel = "FILE", description = "the file (default: the folder's name with .zip)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the file if it exists")
    private boolean overwrite;

    @Option(
            names = "--checkpoints",
            description = "pack the checkpoints in the folder too, to resume the run elsewhere")
    private boolean checkpoints;

    @Override
    public Integer call() throws IOException {
        Path to =
                out != null ? out : Path.of(folder.toAbsolutePath().normalize().getFileName() + ".zip");
        if (Files.exists(to) && !overwrite) {
            throw new InputException(
                    to + " exists already: name another file with --out, or replace it with --overwrite");
        }
        if (Files.isDirectory(to)) {
            throw new InputException("--out: " + to + " is a folder; name a file in it");
        }
        RunPack pack = new RunPack(folder, checkpoints);
        pack.write(to);
        System.out.printf(Locale.ROOT, "packed: %s (%d files, %.1f MB)%n", to, pack.files(), Files.size(to) / 1e6);
        return 0;
    }
}
