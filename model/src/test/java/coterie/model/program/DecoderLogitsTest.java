package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.WEIGHTS;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.ids;
import static coterie.model.program.DecoderFixture.split;
import static coterie.model.program.DecoderFixture.widen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.torch.ComputeDevice;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logits, losses and top logits of the program. */
class DecoderLogitsTest {
    private DecoderFixture on;

    @BeforeEach
    void load() {
        on = new DecoderFixture();
    }

    @AfterEach
    void unload() {
        on.close();
    }

    @Test
    void logitsEqualTheFloat64Reference() {
        float[] adapter = adapter(1);
        long[] ids = ids(1, 12, 9);
        double[][] expected = new ReferenceGpt2(WEIGHTS, LAYOUT).logits(ids, widen(adapter));
        try (NDManager m = on.device.root().newSubManager()) {
            NDArray out = on.program.logits(
                    m.create(ids, new Shape(1, 12)),
                    LAYOUT,
                    ComputeDevice.array(m, adapter, LAYOUT.size()),
                    on.base,
                    m.arange(0, 12, 1, DataType.INT64),
                    m);
            float[] got = out.toFloatArray();
            for (int i = 0; i < 12; i++) {
                for (int v = 0; v < SHAPE.vocabulary(); v++) {
                    assertThat((double) got[i * SHAPE.vocabulary() + v]).isCloseTo(expected[i][v], within(1e-4));
                }
            }
        }
    }

    @Test
    void lossesAndGradientsSeeTheSameLoss() {
        float[] adapter = adapter(4);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        targets[5] = -1;
        float mean = on.gradients(LAYOUT, List.of(adapter), ids, targets, 2, new long[0])
                .loss()[0];
        try (NDManager m = on.device.root().newSubManager()) {
            float[] each = on.program
                    .losses(
                            m.create(ids, new Shape(2, 12)),
                            m.create(targets, new Shape(2, 12)),
                            LAYOUT,
                            ComputeDevice.array(m, adapter, LAYOUT.size()),
                            on.base,
                            DecoderProgram.QUIET,
                            m)
                    .toFloatArray();
            assertThat(each[5]).isZero();
            double sum = 0;
            for (float e : each) {
                sum += e;
            }
            assertThat(sum / 23).isCloseTo(mean, within(1e-5));
        }
    }

    @Test
    void topLogitsAreTheLargestInFallingOrder() {
        float[] adapter = adapter(4);
        long[] ids = ids(1, 12, 3);
        try (NDManager m = on.device.root().newSubManager()) {
            NDArray x = m.create(ids, new Shape(1, 12));
            NDArray row = ComputeDevice.array(m, adapter, LAYOUT.size());
            NDArray at = m.create(new long[] {11});
            float[] all = on.program.logits(x, LAYOUT, row, on.base, at, m).toFloatArray();
            var top = on.program.topLogits(x, LAYOUT, List.of(row), on.base, at, 5, DecoderProgram.QUIET, m);
            float[] values = top.get(0).toFloatArray();
            long[] tokens = top.get(1).toLongArray();
            float[] sorted = all.clone();
            Arrays.sort(sorted);
            for (int i = 0; i < 5; i++) {
                assertThat(values[i]).isEqualTo(sorted[sorted.length - 1 - i]).isEqualTo(all[(int) tokens[i]]);
            }
        }
    }

    @Test
    void placesThatAreNotTargetsGetNoParametersAndNoEffect() {
        LoraConfig attention = new LoraConfig(3, 6, 0, Set.of(Target.ATTENTION));
        AdapterLayout layout = new AdapterLayout(SHAPE, attention);
        DecoderProgram half = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0, on.device);
        float[] adapter = new float[layout.size()];
        RandomStream s = RandomStream.of(3, Purpose.INITIAL_WEIGHTS);
        for (int i = 0; i < adapter.length; i++) {
            adapter[i] = (float) (0.1 * s.gaussian());
        }
        long[] ids = ids(1, 12, 3);
        long[] targets = ids(1, 12, 4);
        float loss = on.gradients(half, on.base, layout, List.of(adapter), ids, targets, 1, new long[0])
                .loss()[0];
        assertThat((double) loss)
                .isCloseTo(
                        new ReferenceGpt2(WEIGHTS, layout).loss(split(ids, 12), split(targets, 12), widen(adapter)),
                        within(1e-5));
    }
}
