package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseFamily;
import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import coterie.model.base.Python;
import coterie.model.files.SafeTensors;
import coterie.model.text.BpeTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random small bases of every family, in three types of numbers and in one or several files, with adapters of random
 * settings: logits, losses and gradients as transformers and PEFT compute them, and again after the adapter was written
 * here. Skipped where Python (COTERIE_PYTHON, or python3) does not have these libraries.
 */
@Tag("slow")
class FamiliesParityTest {
    private static final int EACH = Integer.getInteger("coterie.families", 12);
    private static final int LENGTH = 24;

    @TempDir
    Path folder;

    @Test
    void everyFamilyComputesWhatTransformersAndPeftCompute() throws Exception {
        Python python = new Python(folder.resolve("python.log"));
        assumeTrue(python.hasLibraries(), "no Python with torch, transformers and peft");
        Files.writeString(
                folder.resolve("tokenizer.json"), new BpeTrainer().train(257).toTokenizerJson());
        python.script("families.py", "make", folder.toString(), "1", String.valueOf(EACH));
        List<Path> models;
        try (Stream<Path> all = Files.list(folder)) {
            models = all.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(models).hasSize(EACH * BaseFamily.all().size());
        List<AssertionError> failures = new ArrayList<>();
        for (Path model : models) {
            try {
                compare(model);
            } catch (AssertionError e) {
                failures.add(e);
            }
        }
        assertThat(failures).isEmpty();
        python.script("families.py", "exported", folder.toString());
        for (Path model : models) {
            try (SafeTensors judged = SafeTensors.open(model.resolve("judged.safetensors"));
                    SafeTensors again = SafeTensors.open(model.resolve("exported.safetensors"))) {
                new Judged(model, weights(model), null)
                        .near(
                                "logits of the exported adapter",
                                again.floats("logits", 2 * LENGTH, 257),
                                judged.floats("logits", 2 * LENGTH, 257));
            }
        }
    }

    private static BaseWeights weights(Path model) {
        return PretrainedBase.weights(model.resolve("base").toString());
    }

    private static void compare(Path model) throws Exception {
        BaseWeights weights = weights(model);
        PeftFiles.Adapter adapter = PeftFiles.read(model.resolve("adapter"), weights.config());
        new Judged(model, weights, adapter).compare(LENGTH);
        PeftFiles.write(
                model.resolve("exported"),
                new AdapterLayout(weights.config(), adapter.lora()),
                adapter.row(),
                model.resolve("base").toString());
    }
}
