package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.BaseArray;
import coterie.model.base.BaseConfig;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.TorchScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a base: {@code decoder.py} and the blocks of the base's family, compiled for one device with the sizes
 * of a configuration filled in. Arguments and results are described there; here every native array gets an owner.
 *
 * <p>Nothing in it depends on an adapter's layout, which is an argument of every call.
 */
public final class DecoderProgram {
    /** No dropout of attention in evaluation. */
    public static final long[] QUIET = {};

    private static final Pattern WORD = Pattern.compile("\\$\\{(\\w+)}");
    /** Rows and words of the largest tile of logits on a CPU. */
    private static final int CPU_ROWS = 1024;

    private static final int CPU_WORDS = 2048;
    /**
     * Weights of the head that belong to a tile: 3 MB, still in the last-level cache when the gradient reads them a
     * second time.
     */
    private static final int CPU_WEIGHTS = 786432;
    /** The same on a GPU: large enough to keep it busy. */
    private static final int GPU_ROWS = 4096;

    private static final int GPU_WORDS = 16384;
    /** Activations of a tile of GELU: 786 kB, which a core's cache holds. */
    private static final int GELU_TILE = 196608;
    /** GELU's approximation x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) is x · sigmoid(linear x + cubic x³). */
    private static final double GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);

    private static final double GELU_CUBIC = 0.044715 * GELU_LINEAR;
    private static final Logger LOG = LoggerFactory.getLogger(DecoderProgram.class);
    private final TorchScript script;
    private final String arithmetic;
    private final boolean multiplies;

    /**
     * Compiles the program.
     *
     * @param baseDropout probability of the base's own dropout in training, in [0, 1)
     */
    public DecoderProgram(
            BaseConfig config, AdamW optimiser, Precision precision, double baseDropout, ComputeDevice device) {
        this(config, optimiser, precision, multiplies(precision, device), baseDropout, device);
    }

    /**
     * Compiles the program with the arithmetic given.
     *
     * @param multiplies whether products are computed in {@code precision}; if not, in float32 from numbers rounded to
     *     it
     */
    DecoderProgram(
            BaseConfig config,
            AdamW optimiser,
            Precision precision,
            boolean multiplies,
            double baseDropout,
            ComputeDevice device) {
        if (baseDropout < 0 || baseDropout >= 1) {
            throw new IllegalArgumentException("base_dropout must lie in [0, 1), found " + baseDropout);
        }
        script =
                TorchScript.compile(text(config, optimiser, precision, multiplies, baseDropout, device), device.root());
        this.multiplies = multiplies;
        arithmetic = precision.name().toLowerCase(Locale.ROOT) + (multiplies ? "" : " multiplied in float32");
    }

    private static boolean multiplies(Precision precision, ComputeDevice device) {
        if (precision == Precision.FLOAT32 || device.multipliesBfloat16()) {
            return true;
        }
        LOG.warn("this processor cannot multiply in bfloat16: what is rounded to it is multiplied in float32, "
                + "no faster than precision float32");
        return false;
    }

    /**
     * The arithmetic of products with the base: the precision, and its replacement on a device that does not have it.
     */
    public String arithmetic() {
        return arithmetic;
    }

    boolean multiplies() {
        return multiplies;
    }

    /** Words in a tile of the head. */
    static int tileWords(BaseConfig c, ComputeDevice device) {
        return device.isCpu() ? Math.max(64, Math.min(CPU_WORDS, CPU_WEIGHTS / c.width() / 64 * 64)) : GPU_WORDS;
    }

    private static String text(
            BaseConfig c, AdamW o, Precision precision, boolean multiplies, double baseDropout, ComputeDevice device) {
        List<BaseArray> arrays = c.arrays();
        Map<String, String> fill = new HashMap<>(c.script());
        fill.put("device", device.name());
        fill.put("bfloat16", bool(precision == Precision.BFLOAT16 && multiplies));
        fill.put("rounded", bool(precision == Precision.BFLOAT16 && !multiplies));
        fill.put("base_dropout", real(baseDropout));
        fill.put("layers", String.valueOf(c.layers()));
        fill.put("width", String.valueOf(c.width()));
        fill.put("head", c.head());
        fill.put("vocabulary", String.valueOf(c.vocabulary()));
        fill.put("padded_vocabulary", String.valueOf(c.paddedVocabulary()));
        fill.put("tile_of_one_user", bool(device.isCpu()));
        fill.put("tile_rows", String.valueOf(device.isCpu() ? CPU_ROWS : GPU_ROWS));
        fill.put("tile_words", String.valueOf(tileWords(c, device)));
        fill.put("gelu_by_sigmoid", bool(device.isCpu() && "tanh".equals(fill.get("gelu"))));
        fill.put("gelu_linear", real(GELU_LINEAR));
        fill.put("gelu_cubic", real(GELU_CUBIC));
        fill.put("gelu_tile", String.valueOf(GELU_TILE));
        fill.put("beta1", real(o.beta1()));
        fill.put("beta2", real(o.beta2()));
        fill.put("adam_epsilon", real(o.epsilon()));
        fill.put("weight_decay", real(o.weightDecay()));
        fill.put("base_names", list(arrays, a -> '"' + a.name() + '"'));
        fill.put("base_shapes", list(arrays, a -> Arrays.toString(a.shape())));
        fill.put("base_sizes", list(arrays, a -> String.valueOf(a.size())));
        fill.put("base_linear", list(arrays, a -> bool(a.linear())));
        int sizes = 2 * c.layers() * c.family().projections().size();
        fill.put("no_adapter", Collections.nCopies(sizes, 0).toString());
        return WORD.matcher(source() + "\n" + c.family().script())
                .replaceAll(m -> Matcher.quoteReplacement(Objects.requireNonNull(fill.get(m.group(1)), m.group(1))));
    }

    private static String list(List<BaseArray> arrays, Function<BaseArray, String> of) {
        return arrays.stream().map(of).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String bool(boolean b) {
        return b ? "True" : "False";
    }

    private static String real(double x) {
        return String.format(Locale.ROOT, "%.17g", x);
    }

    private static String source() {
        try (InputStream in = DecoderProgram.class.getResourceAsStream("decoder.py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of a backward pass over U users. */
    public record Gradients(NDArray loss, NDArray gradient) {}

    /**
     * The arrays of a base as the program takes them, by name.
     *
     * @return an object of the program, which belongs to the caller
     */
    IValue base(Map<String, NDArray> arrays) {
        Map<String, PtNDArray> natives = new LinkedHashMap<>();
        arrays.forEach((name, a) -> natives.put(name, (PtNDArray) a));
        try (IValue all = IValue.stringMapFrom(natives)) {
            return script.make("base", all);
        }
    }

    /**
     * Mean cross-entropy [U] and gradient [U, P] of U users in one pass.
     *
     * @param ids int64 [U·b, T], a user's rows together
     * @param targets int64 [U·b, T], negative where not counted
     * @param layout of the users' adapters
     * @param rows the users' adapters, each [P]; U of them
     * @param seeds of the users' dropout masks; empty for none
     */
    public Gradients gradients(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            long[] seeds,
            FrozenBase base,
            NDManager results) {
        return gradients(ids, targets, layout, rows, seeds, base.arrays(), false, results);
    }

    /**
     * The same, with a choice of how products with the base are computed.
     *
     * @param apart whether they are computed for one user at a time: slower, but a user's result then does not depend
     *     on the number of users, even if the bits of a product depend on its number of rows
     */
    public Gradients gradients(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            long[] seeds,
            FrozenBase base,
            boolean apart,
            NDManager results) {
        return gradients(ids, targets, layout, rows, seeds, base.arrays(), apart, results);
    }

    Gradients gradients(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            long[] seeds,
            IValue base,
            boolean apart,
            NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(rows);
                IValue l = of(layout);
                IValue s = IValue.listFrom(seeds);
                IValue a = IValue.from(apart)) {
            NDList out = script.call("gradients", results, i, t, r, l, s, base, a);
            return new Gradients(out.get(0), out.get(1));
        }
    }

    /**
     * One AdamW step in place for each of U users.
     *
     * @param gradient [U, P], multiplied by {@code factor} first
     * @param expAvg first moments, U arrays [P]
     * @param expAvgSq second moments, U arrays [P]
     * @param rates learning rate of each user
     * @param steps number of each user's step, the first being 1
     */
    public void update(
            List<NDArray> rows,
            NDArray gradient,
            List<NDArray> expAvg,
            List<NDArray> expAvgSq,
            double[] rates,
            double[] steps,
            double factor,
            NDManager scratch) {
        try (IValue w = of(rows);
                IValue g = of(gradient);
                IValue m = of(expAvg);
                IValue v = of(expAvgSq);
                IValue lr = IValue.listFrom(rates);
                IValue st = IValue.listFrom(steps);
                IValue f = IValue.from(factor)) {
            script.call("update", scratch, w, g, m, v, lr, st, f).close();
        }
    }

    /**
     * Negative log likelihood [b·T] of every target under one adapter, in nats; 0 where a target is negative.
     *
     * @param noise seed of the dropout of attention, which the paper's released code leaves on in evaluation;
     *     {@link #QUIET} for none
     */
    public NDArray losses(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            NDArray row,
            FrozenBase base,
            long[] noise,
            NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(row);
                IValue l = of(layout);
                IValue n = IValue.listFrom(noise)) {
            return script.call("losses", results, i, t, r, l, base.arrays(), n).get(0);
        }
    }

    /** Logits [M, V] at M positions (int64) of the flattened batch. No dropout. */
    public NDArray logits(
            NDArray ids, AdapterLayout layout, NDArray row, FrozenBase base, NDArray positions, NDManager results) {
        try (IValue i = of(ids);
                IValue r = of(row);
                IValue l = of(layout);
                IValue p = of(positions);
                IValue n = IValue.listFrom(QUIET)) {
            return script.call("logits", results, i, r, l, base.arrays(), p, n).get(0);
        }
    }

    /**
     * The k largest logits and their token ids, [M, k] float32 and int64, at M positions of the flattened batch.
     *
     * @param noise seed of the dropout of attention, as of {@link #losses}
     */
    public NDList topLogits(
            NDArray ids,
            AdapterLayout layout,
            NDArray row,
            FrozenBase base,
            NDArray positions,
            int k,
            long[] noise,
            NDManager results) {
        try (IValue i = of(ids);
                IValue r = of(row);
                IValue l = of(layout);
                IValue p = of(positions);
                IValue n = IValue.from((long) k);
                IValue s = IValue.listFrom(noise)) {
            return script.call("top_logits", results, i, r, l, base.arrays(), p, n, s);
        }
    }

    /** Mean cross-entropy and gradient [Q] of a whole base given as one flat array: full-parameter training. */
    public Gradients baseGradients(NDArray ids, NDArray targets, NDArray flat, NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue f = of(flat)) {
            NDList out = script.call("base_gradients", results, i, t, f);
            return new Gradients(out.get(0), out.get(1));
        }
    }

    /** Overwrites an array on its device. DJL's own methods for this make libtorch print a warning. */
    public void assign(NDArray row, float[] values) {
        try (NDManager scratch = row.getManager().newSubManager();
                IValue target = of(row);
                IValue source = of(ComputeDevice.passing(scratch, values, row.getShape()))) {
            script.call("assign", scratch, target, source);
        }
    }

    /**
     * An array as the base holds it, rounded if it computes in bfloat16. DJL has no such type: the result can only be
     * passed on.
     */
    NDArray rounded(NDArray x, NDManager results) {
        try (IValue v = of(x)) {
            return script.call("rounded", results, v).get(0);
        }
    }

    private static IValue of(NDArray a) {
        return IValue.from((PtNDArray) a);
    }

    private static IValue of(List<NDArray> list) {
        return IValue.listFrom(list.toArray(PtNDArray[]::new));
    }

    /** A layout as the program takes it: sizes, scale, probability of dropout. */
    private static IValue of(AdapterLayout layout) {
        try (IValue sizes = IValue.listFrom(layout.sizes());
                IValue scale = IValue.from(layout.lora().scale());
                IValue dropout = IValue.from(layout.lora().dropout())) {
            return IValue.tupleFrom(sizes, scale, dropout);
        }
    }
}
