package coterie.scenarios.command;

import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.Defaults;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie init}: a scenario to begin with. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Write a scenario with every setting, its default and what it does, to be changed by hand.")
final class InitCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "scenario file that is made")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a value that is to stand there in the place of the default; may be repeated")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (Files.exists(file)) {
            throw new InputException(file + " is there already; name another file");
        }
        String text = Defaults.with(settings, file);
        ScenarioReader.read(file, text, List.of());
        AtomicFiles.write(file, text);
        System.out.println(file + ": change what you like, then: coterie run " + file);
        return 0;
    }
}
