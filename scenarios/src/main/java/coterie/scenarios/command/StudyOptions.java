package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.run.ResumeRules;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that run studies. */
final class StudyOptions {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "replace a setting in the scenario of every run; a map replaces its keys; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "runs at once (default: one per core, as far as memory suffices; 1 on a GPU)")
    private Integer jobs;

    @Option(names = "--dry-run", description = "list the runs and an estimate of the time, and run nothing")
    private boolean dry;

    @Option(
            names = "--claims-only",
            description = "run nothing; write the tables of the runs that have ended and judge the claims")
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

    /** @throws InputException if an option is not valid, or two exclude each other */
    void check() {
        device.check();
        if (jobs != null && (jobs < 1 || jobs > 1024)) {
            throw new InputException("--jobs must be 1 to 1024, found " + jobs);
        }
        if (claimsOnly && dry) {
            throw new InputException("--claims-only does not go with --dry-run");
        }
    }

    List<String> overrides() {
        return overrides;
    }

    /** Runs at once; null for as many as cores and memory allow. */
    Integer jobs() {
        return jobs;
    }

    boolean dry() {
        return dry;
    }

    boolean claimsOnly() {
        return claimsOnly;
    }

    boolean quiet() {
        return quiet;
    }

    ResumeRules rules() {
        return new ResumeRules(fromStart, otherProgram, true);
    }

    DeviceOptions device() {
        return device;
    }
}
