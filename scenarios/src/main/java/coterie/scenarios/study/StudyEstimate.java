package coterie.scenarios.study;

import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Estimates how long a run takes on this machine, from a trial with few iterations: the time per trained token or row,
 * and a third of it per evaluated one.
 */
public final class StudyEstimate {
    private static final int ITERATIONS = 4;
    private static final double FORWARD = 1.0 / 3;
    private final double seconds;
    private final double work;

    /**
     * Makes the trial.
     *
     * @param run of the study; its model, data and batch represent all runs
     * @throws coterie.scenarios.config.InputException if model, data or device are not available
     */
    public StudyEstimate(Loaded run, HostDevice device) throws IOException {
        List<String> few = new ArrayList<>(List.of(
                "training.iterations=" + ITERATIONS,
                "evaluation.every=" + ITERATIONS,
                "tracking=[]",
                "baselines=[]",
                "checkpoints.every_minutes=0",
                "checkpoints.every_turns=0",
                "checkpoints.path=~"));
        if (!run.scenario().model().learner().unused().contains("record.samples")) {
            few.add("record.samples=0");
        }
        Loaded trial = run.with(few);
        Path folder = Files.createTempDirectory("coterie-trial");
        try (RunBackend backend = LocalRunBackend.load(trial, device)) {
            // The first trial only warms up: the first steps compile what they run.
            tried(folder.resolve("first"), trial, backend);
            long begin = System.nanoTime();
            tried(folder.resolve("second"), trial, backend);
            seconds = (System.nanoTime() - begin) / 1e9;
            work = work(trial.scenario());
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    /** What a trial holds for: equal for runs with the same learner, base and batch. */
    public static Object kind(Loaded run) {
        Scenario s = run.scenario();
        Scenario.Training t = s.training();
        return List.of(s.model(), t.batchSize(), t.accumulationSteps(), t.context());
    }

    private static void tried(Path folder, Loaded trial, RunBackend backend) throws IOException {
        try (RunFolder run = new RunFolder(folder, trial, false)) {
            RunSession.simulate(run, backend, null, s -> {});
        }
    }

    /** Examples that are trained on, and evaluated ones at their share. */
    private static double work(Scenario s) {
        LearnerType learner = s.model().learner();
        double trained = (double) s.training().iterations() * learner.examples(s.training());
        double evaluations = 1
                + Math.ceil((double) s.training().iterations() / s.evaluation().every());
        return s.users() * (trained + FORWARD * evaluations * learner.testExamples(s));
    }

    /** Approximate seconds of a run. */
    public double seconds(Loaded run) {
        return seconds * work(run.scenario()) / work;
    }
}
