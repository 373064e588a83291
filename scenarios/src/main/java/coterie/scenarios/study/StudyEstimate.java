package coterie.scenarios.study;

import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a run takes on this machine, told from a trial of it with few iterations: what a token of training costs,
 * and a third of that for one of evaluation.
 */
public final class StudyEstimate {
    private static final int ITERATIONS = 4;
    private static final double FORWARD = 1.0 / 3;
    private final double seconds;
    private final double work;

    /**
     * Tries it.
     *
     * @param run of the study, whose base, text and batch stand for all
     * @throws coterie.scenarios.config.InputException where base, text or device cannot be had
     */
    public StudyEstimate(Loaded run, String device, int threads, int stack) throws IOException {
        List<String> few = new ArrayList<>(run.overrides());
        few.addAll(List.of(
                "training.iterations=" + ITERATIONS,
                "evaluation.every=" + ITERATIONS,
                "record.samples=0",
                "tracking=[]",
                "baselines=[]",
                "checkpoints.every_minutes=0",
                "checkpoints.every_turns=0",
                "checkpoints.path=~"));
        Loaded trial = ScenarioReader.read(run.file(), run.text(), few);
        Path folder = Files.createTempDirectory("coterie-trial");
        try (RunBackend backend = LocalRunBackend.load(trial, device, threads, stack)) {
            // Once to warm up: the first steps compile what they run.
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

    private static void tried(Path folder, Loaded trial, RunBackend backend) throws IOException {
        try (RunFolder run = new RunFolder(folder, trial, false)) {
            run.run(backend, null, false, s -> {});
        }
    }

    /** Tokens of training, or what takes as long. */
    private static double work(Scenario s) {
        Scenario.Training t = s.training();
        double trained = (double) t.iterations() * t.batchSize() * t.accumulationSteps() * t.context();
        double evaluations =
                1 + Math.ceil((double) t.iterations() / s.evaluation().every());
        int test = s.evaluation().tokens() == 0
                ? s.data().testTokens()
                : Math.min(s.evaluation().tokens(), s.data().testTokens());
        return s.users() * (trained + FORWARD * evaluations * test);
    }

    /** Seconds that a run will take, about. */
    public double seconds(Loaded run) {
        return seconds * work(run.scenario()) / work;
    }
}
