package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.WEIGHTS;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.cosine;
import static coterie.model.program.DecoderFixture.ids;
import static coterie.model.program.DecoderFixture.noisy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.program.DecoderFixture.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The program that GPUs run, on the CPU, beside the CPU's own. */
class GpuProgramTest {
    private static final long[] SEEDS = {5, 6};
    private DecoderFixture on;

    @BeforeEach
    void load() {
        on = new DecoderFixture();
    }

    @AfterEach
    void unload() {
        on.close();
    }

    private DecoderProgram program(double baseDropout, boolean gpu) {
        return new DecoderProgram(
                SHAPE, AdamW.PAPER, Precision.FLOAT32, true, baseDropout, on.device, on.device.root(), gpu);
    }

    @ParameterizedTest
    @CsvSource({"all-linear, 0", "all-linear, 0.2", "attention, 0"})
    void itHasTheSameGradientsUpToRounding(String target, double baseDropout) {
        AdapterLayout layout = new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.3, Set.of(Target.of(target))));
        List<float[]> adapters = List.of(adapter(1, layout), adapter(2, layout), adapter(3, layout));
        long[] ids = ids(6, 12, 3);
        long[] targets = ids(6, 12, 4);
        long[] seeds = {5, 6, 7};
        Result expected = on.gradients(program(baseDropout, false), on.base, layout, adapters, ids, targets, 6, seeds);
        DecoderProgram gpu = program(baseDropout, true);
        Result found = on.gradients(gpu, on.base, layout, adapters, ids, targets, 6, seeds);
        assertThat(found.loss()).containsExactly(expected.loss(), within(1e-5f));
        assertThat(cosine(found.gradient(), expected.gradient())).isGreaterThan(1 - 1e-9);
        // Recomputed activations take masks that are drawn block by block.
        Result recomputed =
                on.gradients(gpu, on.base, layout, adapters, ids, targets, 6, seeds, new PassMode(false, true));
        assertThat(recomputed.gradient()).isEqualTo(found.gradient());
        // The masks matter.
        Result others = on.gradients(gpu, on.base, layout, adapters, ids, targets, 6, new long[] {8, 9, 10});
        assertThat(cosine(others.gradient(), expected.gradient())).isLessThan(0.999);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coterie.model.program.DecoderGradientTest#shapes")
    void everyKindOfBaseHasNearlyTheSameGradients(String what, DecoderConfig shape) {
        AdapterLayout layout = new AdapterLayout(shape, new LoraConfig(3, 6, 0.2, Set.of(Target.ALL_LINEAR)));
        List<float[]> adapters = List.of(adapter(2, layout), adapter(3, layout));
        for (Precision precision : Precision.values()) {
            List<float[]> gradients = new ArrayList<>();
            for (boolean gpu : new boolean[] {false, true}) {
                DecoderProgram program =
                        new DecoderProgram(shape, AdamW.PAPER, precision, true, 0, on.device, on.device.root(), gpu);
                try (FrozenBase base = new FrozenBase(noisy(shape, 5), program, on.device)) {
                    gradients.add(
                            on.gradients(program, base, layout, adapters, ids(4, 12, 10), ids(4, 12, 11), 4, SEEDS)
                                    .gradient());
                }
            }
            assertThat(cosine(gradients.get(0), gradients.get(1)))
                    .as("%s", precision)
                    .isGreaterThan(precision == Precision.FLOAT32 ? 1 - 1e-8 : 0.99);
        }
    }

    /** A CPU's attention is in float32. */
    @Test
    void attentionInBfloat16PointsTheSameWay() {
        List<float[]> adapters = List.of(adapter(1), adapter(2));
        long[] ids = ids(4, 12, 3);
        long[] targets = ids(4, 12, 4);
        float[] exact = on.gradients(LAYOUT, adapters, ids, targets, 4, SEEDS).gradient();
        List<float[]> near = new ArrayList<>();
        for (boolean gpu : new boolean[] {false, true}) {
            DecoderProgram program = new DecoderProgram(
                    SHAPE, AdamW.PAPER, Precision.BFLOAT16, true, 0, on.device, on.device.root(), gpu);
            try (FrozenBase half = new FrozenBase(WEIGHTS, program, on.device)) {
                near.add(on.gradients(program, half, LAYOUT, adapters, ids, targets, 4, SEEDS)
                        .gradient());
            }
        }
        assertThat(near.get(1)).isNotEqualTo(near.get(0));
        assertThat(cosine(exact, near.get(1))).isGreaterThan(0.999);
    }
}
