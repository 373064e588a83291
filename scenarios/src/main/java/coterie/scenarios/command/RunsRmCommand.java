package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.listing.RunSearch;
import coterie.scenarios.run.RunRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie runs rm}: deletes runs. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Delete runs with their baselines and checkpoints. Folders that are not those of runs, or hold"
                + " other files too, are left as they are, and so are runs under way.")
final class RunsRmCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "folders of runs")
    private List<Path> folders;

    @Option(names = "--yes", description = "delete without asking")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        for (Path folder : folders) {
            RunRemoval.check(folder);
        }
        if (!yes) {
            if (!Terminals.attached()) {
                throw new InputException("runs rm: there is no terminal to ask; --yes deletes without asking");
            }
            for (Path folder : folders) {
                System.out.println(described(folder));
            }
            String answer = System.console().readLine("delete %s? [y/N] ", folders.size() == 1 ? "it" : "them");
            if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
                System.out.println("nothing was deleted");
                return 0;
            }
        }
        for (Path folder : folders) {
            String what = described(folder);
            RunRemoval.delete(folder);
            System.out.println("deleted: " + what);
        }
        return 0;
    }

    private static String described(Path folder) throws IOException {
        int baselines = RunSearch.in(folder).size() - 1;
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(p);
            }
        }
        return String.format(
                Locale.ROOT, "%s (%.1f MB%s)", folder, bytes / 1e6, baselines > 0 ? ", baselines: " + baselines : "");
    }
}
