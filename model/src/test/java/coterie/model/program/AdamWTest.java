package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import coterie.model.base.family.Gpt2Family;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamWTest {
    /**
     * A user of four parameters beside one of other rate and age: each follows its own recurrence, written out here
     * from the paper's definition.
     */
    @Test
    void eachRowFollowsDecoupledAdamWithItsOwnRateAndStep() {
        try (ComputeDevice device = ComputeDevice.of("cpu")) {
            Torch.prepareThread();
            AdamW o = new AdamW(0.9, 0.95, 1e-8, 0.1);
            DecoderProgram program =
                    new DecoderProgram(Gpt2Family.shape(1, 4, 1, 8, 4), o, Precision.FLOAT32, 0, device);
            NDManager m = device.root();
            double[][] w = {{1, -2, 0.5, 3}, {0.1, 0.2, -0.3, 0}};
            double[][] first = new double[2][4];
            double[][] second = new double[2][4];
            List<NDArray> rows = arrays(m, w);
            List<NDArray> ms = arrays(m, first);
            List<NDArray> vs = arrays(m, second);
            double[] rates = {0.01, 0.2};
            for (int t = 0; t < 5; t++) {
                float[] g = new float[8];
                for (int i = 0; i < 8; i++) {
                    g[i] = (float) Math.sin(1 + 3 * i + 7 * t);
                }
                program.update(
                        rows, ComputeDevice.array(m, g, 2, 4), ms, vs, rates, new double[] {t + 1, t + 11}, 0.5, m);
                for (int u = 0; u < 2; u++) {
                    int step = u == 0 ? t + 1 : t + 11;
                    for (int i = 0; i < 4; i++) {
                        double gi = 0.5 * g[4 * u + i];
                        w[u][i] *= 1 - rates[u] * o.weightDecay();
                        first[u][i] = o.beta1() * first[u][i] + (1 - o.beta1()) * gi;
                        second[u][i] = o.beta2() * second[u][i] + (1 - o.beta2()) * gi * gi;
                        double mHat = first[u][i] / (1 - Math.pow(o.beta1(), step));
                        double vHat = second[u][i] / (1 - Math.pow(o.beta2(), step));
                        w[u][i] -= rates[u] * mHat / (Math.sqrt(vHat) + o.epsilon());
                    }
                }
            }
            for (int u = 0; u < 2; u++) {
                for (int i = 0; i < 4; i++) {
                    assertThat((double) rows.get(u).toFloatArray()[i]).isCloseTo(w[u][i], within(1e-5));
                    assertThat((double) ms.get(u).toFloatArray()[i]).isCloseTo(first[u][i], within(1e-6));
                    assertThat((double) vs.get(u).toFloatArray()[i]).isCloseTo(second[u][i], within(1e-6));
                }
            }
        }
    }

    /** Four steps of torch.optim.AdamW (PyTorch 2.13) with the paper's settings. */
    @Test
    void fourStepsEndWherePyTorchsDo() {
        try (ComputeDevice device = ComputeDevice.of("cpu")) {
            Torch.prepareThread();
            DecoderProgram program =
                    new DecoderProgram(Gpt2Family.shape(1, 4, 1, 8, 4), AdamW.PAPER, Precision.FLOAT32, 0, device);
            NDManager m = device.root();
            List<NDArray> row = arrays(m, new double[][] {{1, -2, 0.5, 3}});
            List<NDArray> first = arrays(m, new double[1][4]);
            List<NDArray> second = arrays(m, new double[1][4]);
            for (int t = 0; t < 4; t++) {
                float[] g = new float[4];
                for (int i = 0; i < 4; i++) {
                    g[i] = (float) Math.sin(1 + 3 * i + 7 * t);
                }
                program.update(
                        row,
                        ComputeDevice.array(m, g, 1, 4),
                        first,
                        second,
                        new double[] {2e-3},
                        new double[] {t + 1},
                        1,
                        m);
            }
            assertThat(row.get(0).toFloatArray())
                    .containsExactly(new float[] {0.9924099f, -1.992273f, 0.49221456f, 3.0077665f}, within(1e-6f));
        }
    }

    /** Beside the program of a CPU, which updates one user after the other. */
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 0.25", "70, 1"})
    void theProgramOfAGpuUpdatesAllUsersTogetherToTheSameBits(int users, double factor) {
        int size = 1037;
        AdamW o = new AdamW(0.9, 0.95, 1e-8, 0.1);
        double[] rates = new double[users];
        double[] steps = new double[users];
        float[][][] found = new float[2][][];
        try (ComputeDevice device = ComputeDevice.of("cpu")) {
            Torch.prepareThread();
            NDManager m = device.root();
            for (boolean gpu : new boolean[] {false, true}) {
                DecoderProgram program = new DecoderProgram(
                        Gpt2Family.shape(1, 4, 1, 8, 4), o, Precision.FLOAT32, true, 0, device, m, gpu);
                RandomStream stream = RandomStream.of(1, Purpose.INITIAL_WEIGHTS);
                List<NDArray> rows = drawn(m, users, size, stream);
                List<NDArray> first = zeros(m, users, size);
                List<NDArray> second = zeros(m, users, size);
                for (int t = 0; t < 3; t++) {
                    for (int u = 0; u < users; u++) {
                        rates[u] = 1e-3 * (1 + u);
                        steps[u] = t + 1 + 5 * u;
                    }
                    // A row more than users, as in passes with an empty place.
                    NDArray gradient = NDArrays.stack(new NDList(drawn(m, users + 1, size, stream)));
                    program.update(rows, gradient, first, second, rates, steps, factor, m);
                }
                found[gpu ? 1 : 0] = Stream.of(rows, first, second)
                        .flatMap(List::stream)
                        .map(NDArray::toFloatArray)
                        .toArray(float[][]::new);
            }
        }
        assertThat(found[1]).isDeepEqualTo(found[0]);
    }

    private static List<NDArray> drawn(NDManager m, int users, int size, RandomStream stream) {
        return IntStream.range(0, users)
                .mapToObj(u -> {
                    float[] row = new float[size];
                    for (int i = 0; i < size; i++) {
                        row[i] = (float) stream.gaussian();
                    }
                    return ComputeDevice.array(m, row, size);
                })
                .toList();
    }

    private static List<NDArray> zeros(NDManager m, int users, int size) {
        return IntStream.range(0, users)
                .mapToObj(u -> ComputeDevice.array(m, new float[size], size))
                .toList();
    }

    private static List<NDArray> arrays(NDManager m, double[][] values) {
        return java.util.Arrays.stream(values)
                .map(v -> {
                    float[] f = new float[v.length];
                    for (int i = 0; i < f.length; i++) {
                        f[i] = (float) v[i];
                    }
                    return ComputeDevice.array(m, f, f.length);
                })
                .toList();
    }
}
