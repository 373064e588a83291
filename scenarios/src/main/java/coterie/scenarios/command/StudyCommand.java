package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.study.Study;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "replace a setting in the scenario of every run; a map replaces its keys; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "folder for all runs and tables (default: runs/studies); studies that share it share their runs")
    private Path out = StudySession.FOLDER;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "runs at once (default: one per core, as far as memory suffices; 1 on a GPU)")
    private Integer jobs;

    @Option(names = "--dry-run", description = "list the runs and an estimate of the time, and run nothing")
    private boolean dry;

    @Option(
            names = "--claims-only",
            description = "run nothing; write the tables of the runs that have ended and judge the study's claims")
    private boolean claimsOnly;

    @Option(names = "--quiet", description = "show no progress")
    private boolean quiet;

    @Option(
            names = "--from-start",
            description = "if results do not fit their scenario, its files or this program, delete"
                    + " them and begin those runs again")
    private boolean fromStart;

    @Option(names = "--allow-other-program", description = "take results of another version of the program as they are")
    private boolean otherProgram;

    @Mixin
    private DeviceOptions device;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        device.check();
        if (jobs != null && (jobs < 1 || jobs > 1024)) {
            throw new InputException("--jobs must be 1 to 1024, found " + jobs);
        }
        Study study = Study.read(file, InputFile.text(file), overrides, false);
        ResumeRules rules = new ResumeRules(fromStart, otherProgram, true);
        if (claimsOnly && (dry || study.claims().isEmpty())) {
            throw new InputException(
                    dry ? "--claims-only does not go with --dry-run" : "--claims-only: " + file + " has no claims");
        }
        StudySession session = new StudySession(study, out, rules, device, quiet, TypedCommand.words(command));
        return claimsOnly ? session.judge() : session.run(jobs, dry);
    }
}
