package coterie.model.base;

import coterie.model.files.NamedArrays;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A base's parameters in Java's memory, in the order of {@link DecoderConfig#arrays}. */
public record MemoryWeights(DecoderConfig config, List<float[]> arrays) implements BaseWeights {
    /**
     * Weights as GPT-2's training starts them: normal with standard deviation 0.02, those of residual projections
     * 0.02/√(2·layers); biases 0, gains such that a norm multiplies by 1.
     */
    public static MemoryWeights random(DecoderConfig config, long seed) {
        List<float[]> arrays = new ArrayList<>();
        List<BaseArray> layout = config.arrays();
        boolean fromOne = config.norms().kind() == DecoderConfig.NormKind.RMS_FROM_ONE;
        for (int k = 0; k < layout.size(); k++) {
            BaseArray a = layout.get(k);
            float[] values = new float[a.size()];
            switch (a.kind()) {
                case GAIN -> Arrays.fill(values, fromOne ? 0 : 1);
                case BIAS, LINEAR_BIAS -> {}
                default -> {
                    double sd = a.kind() == BaseArray.Kind.RESIDUAL_WEIGHT
                            ? 0.02 / StrictMath.sqrt(2.0 * config.blocks())
                            : 0.02;
                    RandomStream stream = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, -2, k);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (sd * stream.gaussian());
                    }
                }
            }
            arrays.add(values);
        }
        return new MemoryWeights(config, arrays);
    }

    /**
     * Reads all parameters into memory.
     *
     * @throws coterie.model.text.DataException if they cannot be read
     */
    public static MemoryWeights of(BaseWeights weights) {
        List<BaseArray> layout = weights.config().arrays();
        Map<String, float[]> all = new LinkedHashMap<>();
        layout.forEach(a -> all.put(a.name(), new float[a.size()]));
        weights.read(p -> {
            float[] to = all.get(p.array().name());
            float[] numbers = p.floats();
            int rows = p.array().shape()[0];
            for (int i = 0; i < p.count(); i++) {
                int at = p.at() + i;
                to[p.transposed() ? at % rows * (to.length / rows) + at / rows : at] = numbers[i];
            }
        });
        return new MemoryWeights(weights.config(), List.copyOf(all.values()));
    }

    @Override
    public Map<String, Long> types() {
        return Map.of(NumberType.F32.name(), (long) arrays.size());
    }

    @Override
    public MemoryWeights as(DecoderConfig other) {
        return new MemoryWeights(other, arrays);
    }

    @Override
    public void read(Sink to) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * NamedArrays.PIECE).order(ByteOrder.LITTLE_ENDIAN);
        List<BaseArray> layout = config.arrays();
        for (int k = 0; k < layout.size(); k++) {
            float[] values = arrays.get(k);
            int n;
            for (int at = 0; at < values.length; at += n) {
                n = Math.min(NamedArrays.PIECE, values.length - at);
                bytes.clear().limit(4 * n);
                bytes.asFloatBuffer().put(values, at, n);
                to.piece(new Piece(layout.get(k), false, at, n, NumberType.F32, bytes));
            }
        }
    }

    /** Writes {@code model.safetensors} with the names and the orientation of Hugging Face's files. */
    public void write(Path file, NumberType type, Map<String, String> metadata) throws IOException {
        Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
        ModuleNames names = config.family().names();
        List<BaseArray> layout = config.arrays();
        for (int k = 0; k < layout.size(); k++) {
            BaseArray a = layout.get(k);
            int[] s = a.shape();
            tensors.put(
                    names.array(a),
                    names.transposes(a)
                            ? new SafeTensors.Tensor(new int[] {s[1], s[0]}, transpose(arrays.get(k), s[0], s[1]))
                            : new SafeTensors.Tensor(s, arrays.get(k)));
        }
        Map<String, String> meta = new LinkedHashMap<>(metadata);
        meta.put("format", "pt");
        SafeTensors.write(file, tensors, type, meta);
    }

    /** All parameters as one array, in order. */
    public float[] flat() {
        float[] row = new float[Math.toIntExact(config.parameters())];
        int at = 0;
        for (float[] a : arrays) {
            System.arraycopy(a, 0, row, at, a.length);
            at += a.length;
        }
        return row;
    }

    /** The inverse of {@link #flat}. */
    public static MemoryWeights ofFlat(DecoderConfig config, float[] row) {
        List<float[]> arrays = new ArrayList<>();
        int at = 0;
        for (BaseArray a : config.arrays()) {
            arrays.add(Arrays.copyOfRange(row, at, at + a.size()));
            at += a.size();
        }
        if (at != row.length) {
            throw new IllegalArgumentException("a base of this shape has " + at + " parameters, given " + row.length);
        }
        return new MemoryWeights(config, arrays);
    }

    private static float[] transpose(float[] a, int rows, int columns) {
        float[] t = new float[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = a[i * columns + j];
            }
        }
        return t;
    }
}
