package coterie.scenarios.run;

import coterie.actors.user.SimulationConfig;
import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.text.FederatedDataset;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;

/** What laboratories have in common: text, and the shape of base and adapters. */
abstract class InputsRunBackend implements RunBackend {
    private final RunInputs inputs;

    InputsRunBackend(RunInputs inputs) {
        this.inputs = inputs;
    }

    final RunInputs inputs() {
        return inputs;
    }

    @Override
    public final FederatedDataset dataset() {
        return inputs.dataset();
    }

    @Override
    public final AdapterLayout layout() {
        return inputs.layout();
    }

    /** @param device to write with, of the same base */
    final List<TextSample> samples(Loaded loaded, List<float[]> adapters, LearningDevice device) {
        return TextSample.of(loaded.scenario(), inputs.dataset(), inputs.tokenizer(), adapters, device);
    }

    @Override
    public void close() {
        inputs.close();
    }

    @Override
    public final SimulationConfig config(Loaded loaded) {
        return inputs.config(loaded);
    }
}
