package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.TargetModule;
import coterie.model.base.Gpt2Array;
import coterie.model.base.Gpt2Config;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.TorchScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code gpt2_lora.py} with its sizes filled in, compiled for one device. Its methods say what they take
 * and return there; here every native array gets an owner.
 */
public final class Gpt2Program {
    /** No dropout of attention where nothing is trained. */
    public static final long[] QUIET = {};

    private static final Pattern WORD = Pattern.compile("\\$\\{(\\w+)}");
    /** Logits computed at a time: rows of them on a CPU at most, and words at most. */
    private static final int CPU_ROWS = 1024;

    private static final int CPU_WORDS = 2048;
    /**
     * Numbers of the head's weights that belong to those words: 3 MB, still in the last cache when the gradient needs
     * them a second time.
     */
    private static final int CPU_WEIGHTS = 786432;
    /** On a GPU as many rows and words as keep it busy. */
    private static final int GPU_ROWS = 4096;

    private static final int GPU_WORDS = 16384;
    /**
     * Activations of the MLP that pass through GELU at a time: 786 kB, of which a core's cache holds what is worked on.
     */
    private static final int GELU_TILE = 196608;
    /** GELU's approximation x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) as x · sigmoid(linear x + cubic x³). */
    private static final double GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);

    private static final double GELU_CUBIC = 0.044715 * GELU_LINEAR;
    private static final Logger LOG = LoggerFactory.getLogger(Gpt2Program.class);
    private final TorchScript script;
    private final String arithmetic;
    private final boolean multiplies;

    /**
     * Compiles the program.
     *
     * @param layout the adapters it runs, or null for a base alone
     * @param baseDropout probability of GPT-2's own dropout while training, in [0, 1)
     */
    public Gpt2Program(
            Gpt2Config config,
            AdapterLayout layout,
            AdamW optimiser,
            Precision precision,
            double baseDropout,
            ComputeDevice device) {
        this(config, layout, optimiser, precision, multiplies(precision, device), baseDropout, device);
    }

    /**
     * @param multiplies whether the device is to multiply in {@code precision} itself, and not in float32 what was
     *     rounded to it
     */
    Gpt2Program(
            Gpt2Config config,
            AdapterLayout layout,
            AdamW optimiser,
            Precision precision,
            boolean multiplies,
            double baseDropout,
            ComputeDevice device) {
        if (baseDropout < 0 || baseDropout >= 1) {
            throw new IllegalArgumentException("base_dropout must lie in [0, 1), found " + baseDropout);
        }
        script = TorchScript.compile(
                text(config, layout, optimiser, precision, multiplies, baseDropout, device), device.root());
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
     * What products with the base are computed in: the precision, and what stands in for it where the device has none
     * of that kind.
     */
    public String arithmetic() {
        return arithmetic;
    }

    boolean multiplies() {
        return multiplies;
    }

    /** Words of which the head computes logits at a time. */
    static int tileWords(Gpt2Config c, ComputeDevice device) {
        return device.isCpu() ? Math.max(64, Math.min(CPU_WORDS, CPU_WEIGHTS / c.width() / 64 * 64)) : GPU_WORDS;
    }

    private static String text(
            Gpt2Config c,
            AdapterLayout layout,
            AdamW o,
            Precision precision,
            boolean multiplies,
            double baseDropout,
            ComputeDevice device) {
        LoraConfig lora = layout == null ? LoraConfig.of(1, 1) : layout.lora();
        List<Gpt2Array> arrays = Gpt2Array.of(c);
        Map<String, String> fill = Map.ofEntries(
                Map.entry("device", device.name()),
                Map.entry("bfloat16", precision == Precision.BFLOAT16 && multiplies ? "True" : "False"),
                Map.entry("rounded", precision == Precision.BFLOAT16 && !multiplies ? "True" : "False"),
                Map.entry("dropout", real(lora.dropout())),
                Map.entry("base_dropout", real(baseDropout)),
                Map.entry("rank", String.valueOf(lora.rank())),
                Map.entry("scale", real(lora.scale())),
                Map.entry("layers", String.valueOf(c.layers())),
                Map.entry("width", String.valueOf(c.width())),
                Map.entry("heads", String.valueOf(c.heads())),
                Map.entry("head_width", String.valueOf(c.width() / c.heads())),
                Map.entry(
                        "attention_scales",
                        IntStream.range(0, c.layers())
                                .mapToObj(l -> real(c.attentionScale(l)))
                                .toList()
                                .toString()),
                Map.entry(
                        "standard_attention",
                        c.attention().equals(Gpt2Config.AttentionScale.STANDARD) ? "True" : "False"),
                Map.entry("head", String.valueOf(Gpt2Array.head(c))),
                Map.entry("vocabulary", String.valueOf(c.vocabulary())),
                Map.entry("padded_vocabulary", String.valueOf(c.paddedVocabulary())),
                Map.entry("tile_of_one_user", device.isCpu() ? "True" : "False"),
                Map.entry("tile_rows", String.valueOf(device.isCpu() ? CPU_ROWS : GPU_ROWS)),
                Map.entry("tile_words", String.valueOf(tileWords(c, device))),
                Map.entry("epsilon", real(c.epsilon())),
                Map.entry("gelu", c.exactGelu() ? "none" : "tanh"),
                Map.entry("gelu_by_sigmoid", device.isCpu() && !c.exactGelu() ? "True" : "False"),
                Map.entry("gelu_linear", real(GELU_LINEAR)),
                Map.entry("gelu_cubic", real(GELU_CUBIC)),
                Map.entry("gelu_tile", String.valueOf(GELU_TILE)),
                Map.entry("beta1", real(o.beta1())),
                Map.entry("beta2", real(o.beta2())),
                Map.entry("adam_epsilon", real(o.epsilon())),
                Map.entry("weight_decay", real(o.weightDecay())),
                Map.entry("part_sizes", partSizes(c, layout).toString()),
                Map.entry(
                        "base_shapes",
                        arrays.stream()
                                .map(a -> java.util.Arrays.toString(a.shape()))
                                .toList()
                                .toString()),
                Map.entry(
                        "base_sizes",
                        arrays.stream().map(Gpt2Array::size).toList().toString()));
        return WORD.matcher(source())
                .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                        java.util.Objects.requireNonNull(fill.get(m.group(1)), m.group(1))));
    }

    /** Sizes of A and B for every layer and place, 0 where a place is not adapted. */
    private static List<Integer> partSizes(Gpt2Config c, AdapterLayout layout) {
        Map<Integer, AdapterLayout.Part> parts = layout == null
                ? Map.of()
                : layout.parts().stream()
                        .collect(Collectors.toMap(
                                p -> p.layer() * TargetModule.values().length
                                        + p.place().ordinal(),
                                p -> p));
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < c.layers() * TargetModule.values().length; i++) {
            AdapterLayout.Part p = parts.get(i);
            sizes.add(p == null ? 0 : p.sizeA());
            sizes.add(p == null ? 0 : p.sizeB());
        }
        return sizes;
    }

    private static String real(double x) {
        return String.format(Locale.ROOT, "%.17g", x);
    }

    private static String source() {
        try (InputStream in = Gpt2Program.class.getResourceAsStream("gpt2_lora.py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of a backward pass over U users. */
    public record Gradients(NDArray loss, NDArray gradient) {}

    /**
     * Mean cross-entropy [U] and gradient [U, P] of U users in one pass.
     *
     * @param ids int64 [U·b, T], a user's rows together
     * @param targets int64 [U·b, T], negative where not counted
     * @param rows the users' adapters, each [P]; U of them
     * @param seeds of the users' dropout masks; empty for none
     */
    public Gradients gradients(
            NDArray ids, NDArray targets, List<NDArray> rows, long[] seeds, Gpt2Base base, NDManager results) {
        return gradients(ids, targets, rows, seeds, base.arrays(), false, results);
    }

    /**
     * The same.
     *
     * @param apart whether products with the base are computed one user at a time, as for one user alone: slower, and
     *     the same to the bit where a product's bits depend on how many rows it has
     */
    public Gradients gradients(
            NDArray ids,
            NDArray targets,
            List<NDArray> rows,
            long[] seeds,
            Gpt2Base base,
            boolean apart,
            NDManager results) {
        return gradients(ids, targets, rows, seeds, base.arrays(), apart, results);
    }

    Gradients gradients(
            NDArray ids,
            NDArray targets,
            List<NDArray> rows,
            long[] seeds,
            IValue base,
            boolean apart,
            NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(rows);
                IValue s = IValue.listFrom(seeds);
                IValue a = IValue.from(apart)) {
            NDList out = script.call("gradients", results, i, t, r, s, base, a);
            return new Gradients(out.get(0), out.get(1));
        }
    }

    /**
     * One AdamW step in place for each of U users.
     *
     * @param gradient [U, P], multiplied by {@code factor} first
     * @param first first moments, second second moments, each U rows [P]
     * @param rates learning rate of each user
     * @param steps number of each user's step, the first being 1
     */
    public void update(
            List<NDArray> rows,
            NDArray gradient,
            List<NDArray> first,
            List<NDArray> second,
            double[] rates,
            double[] steps,
            double factor,
            NDManager scratch) {
        try (IValue w = of(rows);
                IValue g = of(gradient);
                IValue m = of(first);
                IValue v = of(second);
                IValue lr = IValue.listFrom(rates);
                IValue st = IValue.listFrom(steps);
                IValue f = IValue.from(factor)) {
            script.call("update", scratch, w, g, m, v, lr, st, f).close();
        }
    }

    /**
     * Negative log likelihood [b·T] of every target under one adapter, in nats; 0 where a target is negative. No
     * dropout.
     */
    public NDArray losses(NDArray ids, NDArray targets, NDArray row, Gpt2Base base, NDManager results) {
        return losses(ids, targets, row, base, QUIET, results);
    }

    /**
     * The same with the base's dropout of attention left on.
     *
     * @param noise the mask's seed, alone; empty for none
     */
    public NDArray losses(NDArray ids, NDArray targets, NDArray row, Gpt2Base base, long[] noise, NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue r = of(row);
                IValue n = IValue.listFrom(noise)) {
            return script.call("losses", results, i, t, r, base.arrays(), n).get(0);
        }
    }

    /** Logits [M, V] at M positions (int64) of the flattened batch. No dropout. */
    public NDArray logits(NDArray ids, NDArray row, Gpt2Base base, NDArray positions, NDManager results) {
        try (IValue i = of(ids);
                IValue r = of(row);
                IValue p = of(positions);
                IValue n = IValue.listFrom(QUIET)) {
            return script.call("logits", results, i, r, base.arrays(), p, n).get(0);
        }
    }

    /**
     * The k largest logits and their token ids, [M, k] float32 and int64, at M positions of the flattened batch. No
     * dropout.
     */
    public NDList topLogits(NDArray ids, NDArray row, Gpt2Base base, NDArray positions, int k, NDManager results) {
        return topLogits(ids, row, base, positions, k, QUIET, results);
    }

    /**
     * The same with the base's dropout of attention left on.
     *
     * @param noise the mask's seed, alone; empty for none
     */
    public NDList topLogits(
            NDArray ids, NDArray row, Gpt2Base base, NDArray positions, int k, long[] noise, NDManager results) {
        try (IValue i = of(ids);
                IValue r = of(row);
                IValue p = of(positions);
                IValue n = IValue.from((long) k);
                IValue s = IValue.listFrom(noise)) {
            return script.call("top_logits", results, i, r, base.arrays(), p, n, s);
        }
    }

    /** Mean cross-entropy and gradient [Q] of a whole base given as one flat row: full-parameter training. */
    public Gradients baseGradients(NDArray ids, NDArray targets, NDArray flat, NDManager results) {
        try (IValue i = of(ids);
                IValue t = of(targets);
                IValue f = of(flat)) {
            NDList out = script.call("base_gradients", results, i, t, f);
            return new Gradients(out.get(0), out.get(1));
        }
    }

    /** Overwrites a row [P] on its device. DJL's own ways of doing so make libtorch warn users of how DJL does it. */
    public void assign(NDArray row, float[] values) {
        try (NDManager scratch = row.getManager().newSubManager();
                IValue target = of(row);
                IValue source = of(ComputeDevice.passing(scratch, values, row.getShape()))) {
            script.call("assign", scratch, target, source);
        }
    }

    /**
     * An array as the base holds it, rounded where it computes in bfloat16. DJL has no such type: the result may only
     * be passed on.
     */
    NDArray rounded(NDArray x, NDManager results) {
        try (IValue v = of(x)) {
            return script.call("rounded", results, v).get(0);
        }
    }

    private static IValue of(NDArray a) {
        return IValue.from((PtNDArray) a);
    }

    static IValue of(List<NDArray> list) {
        return IValue.listFrom(list.toArray(PtNDArray[]::new));
    }
}
