package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseWeights;
import coterie.model.base.DecoderConfig;
import coterie.model.base.PretrainedBase;
import coterie.model.base.Python;
import coterie.model.files.SafeTensors;
import coterie.model.text.BpeTrainer;
import coterie.model.text.DataException;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bases and adapters that transformers and PEFT wrote: those that are read compute what they compute there, also when
 * exported again, and of those that are refused a reader that passes over the key computes something else. Skipped
 * where Python (COTERIE_PYTHON, or python3) has not these libraries.
 */
@Tag("slow")
class ForeignModelsParityTest {
    private static final int TOKENS = 32;

    @TempDir
    Path folder;

    @Test
    void whatIsReadComputesTheSameAndWhatIsRefusedWouldNot() throws Exception {
        Python python = new Python(folder.resolve("python.log"));
        assumeTrue(python.hasLibraries(), "no Python with torch, transformers and peft");
        Files.writeString(
                folder.resolve("tokenizer.json"), new BpeTrainer().train(257).toTokenizerJson());
        python.script("foreign_models.py", "make", folder.toString());
        List<Path> honoured = in("honoured");
        assertThat(honoured).hasSizeGreaterThan(20);
        for (Path model : honoured) {
            compare(model, "adapter", "logits");
        }
        python.script("foreign_models.py", "exported", folder.toString());
        for (Path model : honoured) {
            if (Files.exists(model.resolve("exported"))) {
                compare(model, "exported", "exported");
            }
        }
        List<Path> refused = in("refused");
        assertThat(refused).hasSizeGreaterThan(10);
        for (Path model : refused) {
            assertThatThrownBy(() -> read(model, "adapter"))
                    .as("%s", model)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(model.toString());
            if (Files.exists(model.resolve("off.safetensors"))) {
                try (SafeTensors off = SafeTensors.open(model.resolve("off.safetensors"))) {
                    assertThat(off.floats("off", 1)[0]).as("%s", model).isGreaterThan(0.01f);
                }
            }
        }
    }

    private List<Path> in(String kind) throws Exception {
        try (Stream<Path> all = Files.list(folder.resolve(kind))) {
            return all.sorted().toList();
        }
    }

    private record Read(BaseWeights base, PeftFiles.Adapter adapter) {}

    private static Read read(Path model, String adapter) {
        PretrainedBase p = PretrainedBase.load(model.resolve("base").toString());
        p.tokenizer().close();
        return new Read(
                p.weights(),
                Files.exists(model.resolve(adapter))
                        ? PeftFiles.read(model.resolve(adapter), p.weights().config())
                        : null);
    }

    private static void compare(Path model, String adapter, String theirs) throws Exception {
        Read read = read(model, adapter);
        DecoderConfig config = read.base.config();
        AdapterLayout layout =
                new AdapterLayout(config, read.adapter == null ? LoraConfig.of(1, 1) : read.adapter.lora());
        float[] row = read.adapter == null ? new float[layout.size()] : read.adapter.row();
        if (read.adapter != null && adapter.equals("adapter")) {
            PeftFiles.write(
                    model.resolve("exported"),
                    layout,
                    row,
                    model.resolve("base").toString());
        }
        long[] ids = new long[TOKENS];
        long[] targets = new long[TOKENS];
        for (int k = 0; k < TOKENS; k++) {
            ids[k] = (31L * k + 7) % config.vocabulary();
            targets[k] = (31L * (k + 1) + 7) % config.vocabulary();
        }
        try (ComputeDevice device = ComputeDevice.of("cpu");
                SafeTensors file = SafeTensors.open(model.resolve(theirs + ".safetensors"))) {
            Torch.prepareThread();
            float[] expected = file.floats("logits", TOKENS, config.vocabulary());
            DecoderProgram program = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 0, device);
            try (FrozenBase base = new FrozenBase(read.base, program, device);
                    NDManager m = device.root().newSubManager()) {
                NDArray x = m.create(ids, new Shape(1, TOKENS));
                NDArray adapted = ComputeDevice.array(m, row, row.length);
                float[] ours = program.logits(x, layout, adapted, base, m.arange(0, TOKENS, 1, DataType.INT64), m)
                        .toFloatArray();
                float[] losses = program.losses(
                                x,
                                m.create(targets, new Shape(1, TOKENS)),
                                layout,
                                adapted,
                                base,
                                DecoderProgram.QUIET,
                                m)
                        .toFloatArray();
                for (int k = 0; k < ours.length; k++) {
                    assertThat(ours[k]).as("%s, %s, logit %d", model, theirs, k).isCloseTo(expected[k], within(1e-4f));
                }
                for (int t = 0; t < TOKENS; t++) {
                    assertThat((double) losses[t])
                            .as("%s, %s, loss %d", model, theirs, t)
                            .isCloseTo(loss(expected, t, (int) targets[t]), within(1e-4));
                }
            }
        }
    }

    private static double loss(float[] logits, int token, int target) {
        int n = logits.length / TOKENS;
        double sum = 0;
        for (int v = 0; v < n; v++) {
            sum += Math.exp(logits[token * n + v]);
        }
        return Math.log(sum) - logits[token * n + target];
    }
}
