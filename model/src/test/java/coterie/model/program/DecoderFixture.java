package coterie.model.program;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small base and its program on the CPU, with what tests feed them. */
final class DecoderFixture implements AutoCloseable {
    static final DecoderConfig SHAPE = Gpt2Family.shape(2, 16, 2, 83, 12);
    static final LoraConfig LORA = LoraConfig.of(3, 6);
    static final AdapterLayout LAYOUT = new AdapterLayout(SHAPE, LORA);
    static final MemoryWeights WEIGHTS = noisy(SHAPE, 5);
    final ComputeDevice device = ComputeDevice.of("cpu");
    final DecoderProgram program = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0, device);
    final FrozenBase base = new FrozenBase(WEIGHTS, program, device);

    DecoderFixture() {
        Torch.prepareThread();
    }

    @Override
    public void close() {
        base.close();
        device.close();
    }

    /** Loss [U] and gradient [U · P]. */
    record Result(float[] loss, float[] gradient) {}

    Result gradients(AdapterLayout layout, List<float[]> adapters, long[] ids, long[] targets, int rows, long[] seeds) {
        return gradients(program, base, layout, adapters, ids, targets, rows, seeds);
    }

    Result gradients(
            DecoderProgram p,
            FrozenBase b,
            AdapterLayout layout,
            List<float[]> adapters,
            long[] ids,
            long[] targets,
            int rows,
            long[] seeds) {
        return gradients(p, b, layout, adapters, ids, targets, rows, seeds, PassMode.PLAIN);
    }

    Result gradients(
            DecoderProgram p,
            FrozenBase b,
            AdapterLayout layout,
            List<float[]> adapters,
            long[] ids,
            long[] targets,
            int rows,
            long[] seeds,
            PassMode mode) {
        try (NDManager m = device.root().newSubManager()) {
            List<NDArray> list = new ArrayList<>();
            for (float[] a : adapters) {
                list.add(ComputeDevice.array(m, a, a.length));
            }
            DecoderProgram.Gradients g = p.gradients(
                    m.create(ids, new Shape(rows, ids.length / rows)),
                    m.create(targets, new Shape(rows, ids.length / rows)),
                    layout,
                    list,
                    seeds,
                    b,
                    mode,
                    m);
            return new Result(g.loss().toFloatArray(), g.gradient().toFloatArray());
        }
    }

    static double cosine(float[] x, float[] y) {
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < x.length; i++) {
            dot += (double) x[i] * y[i];
            a += (double) x[i] * x[i];
            b += (double) y[i] * y[i];
        }
        return dot / Math.sqrt(a * b);
    }

    static MemoryWeights noisy(DecoderConfig c, long seed) {
        MemoryWeights w = MemoryWeights.random(c, seed);
        RandomStream s = RandomStream.of(seed, Purpose.GRAMMAR);
        for (float[] a : w.arrays()) {
            for (int i = 0; i < a.length; i++) {
                a[i] += (float) (0.15 * s.gaussian());
            }
        }
        return w;
    }

    static float[] adapter(long seed) {
        return adapter(seed, LAYOUT);
    }

    static float[] adapter(long seed, AdapterLayout layout) {
        RandomStream s = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, 99);
        float[] row = new float[layout.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (0.2 * s.gaussian());
        }
        return row;
    }

    static long[] ids(int rows, int length, long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.BATCH);
        long[] ids = new long[rows * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = s.below(SHAPE.vocabulary());
        }
        return ids;
    }

    static long[][] split(long[] flat, int length) {
        long[][] rows = new long[flat.length / length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * length, (i + 1) * length);
        }
        return rows;
    }

    static double[] widen(float[] a) {
        double[] d = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            d[i] = a[i];
        }
        return d;
    }
}
