package coterie.scenarios.command;

import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.Template;
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
        description = "Write a scenario file to edit, with every setting, its default and its meaning.")
final class InitCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "new scenario file")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a value that replaces a default; may be repeated")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (Files.exists(file)) {
            throw new InputException(file + " is there already; name another file");
        }
        String text = Template.text(settings, file);
        ScenarioReader.read(file, text, List.of());
        AtomicFiles.write(file, text);
        System.out.println(file + ": change what you like, then: coterie run " + file);
        return 0;
    }
}
