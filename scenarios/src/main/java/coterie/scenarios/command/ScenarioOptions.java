package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.ScenarioReader;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The scenario file and the settings that replace some of its own, for all commands that take one. */
final class ScenarioOptions {
    @Parameters(index = "0", paramLabel = "FILE", description = "scenario file, YAML or JSON")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "replace a setting, for instance training.iterations=100; a map replaces its keys; may be"
                    + " repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "short for --set seed=N")
    private Long seed;

    private static final int LONGEST_SHOWN = 80;
    private String text;

    Path file() {
        return file;
    }

    /** Refuses a seed beside those of a study. */
    void refuseSeedBeside(String seeds) {
        if (seed != null && seeds != null) {
            throw new InputException(
                    "--seed and --seeds exclude one another, found " + seed + " and " + Shown.of(seeds, LONGEST_SHOWN));
        }
    }

    List<String> overrides() {
        List<String> all = new ArrayList<>(overrides);
        if (seed != null) {
            all.add("seed=" + seed);
        }
        return all;
    }

    /** The content of the file. It is read once, since it may be a pipe. */
    String text() {
        if (text == null) {
            text = InputFile.text(file);
        }
        return text;
    }

    ScenarioReader.Loaded read() {
        return read(false);
    }

    /**
     * @param elsewhere whether the scenario is meant for another machine, so that the files that it names are not
     *     checked
     */
    ScenarioReader.Loaded read(boolean elsewhere) {
        return ScenarioReader.read(file, text(), overrides(), elsewhere);
    }
}
