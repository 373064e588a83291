package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.LORA;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.WEIGHTS;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.ids;
import static coterie.model.program.DecoderFixture.noisy;
import static coterie.model.program.DecoderFixture.split;
import static coterie.model.program.DecoderFixture.widen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Activation;
import coterie.model.base.DecoderConfig.Attention;
import coterie.model.base.DecoderConfig.Ends;
import coterie.model.base.DecoderConfig.Inputs;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.Mlp;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.DecoderConfig.Norms;
import coterie.model.base.MemoryWeights;
import coterie.model.base.Rotation;
import coterie.model.base.family.Gemma3Family;
import coterie.model.base.family.Gpt2Family;
import coterie.model.base.family.GptNeoxFamily;
import coterie.model.base.family.LlamaFamily;
import coterie.model.program.DecoderFixture.Result;
import coterie.model.torch.ComputeDevice;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against finite differences of a float64 reference. */
class DecoderGradientTest {
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
    void gradientsAgreeWithFiniteDifferencesOfTheFloat64Reference() {
        float[] adapter = adapter(2);
        long[] ids = ids(2, 12, 10);
        long[] targets = ids(2, 12, 11);
        targets[3] = -1;
        Result r = on.gradients(LAYOUT, List.of(adapter), ids, targets, 2, new long[0]);
        ReferenceGpt2 reference = new ReferenceGpt2(WEIGHTS, LAYOUT);
        long[][] x = split(ids, 12);
        long[][] y = split(targets, 12);
        double[] at = widen(adapter);
        assertThat((double) r.loss()[0]).isCloseTo(reference.loss(x, y, at), within(1e-5));
        RandomStream pick = RandomStream.of(7, Purpose.BATCH);
        double largest = 0;
        for (float g : r.gradient()) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int n = 0; n < 60; n++) {
            int k = pick.below(at.length);
            double step = 1e-5;
            double keep = at[k];
            at[k] = keep + step;
            double up = reference.loss(x, y, at);
            at[k] = keep - step;
            double down = reference.loss(x, y, at);
            at[k] = keep;
            assertThat((double) r.gradient()[k])
                    .as("parameter %d", k)
                    .isCloseTo((up - down) / (2 * step), within(2e-5 * largest));
        }
    }

    /**
     * The gradient is written out by hand: along each part's own gradient the loss must rise as it says, with every
     * kind of dropout on.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void gradientsUnderDropoutAreThoseOfTheLossUnderTheSameMasks(String what, DecoderConfig shape) {
        AdapterLayout layout = new AdapterLayout(shape, new LoraConfig(3, 6, 0.2, Set.of(Target.ALL_LINEAR)));
        DecoderProgram dropping = new DecoderProgram(shape, AdamW.PAPER, Precision.FLOAT32, 0.15, on.device);
        try (FrozenBase base = new FrozenBase(noisy(shape, 5), dropping, on.device)) {
            risesAsItsGradientSays(dropping, base, layout);
        }
    }

    static Stream<Arguments> shapes() {
        Layer rotated = new Layer(0.5, 0, new Rotation(4, 10000, new Rotation.Plain()));
        Layer windowed = new Layer(0.4, 5, new Rotation(4, 100, new Rotation.Plain()));
        return Stream.of(
                Arguments.of("GPT-2", SHAPE),
                Arguments.of("GPT-2 with exact GELU", SHAPE.withExactGelu()),
                Arguments.of(
                        "separate queries, keys and values, gated",
                        new DecoderConfig(
                                new LlamaFamily(),
                                16,
                                83,
                                12,
                                new Norms(NormKind.RMS, 1e-5, false, false),
                                new Attention(4, 2, 4, Inputs.SEPARATE, true, false, 0),
                                new Mlp(24, Activation.SILU, true, false),
                                List.of(rotated, rotated),
                                false,
                                new Ends(1, true, 0))),
                Arguments.of(
                        "windows, caps and norms everywhere",
                        new DecoderConfig(
                                new Gemma3Family(),
                                16,
                                83,
                                12,
                                new Norms(NormKind.RMS_FROM_ONE, 1e-5, true, true),
                                new Attention(4, 1, 4, Inputs.SEPARATE, false, false, 30),
                                new Mlp(24, Activation.GELU_TANH, true, false),
                                List.of(windowed, rotated),
                                false,
                                new Ends(4, true, 20))),
                Arguments.of(
                        "parallel, fused by head",
                        new DecoderConfig(
                                new GptNeoxFamily(),
                                16,
                                83,
                                12,
                                new Norms(NormKind.LAYER, 1e-5, false, false),
                                new Attention(4, 4, 4, Inputs.FUSED_BY_HEAD, true, true, 0),
                                new Mlp(32, Activation.GELU, false, true),
                                List.of(rotated, rotated),
                                true,
                                new Ends(1, false, 0))));
    }

    private void risesAsItsGradientSays(DecoderProgram dropping, FrozenBase base, AdapterLayout layout) {
        float[] adapter = adapter(2, layout);
        long[] ids = ids(4, 12, 10);
        long[] targets = ids(4, 12, 11);
        long[] seeds = {77};
        float[] gradient = on.gradients(dropping, base, layout, List.of(adapter), ids, targets, 4, seeds)
                .gradient();
        for (AdapterLayout.Part part : layout.parts()) {
            for (int[] span : new int[][] {{part.offsetA(), part.sizeA()}, {part.offsetB(), part.sizeB()}}) {
                double norm = 0;
                for (int i = span[0]; i < span[0] + span[1]; i++) {
                    norm += (double) gradient[i] * gradient[i];
                }
                norm = Math.sqrt(norm);
                double[] slopes = new double[2];
                for (int n = 0; n < 2; n++) {
                    double step = n == 0 ? 0.02 : 0.01;
                    for (int side = -1; side <= 1; side += 2) {
                        float[] moved = adapter.clone();
                        for (int i = span[0]; i < span[0] + span[1]; i++) {
                            moved[i] += (float) (side * step * gradient[i] / norm);
                        }
                        slopes[n] += side
                                * on.gradients(dropping, base, layout, List.of(moved), ids, targets, 4, seeds)
                                        .loss()[0]
                                / (2 * step);
                    }
                }
                // Richardson's extrapolation: float32 leaves no room for steps so small that curvature would not show.
                double slope = (4 * slopes[1] - slopes[0]) / 3;
                assertThat(norm).as("%s", part).isGreaterThan(0.01);
                assertThat(slope).as("%s from %d", part, span[0]).isCloseTo(norm, within(0.01 * norm));
            }
        }
    }

    /** More rows and words than a tile of the head has, and more activations than one of GELU. */
    @Test
    void tilesAddUp() {
        DecoderConfig wide = Gpt2Family.shape(1, 48, 2, 5003, 12);
        AdapterLayout layout = new AdapterLayout(wide, LORA);
        MemoryWeights weights = noisy(wide, 6);
        DecoderProgram p = new DecoderProgram(wide, AdamW.PAPER, Precision.FLOAT32, 0, on.device);
        float[] adapter = adapter(3, layout);
        RandomStream s = RandomStream.of(4, Purpose.BATCH);
        long[] ids = LongStream.generate(() -> s.below(5003)).limit(100 * 12).toArray();
        long[] targets =
                LongStream.generate(() -> s.below(5003)).limit(100 * 12).toArray();
        try (FrozenBase b = new FrozenBase(weights, p, on.device)) {
            Result all = on.gradients(p, b, layout, List.of(adapter), ids, targets, 100, new long[0]);
            double[] at = widen(adapter);
            ReferenceGpt2 reference = new ReferenceGpt2(weights, layout);
            assertThat((double) all.loss()[0])
                    .isCloseTo(reference.loss(split(ids, 12), split(targets, 12), at), within(1e-5));
            Result[] halves = new Result[2];
            for (int h = 0; h < 2; h++) {
                halves[h] = on.gradients(
                        p,
                        b,
                        layout,
                        List.of(adapter),
                        Arrays.copyOfRange(ids, 600 * h, 600 * h + 600),
                        Arrays.copyOfRange(targets, 600 * h, 600 * h + 600),
                        50,
                        new long[0]);
            }
            for (int i = 0; i < layout.size(); i++) {
                assertThat(all.gradient()[i])
                        .isCloseTo((halves[0].gradient()[i] + halves[1].gradient()[i]) / 2, within(1e-6f));
            }
            int k = layout.parts().get(1).offsetB();
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += 1e-5;
            down[k] -= 1e-5;
            double slope = (reference.loss(split(ids, 12), split(targets, 12), up)
                            - reference.loss(split(ids, 12), split(targets, 12), down))
                    / 2e-5;
            assertThat((double) all.gradient()[k]).isCloseTo(slope, within(1e-5));
        }
    }

    @Test
    void theBaseGradientAgreesWithFiniteDifferences() {
        DecoderProgram alone = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0, on.device);
        AdapterLayout layout = LAYOUT;
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        float[] flat = WEIGHTS.flat();
        try (NDManager m = on.device.root().newSubManager()) {
            DecoderProgram.Gradients g = alone.baseGradients(
                    m.create(ids, new Shape(2, 12)),
                    m.create(targets, new Shape(2, 12)),
                    ComputeDevice.array(m, flat, flat.length),
                    m);
            float[] gradient = g.gradient().toFloatArray();
            double[] none = new double[layout.size()];
            RandomStream pick = RandomStream.of(8, Purpose.BATCH);
            for (int n = 0; n < 25; n++) {
                int k = pick.below(flat.length);
                float keep = flat[k];
                flat[k] = keep + 1e-3f;
                double up = new ReferenceGpt2(MemoryWeights.ofFlat(SHAPE, flat), layout)
                        .loss(split(ids, 12), split(targets, 12), none);
                float above = flat[k];
                flat[k] = keep - 1e-3f;
                double down = new ReferenceGpt2(MemoryWeights.ofFlat(SHAPE, flat), layout)
                        .loss(split(ids, 12), split(targets, 12), none);
                double width = (double) above - flat[k];
                flat[k] = keep;
                assertThat((double) gradient[k]).isCloseTo((up - down) / width, within(2e-4));
            }
        }
    }
}
