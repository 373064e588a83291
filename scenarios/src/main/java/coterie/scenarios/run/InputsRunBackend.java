package coterie.scenarios.run;

import coterie.actors.user.SimulationConfig;
import coterie.model.files.AtomicFiles;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.results.Categories;
import java.io.IOException;
import java.nio.file.Path;

/** The common part of backends: the learner's inputs, and the sizes of users' data. */
abstract class InputsRunBackend implements RunBackend {
    private final LearnerInputs inputs;
    private final DatasetOutline dataset;
    private final String engine;

    /** @param inputs are closed with this */
    InputsRunBackend(Loaded loaded, LearnerInputs inputs, DatasetOutline dataset) {
        this.inputs = inputs;
        this.dataset = dataset;
        engine = RunnableLearner.of(loaded).engine();
    }

    @Override
    public final DatasetOutline dataset() {
        return dataset;
    }

    /** Number of parameters of a user, P. */
    final int parameters() {
        return inputs.parameters();
    }

    final double deviceBytes(Loaded loaded, int users, int stack, boolean recomputes) {
        return inputs.deviceBytes(loaded, users, stack, recomputes);
    }

    @Override
    public final String engine() {
        return engine;
    }

    @Override
    public final String modelHash(Loaded loaded) {
        return inputs.modelHash(loaded);
    }

    @Override
    public final void write(Path folder, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files)
            throws IOException {
        inputs.write(folder, loaded, user, parameters, files);
    }

    @Override
    public final SimulationConfig config(Loaded loaded) {
        return config(loaded, dataset);
    }

    /**
     * The simulation that a scenario describes.
     *
     * @throws coterie.scenarios.config.InputException if there is none over these users
     */
    static SimulationConfig config(Loaded loaded, DatasetOutline dataset) {
        return SimulationConfigs.checked(
                loaded.scenario(), Categories.of(dataset.mixtures()).toArray(), loaded::at);
    }

    @Override
    public void close() {
        inputs.close();
    }
}
