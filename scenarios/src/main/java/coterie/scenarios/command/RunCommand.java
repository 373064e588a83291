package coterie.scenarios.command;

import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.estimate.RunEstimate;
import coterie.scenarios.run.Destination;
import coterie.scenarios.run.Preflight;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.run.RunSession;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.TypedStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie run}: runs a scenario, and the same under its baselines. {@link RunSession} says how. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run a scenario; results go into a folder.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder for the results (default: runs/<name>-<seed>, or the next free one:"
                    + " runs/<name>-<seed>.2, .3, ...; of a study runs/studies)")
    private Path out;

    @Option(names = "--overwrite", description = "replace the results of an earlier run in that folder")
    private boolean overwrite;

    @Option(
            names = "--seeds",
            paramLabel = "N..M,...",
            description = "run under each of these seeds, for instance 1..5, as a study: one table of means and"
                    + " deviations, and runs that have ended are not repeated")
    private String seeds;

    @Option(
            names = "--sweep",
            paramLabel = "KEY=VALUE,...",
            description = "run with each of these values, for instance time.loss=0,0.1,0.3, as a study; may be"
                    + " repeated for every combination")
    private List<String> sweeps = new ArrayList<>();

    @Option(
            names = "--dry-run",
            description = "run nothing: measure a few steps, and estimate time, memory, disk, messages and bytes; with"
                    + " --seeds or --sweep list the runs and estimate their time")
    private boolean dry;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Loaded loaded = scenario.read();
        options.check();
        if (seeds != null || !sweeps.isEmpty()) {
            options.refuseOneRun("--seeds and --sweep");
            scenario.refuseSeedBeside(seeds);
            Study study = TypedStudy.of(loaded, sweeps, seeds);
            ResumeRules rules = new ResumeRules(overwrite, false, true);
            return new StudySession(
                            study,
                            out != null ? out : StudySession.FOLDER,
                            rules,
                            options.device(),
                            options.quiet(),
                            options.commandLine())
                    .run(null, dry);
        }
        if (dry) {
            return estimate(loaded);
        }
        try (Destination destination = destination(loaded.scenario())) {
            return RunSession.run(loaded, destination, options);
        }
    }

    private int estimate(Loaded loaded) throws IOException {
        options.refuseElsewhere("--dry-run");
        Preflight.check(loaded);
        DeviceOptions device = options.device();
        device.choose(List.of(loaded));
        RunEstimate estimate = RunEstimate.of(loaded, device.hosts());
        System.out.print(estimate.text(out == null ? Path.of("runs") : out));
        return 0;
    }

    private Destination destination(Scenario s) throws IOException {
        Path usual = Path.of("runs", s.name() + "-" + s.seed());
        return out == null && !overwrite
                ? Destination.free(usual)
                : Destination.chosen(out == null ? usual : out, overwrite);
    }
}
