package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseWeights;
import coterie.model.files.SafeTensors;
import coterie.model.program.AdamW;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.Precision;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;

/** Compares what Coterie computes of an adapter's files with what another program has computed. */
final class AdapterLogits {
    private static final int LENGTH = 32;
    private static final float CLOSE = 1e-4f;

    private AdapterLogits() {}

    /** Returns a sequence of tokens of a vocabulary. */
    static long[] ids(BaseWeights weights) {
        long[] ids = new long[LENGTH];
        for (int k = 0; k < ids.length; k++) {
            ids[k] = (31L * k + 7) % weights.config().vocabulary();
        }
        return ids;
    }

    /**
     * Requires that logits of {@link #ids} agree.
     *
     * @param theirs a safetensors file with {@code logits}, [tokens][vocabulary]
     */
    static void requireClose(BaseWeights weights, Path adapter, Path theirs) throws IOException {
        long[] ids = ids(weights);
        PeftFiles.Adapter read = PeftFiles.read(adapter, weights.config());
        AdapterLayout layout = new AdapterLayout(weights.config(), read.lora());
        try (ComputeDevice device = ComputeDevice.of("cpu");
                SafeTensors file = SafeTensors.open(theirs)) {
            Torch.prepareThread();
            DecoderProgram program = new DecoderProgram(weights.config(), AdamW.PAPER, Precision.FLOAT32, 0, device);
            try (FrozenBase loaded = new FrozenBase(weights, program, device);
                    NDManager m = device.root().newSubManager()) {
                float[] ours = program.logits(
                                m.create(ids, new Shape(1, ids.length)),
                                layout,
                                ComputeDevice.array(m, read.row(), read.row().length),
                                loaded,
                                m.arange(0, ids.length, 1, DataType.INT64),
                                m)
                        .toFloatArray();
                float[] expected =
                        file.floats("logits", ids.length, weights.config().vocabulary());
                for (int k = 0; k < ours.length; k++) {
                    assertThat(ours[k]).isCloseTo(expected[k], within(CLOSE));
                }
            }
        }
    }
}
