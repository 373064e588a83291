package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.Gpt2Config;
import coterie.model.base.Gpt2Weights;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2ProgramTest {
    private static final Gpt2Config SHAPE = Gpt2Config.of(2, 16, 2, 83, 12);
    private static final LoraConfig LORA = LoraConfig.of(3, 6);
    private static final AdapterLayout LAYOUT = new AdapterLayout(SHAPE, LORA);
    private static final Gpt2Weights WEIGHTS = noisy(SHAPE, 5);
    private static ComputeDevice device;
    private static Gpt2Program program;
    private static Gpt2Base base;

    @BeforeAll
    static void load() {
        device = ComputeDevice.of("cpu");
        program = new Gpt2Program(SHAPE, LAYOUT, AdamW.PAPER, Precision.FLOAT32, 0, device);
        base = new Gpt2Base(WEIGHTS, Precision.FLOAT32, program, device);
    }

    @BeforeEach
    void thread() {
        Torch.prepareThread();
    }

    @AfterAll
    static void unload() {
        base.close();
        device.close();
    }

    @Test
    void logitsEqualTheFloat64Reference() {
        float[] adapter = adapter(1);
        long[] ids = ids(1, 12, 9);
        double[][] expected = new ReferenceGpt2(WEIGHTS, LAYOUT).logits(ids, widen(adapter));
        try (NDManager m = device.root().newSubManager()) {
            NDArray out = program.logits(
                    m.create(ids, new Shape(1, 12)),
                    ComputeDevice.array(m, adapter, LAYOUT.size()),
                    base,
                    m.arange(0, 12, 1, ai.djl.ndarray.types.DataType.INT64),
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
    void gradientsAgreeWithFiniteDifferencesOfTheFloat64Reference() {
        float[] adapter = adapter(2);
        long[] ids = ids(2, 12, 10);
        long[] targets = ids(2, 12, 11);
        targets[3] = -1;
        Result r = gradients(program, List.of(adapter), ids, targets, 2, new long[0]);
        ReferenceGpt2 reference = new ReferenceGpt2(WEIGHTS, LAYOUT);
        long[][] x = split(ids, 12);
        long[][] y = split(targets, 12);
        double[] at = widen(adapter);
        assertThat((double) r.loss[0]).isCloseTo(reference.loss(x, y, at), within(1e-5));
        RandomStream pick = RandomStream.of(7, Purpose.BATCH);
        double largest = 0;
        for (float g : r.gradient) {
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
            assertThat((double) r.gradient[k])
                    .as("parameter %d", k)
                    .isCloseTo((up - down) / (2 * step), within(2e-5 * largest));
        }
    }

    /**
     * The gradient is written out by hand: along each part's own gradient the loss must rise as it says, with every
     * kind of dropout on.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsUnderDropoutAreThoseOfTheLossUnderTheSameMasks(boolean exactGelu) {
        AdapterLayout layout = new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.2, Set.of(Target.values())));
        Gpt2Program dropping =
                new Gpt2Program(SHAPE.withExactGelu(exactGelu), layout, AdamW.PAPER, Precision.FLOAT32, 0.15, device);
        float[] adapter = adapter(2);
        long[] ids = ids(4, 12, 10);
        long[] targets = ids(4, 12, 11);
        long[] seeds = {77};
        float[] gradient = gradients(dropping, List.of(adapter), ids, targets, 4, seeds).gradient;
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
                        slopes[n] +=
                                side * gradients(dropping, List.of(moved), ids, targets, 4, seeds).loss[0] / (2 * step);
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
        Gpt2Config wide = Gpt2Config.of(1, 48, 2, 5003, 12);
        AdapterLayout layout = new AdapterLayout(wide, LORA);
        Gpt2Weights weights = noisy(wide, 6);
        Gpt2Program p = new Gpt2Program(wide, layout, AdamW.PAPER, Precision.FLOAT32, 0, device);
        float[] adapter = adapter(3, layout);
        RandomStream s = RandomStream.of(4, Purpose.BATCH);
        long[] ids = java.util.stream.LongStream.generate(() -> s.below(5003))
                .limit(100 * 12)
                .toArray();
        long[] targets = java.util.stream.LongStream.generate(() -> s.below(5003))
                .limit(100 * 12)
                .toArray();
        try (Gpt2Base b = new Gpt2Base(weights, Precision.FLOAT32, p, device)) {
            Result all = gradients(p, b, List.of(adapter), ids, targets, 100, new long[0]);
            double[] at = widen(adapter);
            ReferenceGpt2 reference = new ReferenceGpt2(weights, layout);
            assertThat((double) all.loss[0])
                    .isCloseTo(reference.loss(split(ids, 12), split(targets, 12), at), within(1e-5));
            Result[] halves = new Result[2];
            for (int h = 0; h < 2; h++) {
                halves[h] = gradients(
                        p,
                        b,
                        List.of(adapter),
                        java.util.Arrays.copyOfRange(ids, 600 * h, 600 * h + 600),
                        java.util.Arrays.copyOfRange(targets, 600 * h, 600 * h + 600),
                        50,
                        new long[0]);
            }
            for (int i = 0; i < layout.size(); i++) {
                assertThat(all.gradient[i])
                        .isCloseTo((halves[0].gradient[i] + halves[1].gradient[i]) / 2, within(1e-6f));
            }
            int k = layout.parts().get(1).offsetB();
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += 1e-5;
            down[k] -= 1e-5;
            double slope = (reference.loss(split(ids, 12), split(targets, 12), up)
                            - reference.loss(split(ids, 12), split(targets, 12), down))
                    / 2e-5;
            assertThat((double) all.gradient[k]).isCloseTo(slope, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void aUsersGradientHasTheSameBitsAloneAndStacked(int users) {
        List<float[]> adapters = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            adapters.add(adapter(u));
        }
        long[] ids = ids(2 * users, 12, 3);
        long[] targets = ids(2 * users, 12, 4);
        long[] seeds = java.util.stream.LongStream.range(40, 40 + users).toArray();
        Gpt2Program dropping = new Gpt2Program(
                SHAPE,
                new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.1, Set.of(Target.values()))),
                AdamW.PAPER,
                Precision.FLOAT32,
                0.1,
                device);
        Result all = gradients(dropping, adapters, ids, targets, 2 * users, seeds);
        for (int u = 0; u < users; u++) {
            Result one = gradients(
                    dropping,
                    List.of(adapters.get(u)),
                    java.util.Arrays.copyOfRange(ids, 24 * u, 24 * u + 24),
                    java.util.Arrays.copyOfRange(targets, 24 * u, 24 * u + 24),
                    2,
                    new long[] {seeds[u]});
            assertThat(java.util.Arrays.copyOfRange(all.gradient, u * LAYOUT.size(), (u + 1) * LAYOUT.size()))
                    .isEqualTo(one.gradient);
            assertThat(all.loss[u]).isEqualTo(one.loss[0]);
        }
    }

    @Test
    void dropoutFollowsTheSeedAloneAndKeepsTheMean() {
        Gpt2Program dropping = new Gpt2Program(
                SHAPE,
                new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.25, Set.of(Target.values()))),
                AdamW.PAPER,
                Precision.FLOAT32,
                0,
                device);
        float[] adapter = adapter(1);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        Result a = gradients(dropping, List.of(adapter), ids, targets, 2, new long[] {7});
        assertThat(gradients(dropping, List.of(adapter), ids, targets, 2, new long[] {7}).gradient)
                .isEqualTo(a.gradient);
        assertThat(gradients(dropping, List.of(adapter), ids, targets, 2, new long[] {8}).gradient)
                .isNotEqualTo(a.gradient);
        // With a small adapter the loss is nearly linear in the masks, so that their mean must show in the mean loss.
        float[] small = adapter.clone();
        for (int i = 0; i < small.length; i++) {
            small[i] *= 0.2f;
        }
        double mean = 0;
        for (int s = 0; s < 400; s++) {
            mean += gradients(dropping, List.of(small), ids, targets, 2, new long[] {100 + 500L * s}).loss[0] / 400;
        }
        double plain = gradients(program, List.of(small), ids, targets, 2, new long[0]).loss[0];
        double without = gradients(program, List.of(new float[LAYOUT.size()]), ids, targets, 2, new long[0]).loss[0];
        assertThat(mean).isCloseTo(plain, within(0.1 * Math.abs(plain - without)));
    }

    @Test
    void placesThatAreNotTargetsGetNoParametersAndNoEffect() {
        LoraConfig attention = new LoraConfig(3, 6, 0, Set.of(Target.ATTENTION));
        AdapterLayout layout = new AdapterLayout(SHAPE, attention);
        Gpt2Program half = new Gpt2Program(SHAPE, layout, AdamW.PAPER, Precision.FLOAT32, 0, device);
        float[] adapter = new float[layout.size()];
        RandomStream s = RandomStream.of(3, Purpose.INITIAL_WEIGHTS);
        for (int i = 0; i < adapter.length; i++) {
            adapter[i] = (float) (0.1 * s.gaussian());
        }
        long[] ids = ids(1, 12, 3);
        long[] targets = ids(1, 12, 4);
        float loss = gradients(half, List.of(adapter), ids, targets, 1, new long[0]).loss[0];
        assertThat((double) loss)
                .isCloseTo(
                        new ReferenceGpt2(WEIGHTS, layout).loss(split(ids, 12), split(targets, 12), widen(adapter)),
                        within(1e-5));
    }

    @Test
    void bfloat16GradientsPointTheSameWayWhicheverMultiplies() {
        float[] adapter = adapter(1);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        float[] exact = gradients(program, List.of(adapter), ids, targets, 2, new long[0]).gradient;
        List<float[]> near = new ArrayList<>();
        for (boolean multiplies : new boolean[] {true, false}) {
            Gpt2Program rounded =
                    new Gpt2Program(SHAPE, LAYOUT, AdamW.PAPER, Precision.BFLOAT16, multiplies, 0, device);
            try (Gpt2Base half = new Gpt2Base(WEIGHTS, Precision.BFLOAT16, rounded, device)) {
                near.add(gradients(rounded, half, List.of(adapter), ids, targets, 2, new long[0]).gradient);
            }
        }
        assertThat(cosine(exact, near.get(0))).isGreaterThan(0.999).isLessThan(1 - 1e-9);
        assertThat(cosine(exact, near.get(1))).isGreaterThan(0.999).isLessThan(1 - 1e-9);
        // Some processors round once more, after the bias was added.
        assertThat(cosine(near.get(0), near.get(1))).isGreaterThan(0.999);
    }

    @Test
    void aBaseInBfloat16HasTheSameGradientWhicheverMultiplies() {
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        List<float[]> gradients = new ArrayList<>();
        try (NDManager m = device.root().newSubManager()) {
            NDArray flat = ComputeDevice.array(m, WEIGHTS.flat(), WEIGHTS.flat().length);
            for (boolean multiplies : new boolean[] {true, false}) {
                gradients.add(new Gpt2Program(SHAPE, null, AdamW.PAPER, Precision.BFLOAT16, multiplies, 0, device)
                        .baseGradients(m.create(ids, new Shape(2, 12)), m.create(targets, new Shape(2, 12)), flat, m)
                        .gradient()
                        .toFloatArray());
            }
        }
        assertThat(cosine(gradients.get(0), gradients.get(1))).isGreaterThan(0.999);
    }

    @Test
    void lossesAndGradientsSeeTheSameLoss() {
        float[] adapter = adapter(4);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        targets[5] = -1;
        float mean = gradients(program, List.of(adapter), ids, targets, 2, new long[0]).loss[0];
        try (NDManager m = device.root().newSubManager()) {
            float[] each = program.losses(
                            m.create(ids, new Shape(2, 12)),
                            m.create(targets, new Shape(2, 12)),
                            ComputeDevice.array(m, adapter, LAYOUT.size()),
                            base,
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
    void dropoutOfAttentionCanStayOnWhereNothingIsTrained() {
        Gpt2Program released = new Gpt2Program(SHAPE, LAYOUT, AdamW.PAPER, Precision.FLOAT32, 0.2, device);
        float[] adapter = adapter(4);
        try (NDManager m = device.root().newSubManager()) {
            NDArray x = m.create(ids(2, 12, 3), new Shape(2, 12));
            NDArray y = m.create(ids(2, 12, 4), new Shape(2, 12));
            NDArray row = ComputeDevice.array(m, adapter, LAYOUT.size());
            float[] quiet = released.losses(x, y, row, base, m).toFloatArray();
            assertThat(quiet).isEqualTo(program.losses(x, y, row, base, m).toFloatArray());
            float[] noisy = released.losses(x, y, row, base, new long[] {5}, m).toFloatArray();
            assertThat(noisy)
                    .isNotEqualTo(quiet)
                    .isEqualTo(
                            released.losses(x, y, row, base, new long[] {5}, m).toFloatArray());
            assertThat(released.losses(x, y, row, base, new long[] {6}, m).toFloatArray())
                    .isNotEqualTo(noisy);
            assertThat(program.losses(x, y, row, base, new long[] {5}, m).toFloatArray())
                    .as("there is none to leave on")
                    .isEqualTo(quiet);
            NDArray at = m.create(new long[] {3, 20});
            assertThat(released.topLogits(x, row, base, at, 5, new long[] {5}, m)
                            .get(0)
                            .toFloatArray())
                    .isNotEqualTo(
                            released.topLogits(x, row, base, at, 5, m).get(0).toFloatArray());
        }
    }

    @Test
    void topLogitsAreTheLargestInFallingOrder() {
        float[] adapter = adapter(4);
        long[] ids = ids(1, 12, 3);
        try (NDManager m = device.root().newSubManager()) {
            NDArray x = m.create(ids, new Shape(1, 12));
            NDArray row = ComputeDevice.array(m, adapter, LAYOUT.size());
            NDArray at = m.create(new long[] {11});
            float[] all = program.logits(x, row, base, at, m).toFloatArray();
            var top = program.topLogits(x, row, base, at, 5, m);
            float[] values = top.get(0).toFloatArray();
            long[] tokens = top.get(1).toLongArray();
            float[] sorted = all.clone();
            java.util.Arrays.sort(sorted);
            for (int i = 0; i < 5; i++) {
                assertThat(values[i]).isEqualTo(sorted[sorted.length - 1 - i]).isEqualTo(all[(int) tokens[i]]);
            }
        }
    }

    @Test
    void theBaseGradientAgreesWithFiniteDifferences() {
        Gpt2Program alone = new Gpt2Program(SHAPE, null, AdamW.PAPER, Precision.FLOAT32, 0, device);
        AdapterLayout layout = LAYOUT;
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        float[] flat = WEIGHTS.flat();
        try (NDManager m = device.root().newSubManager()) {
            Gpt2Program.Gradients g = alone.baseGradients(
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
                double up = new ReferenceGpt2(Gpt2Weights.ofFlat(SHAPE, flat), layout)
                        .loss(split(ids, 12), split(targets, 12), none);
                float above = flat[k];
                flat[k] = keep - 1e-3f;
                double down = new ReferenceGpt2(Gpt2Weights.ofFlat(SHAPE, flat), layout)
                        .loss(split(ids, 12), split(targets, 12), none);
                double width = (double) above - flat[k];
                flat[k] = keep;
                assertThat((double) gradient[k]).isCloseTo((up - down) / width, within(2e-4));
            }
        }
    }

    // ---- helpers

    private static double cosine(float[] x, float[] y) {
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < x.length; i++) {
            dot += (double) x[i] * y[i];
            a += (double) x[i] * x[i];
            b += (double) y[i] * y[i];
        }
        return dot / Math.sqrt(a * b);
    }

    record Result(float[] loss, float[] gradient) {}

    private static Result gradients(
            Gpt2Program p, List<float[]> adapters, long[] ids, long[] targets, int rows, long[] seeds) {
        return gradients(p, base, adapters, ids, targets, rows, seeds);
    }

    private static Result gradients(
            Gpt2Program p, Gpt2Base b, List<float[]> adapters, long[] ids, long[] targets, int rows, long[] seeds) {
        try (NDManager m = device.root().newSubManager()) {
            List<NDArray> list = new ArrayList<>();
            for (float[] a : adapters) {
                list.add(ComputeDevice.array(m, a, a.length));
            }
            Gpt2Program.Gradients g = p.gradients(
                    m.create(ids, new Shape(rows, ids.length / rows)),
                    m.create(targets, new Shape(rows, ids.length / rows)),
                    list,
                    seeds,
                    b,
                    m);
            return new Result(g.loss().toFloatArray(), g.gradient().toFloatArray());
        }
    }

    private static Gpt2Weights noisy(Gpt2Config c, long seed) {
        Gpt2Weights w = Gpt2Weights.random(c, seed);
        RandomStream s = RandomStream.of(seed, Purpose.GRAMMAR);
        for (float[] a : w.arrays()) {
            for (int i = 0; i < a.length; i++) {
                a[i] += (float) (0.15 * s.gaussian());
            }
        }
        return w;
    }

    private static float[] adapter(long seed) {
        return adapter(seed, LAYOUT);
    }

    private static float[] adapter(long seed, AdapterLayout layout) {
        RandomStream s = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, 99);
        float[] row = new float[layout.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (0.2 * s.gaussian());
        }
        return row;
    }

    private static long[] ids(int rows, int length, long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.BATCH);
        long[] ids = new long[rows * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = s.below(SHAPE.vocabulary());
        }
        return ids;
    }

    private static long[][] split(long[] flat, int length) {
        long[][] rows = new long[flat.length / length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = java.util.Arrays.copyOfRange(flat, i * length, (i + 1) * length);
        }
        return rows;
    }

    private static double[] widen(float[] a) {
        double[] d = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            d[i] = a[i];
        }
        return d;
    }
}
