package coterie.model.program;

import coterie.model.base.BaseArray;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Activation;
import coterie.model.base.DecoderConfig.Inputs;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.DecoderConfig.NormKind;
import coterie.model.base.Role;
import coterie.model.base.Rotation;
import coterie.model.files.HalfFloat;
import coterie.model.torch.ComputeDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The TorchScript of a base: {@code decoder.py} and its parts with the words in <code>${…}</code> filled in. */
final class ProgramText {
    private static final List<String> PARTS =
            List.of("dropout.py", "layers.py", "attention.py", "decoder.py", "head.py");
    /** How adapters are updated. */
    private static final String UPDATE = "update.py";

    private static final String GPU_UPDATE = "update_together.py";
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
    /** Activations of a tile of the MLP: 786 kB, which a core's cache holds. */
    private static final int ACTIVATION_TILE = 196608;
    /** GELU's approximation x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) is x · sigmoid(linear x + cubic x³). */
    private static final double GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);

    private static final double GELU_CUBIC = 0.044715 * GELU_LINEAR;

    /** Places in a block where dropout may happen, each with masks of its own; the embeddings are one more. */
    private static final int SITES_OF_A_BLOCK = 16;

    private ProgramText() {}

    /** Words in a tile of the head. */
    static int tileWords(DecoderConfig c, boolean cpu) {
        return cpu ? Math.max(64, Math.min(CPU_WORDS, CPU_WEIGHTS / c.width() / 64 * 64)) : GPU_WORDS;
    }

    /** Numbers in the largest tile of the head. */
    static long tileNumbers(DecoderConfig c, boolean cpu) {
        return (long) (cpu ? CPU_ROWS : GPU_ROWS) * tileWords(c, cpu);
    }

    /**
     * The program's text.
     *
     * @param multiplies whether products are computed in {@code precision}
     * @param baseDropout probability of the base's own dropout in training
     * @param gpu whether it is the program of a GPU, which a CPU can run too: fewer and larger operations, and the same
     *     numbers up to rounding
     */
    static String of(
            DecoderConfig c,
            AdamW o,
            Precision precision,
            boolean multiplies,
            double baseDropout,
            ComputeDevice device,
            boolean gpu) {
        Map<String, String> fill = new HashMap<>();
        blocks(c, fill);
        attention(c, fill);
        ends(c, precision, fill);
        boolean bySigmoid = !gpu && c.mlp().activation() != Activation.GELU;
        fill.put("activation_by_sigmoid", bool(bySigmoid));
        fill.put("activation_tile", String.valueOf(ACTIVATION_TILE));
        fill.put("gelu_linear", real(GELU_LINEAR));
        fill.put("gelu_cubic", real(GELU_CUBIC));
        fill.put("device", device.name());
        fill.put("gpu", bool(gpu));
        fill.put("bfloat16", bool(precision == Precision.BFLOAT16 && multiplies));
        boolean low = gpu && precision == Precision.BFLOAT16 && multiplies;
        fill.put("low_attention", bool(low && c.attention().cap() == 0));
        fill.put("rounded", bool(precision == Precision.BFLOAT16 && !multiplies));
        fill.put("base_dropout", real(baseDropout));
        fill.put("sites", String.valueOf(SITES_OF_A_BLOCK * c.blocks() + 1));
        fill.put("sites_of_a_block", String.valueOf(SITES_OF_A_BLOCK));
        fill.put("tile_of_one_user", bool(!gpu));
        fill.put("tile_rows", String.valueOf(gpu ? GPU_ROWS : CPU_ROWS));
        fill.put("tile_words", String.valueOf(tileWords(c, !gpu)));
        fill.put("beta1", real(o.beta1()));
        fill.put("beta2", real(o.beta2()));
        fill.put("adam_epsilon", real(o.epsilon()));
        fill.put("weight_decay", real(o.weightDecay()));
        return WORD.matcher(source(gpu ? GPU_UPDATE : UPDATE))
                .replaceAll(m -> Matcher.quoteReplacement(Objects.requireNonNull(fill.get(m.group(1)), m.group(1))));
    }

    private static void blocks(DecoderConfig c, Map<String, String> fill) {
        fill.put("layers", String.valueOf(c.blocks()));
        fill.put("width", String.valueOf(c.width()));
        fill.put("layer_norm", bool(c.norms().kind() == NormKind.LAYER));
        fill.put("gain_from_one", bool(c.norms().kind() == NormKind.RMS_FROM_ONE));
        fill.put("epsilon", real(c.norms().epsilon()));
        fill.put("head_norms", bool(c.norms().ofHeads()));
        fill.put("output_norms", bool(c.norms().ofOutputs()));
        fill.put("silu", bool(c.mlp().activation() == Activation.SILU));
        fill.put("gelu", c.mlp().activation() == Activation.GELU ? "none" : "tanh");
        fill.put("gated", bool(c.mlp().gated()));
        fill.put("parallel", bool(c.parallel()));
        fill.put("inputs", names(c, Role.QUERY_KEY_VALUE, Role.QUERY, Role.KEY, Role.VALUE));
        fill.put("head_norm_names", names(c, Role.QUERY_NORM, Role.KEY_NORM));
        fill.put("ups", names(c, Role.GATE, Role.UP));
        fill.put("output_norm_names", names(c, Role.OUTPUT_NORM, Role.DOWN_NORM));
    }

    private static void attention(DecoderConfig c, Map<String, String> fill) {
        DecoderConfig.Attention a = c.attention();
        fill.put("heads", String.valueOf(a.heads()));
        fill.put("key_value_heads", String.valueOf(a.keyValueHeads()));
        fill.put("head_width", String.valueOf(a.headWidth()));
        fill.put("fused", bool(a.inputs() != Inputs.SEPARATE));
        fill.put("fused_by_head", bool(a.inputs() == Inputs.FUSED_BY_HEAD));
        fill.put("attention_cap", real(a.cap()));
        fill.put("standard_attention", bool(c.layers().stream().allMatch(l -> l.scale() == c.standardScale())));
        fill.put("attention_scales", list(c.layers(), l -> real(l.scale())));
        fill.put("windows", list(c.layers(), l -> String.valueOf(l.window())));
        List<Rotation> rotations = c.layers().stream()
                .map(Layer::rotation)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        fill.put("rotated", String.valueOf(c.rotated()));
        fill.put("frequencies", list(rotations, r -> list(r.frequencies(), ProgramText::real)));
        fill.put("rotations", list(c.layers(), l -> String.valueOf(rotations.indexOf(l.rotation()))));
    }

    private static void ends(DecoderConfig c, Precision precision, Map<String, String> fill) {
        List<BaseArray> arrays = c.arrays();
        double scale = c.ends().embeddingScale();
        fill.put("embedding_scale", real(precision == Precision.BFLOAT16 ? rounded(scale) : (float) scale));
        fill.put("head", (c.tied() ? Role.EMBEDDING : Role.HEAD).text());
        fill.put("logit_cap", real(c.ends().cap()));
        fill.put("vocabulary", String.valueOf(c.vocabulary()));
        fill.put("padded_vocabulary", String.valueOf(c.paddedVocabulary()));
        fill.put("base_names", list(arrays, a -> '"' + a.name() + '"'));
        fill.put("base_shapes", list(arrays, a -> Arrays.toString(a.shape())));
        fill.put("base_sizes", list(arrays, a -> String.valueOf(a.size())));
        fill.put("base_linear", list(arrays, a -> bool(a.linear())));
        int linear = (int) c.roles().stream().filter(Role::linear).count();
        fill.put("no_adapter", Collections.nCopies(2 * c.blocks() * linear, 0).toString());
    }

    /** Names of those modules of a block that the base has. */
    private static String names(DecoderConfig c, Role... roles) {
        List<Role> has = c.roles();
        return list(Stream.of(roles).filter(has::contains).toList(), r -> '"' + r.text() + '"');
    }

    private static <T> String list(Collection<T> all, Function<T, String> of) {
        return all.stream().map(of).collect(Collectors.joining(", ", "[", "]"));
    }

    private static double rounded(double x) {
        return HalfFloat.fromBfloat16(HalfFloat.toBfloat16((float) x));
    }

    private static String bool(boolean b) {
        return b ? "True" : "False";
    }

    private static String real(double x) {
        return String.format(Locale.ROOT, "%.17g", x);
    }

    private static String source(String update) {
        StringBuilder all = new StringBuilder();
        PARTS.forEach(part -> all.append(text(part)).append('\n'));
        return all.append(text(update)).append('\n').toString();
    }

    private static String text(String part) {
        try (InputStream in = ProgramText.class.getResourceAsStream(part)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
