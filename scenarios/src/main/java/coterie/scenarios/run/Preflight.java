package coterie.scenarios.run;

import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.tracking.Trackers;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that are possible before a run begins: model and data can be read, memory suffices, and the simulation can be
 * configured.
 */
public final class Preflight {
    private Preflight() {}

    /**
     * Loads what a run and its baselines would begin with, and releases it.
     *
     * @return notes on data and memory for people, one line each
     * @throws InputException if a run would be refused
     * @throws coterie.model.torch.TorchUnavailableException if this machine lacks what its learner needs
     */
    public static List<String> check(Loaded loaded) {
        checkMachine(loaded);
        try (LearnerInputs inputs = RunnableLearner.of(loaded).open(loaded)) {
            inputs.checkMemory(loaded);
            DatasetOutline data = inputs.check(loaded);
            InputsRunBackend.config(loaded, data);
            for (Strategy baseline : loaded.scenario().baselines()) {
                InputsRunBackend.config(loaded.under(baseline), data);
            }
            return Stream.concat(
                            data.notes().stream().map(note -> "data: " + note),
                            inputs.memoryNotes(loaded).stream().map(note -> "memory: " + note))
                    .toList();
        }
    }

    /**
     * Checks what a run needs besides its files: native libraries, trackers, a place for checkpoints.
     *
     * @throws InputException if the scenario asks for what this machine lacks
     * @throws coterie.model.torch.TorchUnavailableException if this machine lacks what its learner needs
     */
    public static void checkMachine(Loaded loaded) {
        RunnableLearner.of(loaded).checkMachine();
        Trackers.check(loaded);
        checkCheckpoints(loaded);
    }

    private static void checkCheckpoints(Loaded loaded) {
        String path = loaded.scenario().checkpoints().path();
        if (path == null) {
            return;
        }
        Path missing = Path.of(path).toAbsolutePath();
        while (missing.getParent() != null && !Files.exists(missing.getParent())) {
            missing = missing.getParent();
        }
        try {
            // Only making a folder shows whether it can be made.
            if (!Files.exists(missing)) {
                Files.delete(Files.createDirectory(missing));
            } else if (!Files.isDirectory(missing) || !Files.isWritable(missing)) {
                throw new AccessDeniedException(path);
            }
        } catch (FileSystemException e) {
            throw new InputException(loaded.at("checkpoints.path")
                    + ": must be a folder that can be written to, or can be made; " + path + ": "
                    + FileProblems.reason(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks a scenario that is meant for another machine: files, memory and trackers are not checked.
     *
     * @throws InputException if a run would be refused there too
     */
    public static void checkElsewhere(Loaded loaded) {
        RunnableLearner.of(loaded).checkElsewhere(loaded);
        for (Strategy baseline : loaded.scenario().baselines()) {
            loaded.under(baseline);
        }
    }
}
