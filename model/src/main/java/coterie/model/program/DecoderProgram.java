package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.BaseArray;
import coterie.model.base.BaseWeights;
import coterie.model.base.DecoderConfig;
import coterie.model.files.NumberType;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.TorchScript;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a base: {@code decoder.py} and its parts, compiled for one device with a configuration filled in.
 * Arguments and results are described there; here every native array gets an owner.
 *
 * <p>Nothing in it depends on an adapter's layout, which is an argument of every call.
 */
public final class DecoderProgram {
    /** No dropout of attention in evaluation. */
    public static final long[] QUIET = {};

    /** PyTorch's numbers of types. */
    private static final long FLOAT32 = 6;

    private static final long HALF = 5;
    private static final long BFLOAT16 = 15;
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
            DecoderConfig config, AdamW optimiser, Precision precision, double baseDropout, ComputeDevice device) {
        this(
                config,
                optimiser,
                precision,
                multiplies(precision, device),
                baseDropout,
                device,
                device.root(),
                !device.isCpu());
    }

    /**
     * Compiles the program with the arithmetic given.
     *
     * @param multiplies whether products are computed in {@code precision}; if not, in float32 from numbers rounded to
     *     it
     * @param owner of the device, whose end is that of the program
     * @param gpu whether it is the program of a GPU, which a CPU can run too
     */
    DecoderProgram(
            DecoderConfig config,
            AdamW optimiser,
            Precision precision,
            boolean multiplies,
            double baseDropout,
            ComputeDevice device,
            NDManager owner,
            boolean gpu) {
        if (baseDropout < 0 || baseDropout >= 1) {
            throw new IllegalArgumentException("base_dropout must lie in [0, 1), found " + baseDropout);
        }
        script = TorchScript.compile(
                ProgramText.of(config, optimiser, precision, multiplies, baseDropout, device, gpu), owner);
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
        return gradients(ids, targets, layout, rows, seeds, base.arrays(), PassMode.PLAIN, results);
    }

    /** The same, computed in a given mode. */
    public Gradients gradients(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            long[] seeds,
            FrozenBase base,
            PassMode mode,
            NDManager results) {
        return gradients(ids, targets, layout, rows, seeds, base.arrays(), mode, results);
    }

    Gradients gradients(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            long[] seeds,
            IValue base,
            PassMode mode,
            NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(rows);
                IValue l = of(layout);
                IValue s = IValue.listFrom(seeds);
                IValue apart = IValue.from(mode.apart());
                IValue recompute = IValue.from(mode.recompute())) {
            NDList out = script.call("gradients", results, i, t, r, l, s, base, apart, recompute);
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
        return losses(ids, targets, layout, List.of(row), base, noise, results);
    }

    /**
     * The same [U·b·T] under U adapters, each of which reads b rows of the batch.
     *
     * @param ids int64 [U·b, T], the rows of an adapter together
     * @param rows the adapters, each [P]
     * @param noise a seed for each adapter, or {@link #QUIET}
     */
    public NDArray losses(
            NDArray ids,
            NDArray targets,
            AdapterLayout layout,
            List<NDArray> rows,
            FrozenBase base,
            long[] noise,
            NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(rows);
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
     * @param rows U adapters, each of which reads as many rows of the batch, as in {@link #losses}
     * @param positions equally many of each adapter, those of an adapter together
     * @param noise seeds of the dropout of attention, as of {@link #losses}
     */
    public NDList topLogits(
            NDArray ids,
            AdapterLayout layout,
            List<NDArray> rows,
            FrozenBase base,
            NDArray positions,
            int k,
            long[] noise,
            NDManager results) {
        try (IValue i = of(ids);
                IValue r = of(rows);
                IValue l = of(layout);
                IValue p = of(positions);
                IValue n = IValue.from((long) k);
                IValue s = IValue.listFrom(noise)) {
            return script.call("top_logits", results, i, r, l, base.arrays(), p, n, s);
        }
    }

    /**
     * The k largest logits after the last token of a text, and their token ids, [1, k] float32 and int64. No dropout.
     *
     * @param ids [1, T] the tokens of the text that no call has read; if there are tokens before them, a single one
     * @param cache keys and values of the text's tokens, an array [2, C, key and value heads, head width] of each
     *     block; those of {@code ids} are written into it
     * @param read number of the text's tokens that calls before this one have read; at most C - T
     * @throws IllegalArgumentException if several tokens come after others
     */
    NDList nextLogits(
            NDArray ids,
            AdapterLayout layout,
            NDArray row,
            FrozenBase base,
            List<NDArray> cache,
            int read,
            int k,
            NDManager results) {
        if (read > 0 && ids.getShape().get(1) != 1) {
            throw new IllegalArgumentException("tokens after the first " + read + " are read one by one, found "
                    + ids.getShape().get(1));
        }
        try (IValue i = of(ids);
                IValue r = of(row);
                IValue l = of(layout);
                IValue c = of(cache);
                IValue f = IValue.from((long) read);
                IValue n = IValue.from((long) k)) {
            return script.call("next_logits", results, i, r, l, base.arrays(), c, f, n);
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
     * An array of zeros to be filled by {@link #fill}. DJL has no type bfloat16: the array can only be passed on.
     *
     * @param shape on the device
     */
    NDArray blank(BaseArray array, long[] shape, NDManager results) {
        try (IValue s = IValue.listFrom(shape);
                IValue l = IValue.from(low(array))) {
            return script.call("blank", results, s, l).get(0);
        }
    }

    /** Whether an array is held in bfloat16, if that is the precision: those that take part in products. */
    private static boolean low(BaseArray a) {
        return a.kind() == BaseArray.Kind.EMBEDDING || a.linear();
    }

    /** Copies a piece of a base's array into its array on the device. */
    void fill(NDArray array, BaseWeights.Piece piece, NDManager scratch) {
        boolean half = piece.type() != NumberType.F32;
        Shape shape = new Shape(half ? 2L * piece.count() : piece.count());
        try (NDArray bytes = scratch.create(piece.bytes(), shape, half ? DataType.UINT8 : DataType.FLOAT32);
                IValue a = of(array);
                IValue b = of(bytes);
                IValue type = IValue.from(half ? piece.type() == NumberType.F16 ? HALF : BFLOAT16 : FLOAT32);
                IValue lower = IValue.from(low(piece.array()));
                IValue at = IValue.from((long) piece.at());
                IValue transposed = IValue.from(piece.transposed())) {
            script.call("fill", scratch, a, b, type, lower, at, transposed).close();
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
