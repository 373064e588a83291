package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.results.Progress;
import coterie.scenarios.run.RunHost;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where runs are computed and who sees them: the options that {@code run} and {@code resume} share. */
final class RunOptions implements RunHost {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--live",
            arity = "0..1",
            fallbackValue = "7070",
            paramLabel = "[HOST:]PORT",
            description = "show the run in a browser while it goes, with buttons"
                    + " to pause and stop it (default: loopback, port 7070; 0 for any that is free)")
    private String live;

    @Option(names = "--quiet", description = "show no progress")
    private boolean quiet;

    /** @throws InputException if a number is out of range */
    void check() {
        device.check();
    }

    /**
     * Refuses options that only a single run has.
     *
     * @param instead the options that ask for more than one
     */
    void refuseOneRun(String instead) {
        if (live != null || cluster.any()) {
            throw new InputException(
                    instead + " make a study, whose runs have no --live, --nodes and --await-nodes: leave them out");
        }
    }

    /** Refuses options that a command which only measures this process does not have. */
    void refuseElsewhere(String option) {
        if (live != null || cluster.any()) {
            throw new InputException(option + " measures this process; leave out --live, --nodes and --await-nodes");
        }
    }

    DeviceOptions device() {
        return device;
    }

    boolean quiet() {
        return quiet;
    }

    @Override
    public List<String> commandLine() {
        return TypedCommand.words(command);
    }

    @Override
    public Viewer viewer() {
        return live == null ? null : new LiveView(live);
    }

    @Override
    public Place place(Loaded loaded) {
        return cluster.place(loaded, device);
    }

    @Override
    public Display display() {
        return quiet ? null : new Display(System.err, Terminals.attached(), Progress.Part.WHOLE);
    }
}
