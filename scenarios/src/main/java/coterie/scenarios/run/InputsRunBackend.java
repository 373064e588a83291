package coterie.scenarios.run;

import coterie.actors.user.SimulationConfig;
import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.text.DatasetOutline;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.results.Categories;
import java.util.List;

/** The common part of backends: the base, the layout of adapters, and the sizes of users' data. */
abstract class InputsRunBackend implements RunBackend {
    private final RunInputs inputs;
    private final DatasetOutline dataset;

    InputsRunBackend(RunInputs inputs, DatasetOutline dataset) {
        this.inputs = inputs;
        this.dataset = dataset;
    }

    final RunInputs inputs() {
        return inputs;
    }

    @Override
    public final DatasetOutline dataset() {
        return dataset;
    }

    @Override
    public final AdapterLayout layout() {
        return inputs.layout();
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

    /** @param device to write with, of the same base */
    final List<TextSample> samples(
            Loaded loaded, FederatedDataset text, List<float[]> adapters, LearningDevice device) {
        return TextSample.of(loaded.scenario(), text, inputs.tokenizer(), inputs.layout(), adapters, device);
    }

    @Override
    public void close() {
        inputs.close();
    }
}
