package coterie.model.program;

import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.ids;
import static coterie.model.program.DecoderFixture.noisy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.family.Gpt2Family;
import coterie.model.program.DecoderFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes that compute their activations again in the backward pass: the same bits in less memory. */
class RecomputedActivationsTest {
    private static final int USERS = 2;
    private static final int ROWS = 3;
    private static final int T = 12;
    private static final long[] SEEDS = {77, -5};
    private static final long[] NO_SEEDS = {};
    private static final Path PEAK = Path.of("/proc/self/clear_refs");
    private DecoderFixture on;

    @BeforeEach
    void load() {
        on = new DecoderFixture();
    }

    @AfterEach
    void unload() {
        on.close();
    }

    /** A first, a middle and a last layer. */
    private static DecoderConfig threeLayers(DecoderConfig c) {
        List<Layer> layers = new ArrayList<>(c.layers());
        layers.add(c.layers().get(0));
        return new DecoderConfig(
                c.family(),
                c.width(),
                c.vocabulary(),
                c.context(),
                c.norms(),
                c.attention(),
                c.mlp(),
                layers,
                c.parallel(),
                c.ends());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coterie.model.program.DecoderGradientTest#shapes")
    void gradientsHaveTheSameBits(String what, DecoderConfig two) {
        DecoderConfig shape = threeLayers(two);
        for (Precision precision : Precision.values()) {
            // with every kind of dropout, and with LoRA's alone
            double baseDropout = precision == Precision.FLOAT32 ? 0.15 : 0;
            DecoderProgram program = new DecoderProgram(shape, AdamW.PAPER, precision, baseDropout, on.device);
            try (FrozenBase base = new FrozenBase(noisy(shape, 5), program, on.device)) {
                for (Target target : List.of(Target.ALL_LINEAR, Target.of("attention"), Target.of("mlp"))) {
                    assertSameBits(program, base, layout(shape, 0.2, target), SEEDS);
                }
                assertSameBits(program, base, layout(shape, 0, Target.ALL_LINEAR), baseDropout > 0 ? SEEDS : NO_SEEDS);
            }
        }
    }

    private static AdapterLayout layout(DecoderConfig shape, double dropout, Target target) {
        return new AdapterLayout(shape, new LoraConfig(3, 6, dropout, Set.of(target)));
    }

    private void assertSameBits(DecoderProgram program, FrozenBase base, AdapterLayout layout, long[] seeds) {
        for (boolean apart : new boolean[] {false, true}) {
            Result kept = pass(program, base, layout, seeds, new PassMode(apart, false));
            Result again = pass(program, base, layout, seeds, new PassMode(apart, true));
            assertThat(again.loss()).isEqualTo(kept.loss());
            assertThat(again.gradient()).isEqualTo(kept.gradient());
            assertThat(kept.gradient())
                    .as("it has something to differ in")
                    .isNotEqualTo(new float[USERS * layout.size()]);
        }
    }

    private Result pass(DecoderProgram program, FrozenBase base, AdapterLayout layout, long[] seeds, PassMode mode) {
        List<float[]> adapters = List.of(adapter(2, layout), adapter(3, layout));
        int rows = USERS * ROWS;
        return on.gradients(program, base, layout, adapters, ids(rows, T, 10), ids(rows, T, 11), rows, seeds, mode);
    }

    /**
     * The memory of a pass at its peak is about what is reckoned. Of the smaller one, more or less is taken from what
     * earlier tests have freed and the process has kept.
     */
    @Test
    void thePeakOfMemoryIsThatOfOneLayer() throws IOException {
        assumeTrue(Files.isWritable(PEAK), "the peak of this process's memory can be set back");
        DecoderConfig shape = Gpt2Family.shape(24, 128, 4, 83, 128);
        AdapterLayout layout = new AdapterLayout(shape, new LoraConfig(4, 8, 0.1, Set.of(Target.ALL_LINEAR)));
        DecoderProgram program = new DecoderProgram(shape, AdamW.PAPER, Precision.FLOAT32, 0, on.device);
        try (FrozenBase base = new FrozenBase(noisy(shape, 5), program, on.device)) {
            double recomputed = peak(program, base, layout, true);
            double kept = peak(program, base, layout, false);
            System.out.printf("peak: %.0f MB kept, %.0f MB recomputed%n", kept / 1e6, recomputed / 1e6);
            assertThat(kept / reckoned(layout, false)).isBetween(0.7, 1.2);
            assertThat(recomputed / reckoned(layout, true)).isLessThan(1.3);
            assertThat(recomputed).isLessThan(kept / 4);
        }
    }

    private static double reckoned(AdapterLayout layout, boolean recompute) {
        return PassMemory.of(layout, 16, 128, 0, recompute, true).of(1);
    }

    /** Bytes by which a pass of 16 x 128 tokens lifts the peak of this process's memory. */
    private double peak(DecoderProgram program, FrozenBase base, AdapterLayout layout, boolean recompute)
            throws IOException {
        System.gc();
        Files.writeString(PEAK, "5");
        double before = status("VmRSS:");
        on.gradients(
                program,
                base,
                layout,
                List.of(adapter(2, layout)),
                ids(16, 128, 10),
                ids(16, 128, 11),
                16,
                new long[] {7},
                new PassMode(false, recompute));
        return status("VmHWM:") - before;
    }

    private static double status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
