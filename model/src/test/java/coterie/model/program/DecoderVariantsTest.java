package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.family.Gpt2Family;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attention's scales and an output head of its own: losses and gradients against the float64 reference, forward,
 * backward and with dropout's own path.
 */
class DecoderVariantsTest {
    private static final int T = 9;

    @ParameterizedTest
    @CsvSource({"true,false,false", "false,false,true", "true,true,true", "false,true,false"})
    void lossAndGradientFollowTheConfiguration(boolean byWidth, boolean byLayer, boolean tied) {
        DecoderConfig config = Gpt2Family.config(
                2, 16, 2, 64, 83, 12, 1e-5, DecoderConfig.Activation.GELU_TANH, byWidth, byLayer, tied);
        AdapterLayout layout = new AdapterLayout(config, LoraConfig.of(3, 6));
        MemoryWeights weights = MemoryWeights.random(config, 5);
        RandomStream s = RandomStream.of(11, Purpose.INITIAL_WEIGHTS);
        weights.arrays().forEach(a -> IntStream.range(0, a.length).forEach(i -> a[i] += (float) (0.2 * s.gaussian())));
        double[] adapter = IntStream.range(0, layout.size())
                .mapToDouble(i -> (float) (0.1 * s.gaussian()))
                .toArray();
        long[] ids = IntStream.range(0, T)
                .mapToLong(i -> s.below(config.vocabulary()))
                .toArray();
        long[] targets = IntStream.range(0, T)
                .mapToLong(i -> s.below(config.vocabulary()))
                .toArray();
        ReferenceGpt2 reference = new ReferenceGpt2(weights, layout);
        double expected = reference.loss(new long[][] {ids}, new long[][] {targets}, adapter);
        float[] row = new float[adapter.length];
        IntStream.range(0, row.length).forEach(i -> row[i] = (float) adapter[i]);
        try (ComputeDevice device = ComputeDevice.of("cpu");
                NDManager m = device.root().newSubManager()) {
            Torch.prepareThread();
            NDArray x = m.create(ids, new Shape(1, T));
            NDArray y = m.create(targets, new Shape(1, T));
            NDArray a = ComputeDevice.array(m, row, row.length);
            DecoderProgram program = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 0, device);
            DecoderProgram dropping = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 1e-7, device);
            try (FrozenBase base = new FrozenBase(weights, program, device)) {
                DecoderProgram.Gradients g = program.gradients(x, y, layout, List.of(a), new long[0], base, m);
                assertThat((double) g.loss().toFloatArray()[0]).isCloseTo(expected, within(1e-5));
                // A probability so small that nothing is dropped: attention then is written out and must be the same.
                float[] written = dropping.losses(x, y, layout, a, base, new long[] {3}, m)
                        .toFloatArray();
                double mean = IntStream.range(0, T)
                        .mapToDouble(i -> written[i])
                        .average()
                        .orElseThrow();
                assertThat(mean).isCloseTo(expected, within(1e-5));
                float[] gradient = g.gradient().toFloatArray();
                double largest = IntStream.range(0, gradient.length)
                        .mapToDouble(i -> Math.abs(gradient[i]))
                        .max()
                        .orElseThrow();
                for (int n = 0; n < 40; n++) {
                    int k = s.below(adapter.length);
                    double keep = adapter[k];
                    adapter[k] = keep + 1e-5;
                    double up = reference.loss(new long[][] {ids}, new long[][] {targets}, adapter);
                    adapter[k] = keep - 1e-5;
                    double down = reference.loss(new long[][] {ids}, new long[][] {targets}, adapter);
                    adapter[k] = keep;
                    assertThat((double) gradient[k])
                            .as("parameter %d", k)
                            .isCloseTo((up - down) / 2e-5, within(2e-5 * largest));
                }
            }
            DecoderProgram low = new DecoderProgram(config, AdamW.PAPER, Precision.BFLOAT16, 0, device);
            try (FrozenBase base = new FrozenBase(weights, low, device)) {
                float[] near = low.losses(x, y, layout, a, base, DecoderProgram.QUIET, m)
                        .toFloatArray();
                double mean = IntStream.range(0, T)
                        .mapToDouble(i -> near[i])
                        .average()
                        .orElseThrow();
                assertThat(mean).isCloseTo(expected, within(0.05));
            }
            NDArray flat = ComputeDevice.array(m, weights.flat(), weights.flat().length);
            DecoderProgram whole = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 0, device);
            float loss = whole.baseGradients(x, y, flat, m).loss().getFloat();
            double alone = reference.loss(new long[][] {ids}, new long[][] {targets}, new double[adapter.length]);
            assertThat((double) loss).isCloseTo(alone, within(1e-5));
        }
    }
}
