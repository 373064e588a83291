package coterie.scenarios.run;

import coterie.actors.life.World;
import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.text.Society;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.util.List;

/** What laboratories have in common: text, and the shape of base and adapters. */
abstract class MaterialsLaboratory implements Laboratory {
    private final Materials materials;

    MaterialsLaboratory(Materials materials) {
        this.materials = materials;
    }

    final Materials materials() {
        return materials;
    }

    @Override
    public final Society society() {
        return materials.society();
    }

    @Override
    public final AdapterLayout layout() {
        return materials.layout();
    }

    /** @param device to write with, of the same base */
    final List<TextSample> samples(Loaded loaded, List<float[]> adapters, LearningDevice device) {
        return TextSample.of(loaded.scenario(), materials.society(), materials.tokenizer(), adapters, device);
    }

    @Override
    public void close() {
        materials.close();
    }

    @Override
    public final World world(Loaded loaded) {
        return materials.world(loaded);
    }
}
