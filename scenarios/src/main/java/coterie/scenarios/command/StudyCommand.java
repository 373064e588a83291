package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.study.Study;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coterie study}: many runs, summarised in one table. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description =
                "Run all variants of a scenario under all seeds of a study; runs that have ended are not repeated.")
final class StudyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "study file, YAML")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "folder for all runs and tables (default: runs/studies); studies that share it share their runs")
    private Path out = StudySession.FOLDER;

    @Mixin
    private StudyOptions options;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        options.check();
        Study study = Study.read(file, InputFile.text(file), options.overrides(), false);
        if (options.claimsOnly() && study.claims().isEmpty()) {
            throw new InputException("--claims-only: " + file + " has no claims");
        }
        StudySession session = new StudySession(
                study, out, options.rules(), options.device(), options.quiet(), TypedCommand.words(command));
        return options.claimsOnly() ? session.judge(true) : session.run(options.jobs(), options.dry());
    }
}
