package coterie.scenarios.estimate;

import coterie.actors.schedule.TurnSchedule;
import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.results.AlignedText;
import coterie.scenarios.results.Durations;
import coterie.scenarios.results.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run and its baselines would take on this machine: time, messages and bytes of each strategy, memory and disk.
 *
 * @param loading seconds until model and data are loaded
 * @param strategies the scenario's own first
 * @param devices that compute
 * @param memory peak of this process after the trials, in bytes; −1 if the system does not say
 * @param deviceMemory bytes on each device with memory of its own
 * @param recomputes whether activations are recomputed, since a user's pass does not fit into memory otherwise
 * @param checkpoints bytes of those that are kept
 */
public record RunEstimate(
        double loading,
        List<StrategyEstimate> strategies,
        String devices,
        long memory,
        Map<String, Double> deviceMemory,
        boolean recomputes,
        double checkpoints) {
    private static final double MB = 1e6;
    private static final double GB = 1e9;

    /**
     * Measures a scenario in short trials. Nothing is written except into a temporary folder, which is deleted.
     *
     * @throws coterie.scenarios.config.InputException if the run would be refused
     */
    public static RunEstimate of(Loaded run, List<HostDevice> devices) throws IOException {
        Scenario s = run.scenario();
        List<Loaded> all = new ArrayList<>(List.of(run));
        s.baselines().forEach(b -> all.add(run.under(b)));
        Strategy local = Strategy.of("local");
        try (TrialRuns trials = new TrialRuns(run, devices)) {
            Trial[] alone = trials.of(run.under(local));
            List<StrategyEstimate> strategies = new ArrayList<>();
            for (Loaded one : all) {
                Strategy strategy = one.scenario().collaboration().strategy();
                Trial[] own = strategy.equals(local) ? alone : trials.of(one);
                strategies.add(StrategyEstimate.of(strategy.label(), alone, own, amount(one, trials.schedule(one))));
            }
            boolean saves =
                    s.checkpoints().everyMinutes() > 0 || s.checkpoints().everyTurns() > 0;
            return new RunEstimate(
                    trials.loading(),
                    strategies,
                    devices.stream().map(HostDevice::name).collect(Collectors.joining(", ")),
                    ProcessMemory.peak(),
                    trials.deviceBytes(run),
                    trials.recomputes(),
                    saves ? (double) all.size() * s.checkpoints().keep() * trials.checkpointBytes() : 0);
        }
    }

    private static StrategyEstimate.Amount amount(Loaded run, TurnSchedule schedule) {
        Scenario s = run.scenario();
        LearnerType learner = s.model().learner();
        int iterations = s.training().iterations();
        double evaluations = 1 + Math.ceil((double) iterations / s.evaluation().every());
        Double until = s.time().untilSeconds();
        return new StrategyEstimate.Amount(
                iterations,
                (double) iterations / s.collaboration().every(),
                schedule.turns(),
                TrialRuns.collaborations(schedule),
                evaluations * learner.testExamples(s) / learner.examples(s.training()),
                until == null ? Double.POSITIVE_INFINITY : until);
    }

    /** Wall-clock seconds of the whole command. */
    double seconds() {
        return loading
                + strategies.stream().mapToDouble(StrategyEstimate::seconds).sum();
    }

    /**
     * A table for people.
     *
     * @param at where results would be
     */
    public String text(Path at) throws IOException {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("strategy", "time", "virtual time", "messages", "MB sent", "MB on disk"));
        for (StrategyEstimate e : strategies) {
            cells.add(List.of(
                    e.strategy(),
                    Durations.inWords(e.seconds()),
                    Durations.inWords(e.virtualSeconds()),
                    String.format(Locale.ROOT, "%.0f", e.messages()),
                    megabytes(e.bytes()),
                    megabytes(e.diskBytes())));
        }
        double disk = checkpoints
                + strategies.stream().mapToDouble(StrategyEstimate::diskBytes).sum();
        StringBuilder out = new StringBuilder(AlignedText.of(cells));
        out.append(String.format(
                Locale.ROOT,
                "time:   about %s in all, %s of it for loading%n",
                Durations.inWords(seconds()),
                Durations.inWords(loading)));
        if (memory >= 0) {
            out.append(String.format(
                    Locale.ROOT,
                    "memory: %.1f GB of %.1f GB, as the trials took%n",
                    memory / GB,
                    ProcessMemory.installed() / GB));
        }
        deviceMemory.forEach((name, bytes) ->
                out.append(String.format(Locale.ROOT, "memory: at least %.1f GB on %s%n", bytes / GB, name)));
        if (recomputes) {
            out.append("memory: activations are recomputed, since a user's pass does not fit otherwise\n");
        }
        out.append(String.format(
                Locale.ROOT,
                "disk:   %s MB, %s MB of them checkpoints; %.0f GB are free%n",
                megabytes(disk),
                megabytes(checkpoints),
                free(at) / GB));
        return out + "(estimates from a few steps on " + devices
                + "; a run that reaches a target or whose users are away takes less)\n";
    }

    private static double free(Path at) throws IOException {
        Path there = at.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return Files.getFileStore(there).getUsableSpace();
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MB);
    }
}
