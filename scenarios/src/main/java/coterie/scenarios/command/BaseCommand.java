package coterie.scenarios.command;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.BaseArray;
import coterie.model.base.DecoderConfig;
import coterie.model.base.DecoderConfig.Layer;
import coterie.model.base.PretrainedBase;
import coterie.model.program.BaseSession;
import coterie.model.program.PassMemory;
import coterie.model.program.Precision;
import coterie.model.text.Tokenizer;
import coterie.scenarios.config.InputException;
import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie base}: what a base is, what a user of it costs, and what it makes of a text. */
@Command(
        name = "base",
        mixinStandardHelpOptions = true,
        description = "Show what a base is, what a user costs, its perplexity on a text, and how it continues one.")
final class BaseCommand implements Callable<Integer> {
    private static final double MB = 1e6;
    /** Parameters, both moments of AdamW, and the newest snapshot. */
    private static final int ROWS = 4;
    /** Any dropout takes the same memory; a scenario has some unless it says otherwise. */
    private static final double DROPOUT = 0.1;

    /** A text may take so small a part of Java's memory. */
    private static final int MEMORY_PART = 16;

    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description = "builtin:NAME, a directory in Hugging Face's layout, or a GGUF file")
    private String name;

    @Option(names = "--rank", defaultValue = "8", paramLabel = "R", description = "LoRA's rank (default: 8)")
    private int rank;

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "all-linear",
            paramLabel = "NAME[,NAME...]",
            description = "layers that LoRA adapts (default: all-linear)")
    private List<String> targets;

    @Option(names = "--precision", defaultValue = "float32", description = "float32 or bfloat16 (default: float32)")
    private String precision;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "NAME",
            description = "cpu, cuda:N, or auto: the GPU if one can be used (default: cpu)")
    private String device;

    @Option(names = "--text", paramLabel = "FILE", description = "text whose perplexity is measured")
    private Path text;

    @Option(
            names = "--tokens",
            defaultValue = "4096",
            paramLabel = "N",
            description = "tokens of the text that are used at most (default: 4096)")
    private int tokens;

    @Option(
            names = "--context",
            defaultValue = "512",
            paramLabel = "N",
            description = "tokens of a sequence, at most the base's context (default: 512)")
    private int context;

    @Option(names = "--continue", paramLabel = "TEXT", description = "a text to continue by the most likely tokens")
    private String beginning;

    @Option(names = "--words", defaultValue = "20", paramLabel = "N", description = "tokens to add (default: 20)")
    private int words;

    @Override
    public Integer call() {
        if (tokens < 2 || context < 2 || words < 1) {
            throw new InputException("--tokens and --context must be at least 2, --words at least 1, found " + tokens
                    + ", " + context + ", " + words);
        }
        DeviceChoice.check(List.of(device));
        Precision computed = Arrays.stream(Precision.values())
                .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(precision))
                .findFirst()
                .orElseThrow(() -> new InputException("--precision must be float32 or bfloat16, found " + precision));
        PretrainedBase base = PretrainedBase.load(name);
        try (Tokenizer tokenizer = base.tokenizer()) {
            AdapterLayout layout = layout(base.weights().config());
            if (text == null && beginning == null) {
                base.weights().check();
                describe(base, layout);
                return 0;
            }
            int[] ids = text == null ? null : read(tokenizer);
            try (BaseSession session = session(base, computed)) {
                describe(base, layout);
                use(base, session, ids);
            }
        }
        return 0;
    }

    private void describe(PretrainedBase base, AdapterLayout layout) {
        DecoderConfig config = base.weights().config();
        line("family", config.family().title() + " (" + config.family().modelType() + ")");
        line("shape", shape(config));
        line(
                "parameters",
                String.format(
                        Locale.ROOT,
                        "%,d; output head %s",
                        config.parameters(),
                        config.tied() ? "tied to the embedding" : "of its own"));
        line(
                "arrays",
                base.weights().types().entrySet().stream()
                        .map(e -> e.getValue() + " of type " + e.getKey())
                        .collect(Collectors.joining(", ")));
        line("tokenizer", tokenizer(base.tokenizer()));
        line(
                "a device",
                String.format(
                        Locale.ROOT,
                        "%.1f MB in float32, %.1f MB in bfloat16",
                        size(config, 4) / MB,
                        size(config, 2) / MB));
        line("a user", user(layout));
        line(
                "a pass",
                String.format(
                        Locale.ROOT,
                        "%.3f MB a token in training, %.3f MB where activations are recomputed: where a user's pass"
                                + " does not fit",
                        token(layout, false) / MB,
                        token(layout, true) / MB));
    }

    private static void line(String what, String value) {
        System.out.printf(Locale.ROOT, "%-12s%s%n", what, value);
    }

    private static String shape(DecoderConfig c) {
        DecoderConfig.Attention a = c.attention();
        Set<Integer> windows = c.layers().stream()
                .map(Layer::window)
                .filter(w -> w > 0)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        long sliding = c.layers().stream().filter(l -> l.window() > 0).count();
        return String.format(
                Locale.ROOT,
                "%d layers of width %d; %d heads of %d, %d of keys and values; MLP %d%s; %,d tokens; context %,d%s",
                c.blocks(),
                c.width(),
                a.heads(),
                a.headWidth(),
                a.keyValueHeads(),
                c.mlp().width(),
                c.mlp().gated() ? ", gated" : "",
                c.vocabulary(),
                c.context(),
                windows.isEmpty() ? "" : "; " + sliding + " layers with a window of " + windows);
    }

    private static String tokenizer(Tokenizer t) {
        String end = t.decode(new int[] {t.endOfText()});
        return String.format(
                Locale.ROOT,
                "%,d tokens; %s ends a text, %s",
                t.size(),
                end,
                t.beginOfText().isPresent()
                        ? t.decode(new int[] {t.beginOfText().getAsInt()}) + " begins one"
                        : "none begins one");
    }

    private static double size(DecoderConfig c, int bytes) {
        return c.arrays().stream()
                .mapToDouble(a ->
                        (double) a.size() * (a.kind() == BaseArray.Kind.EMBEDDING || a.linear() ? bytes : Float.BYTES))
                .sum();
    }

    private AdapterLayout layout(DecoderConfig config) {
        try {
            Set<Target> named = targets.stream().map(Target::of).collect(Collectors.toCollection(LinkedHashSet::new));
            return new AdapterLayout(config, new LoraConfig(rank, rank, DROPOUT, named));
        } catch (IllegalArgumentException e) {
            throw new InputException("--rank, --targets: " + e.getMessage());
        }
    }

    /** Bytes that a training pass takes for one more token. */
    private double token(AdapterLayout layout, boolean recompute) {
        int length = Math.min(context, layout.config().context());
        long one = PassMemory.of(layout, 1, length, 0, recompute, true).perUser();
        long two = PassMemory.of(layout, 2, length, 0, recompute, true).perUser();
        return (double) (two - one) / length;
    }

    private String user(AdapterLayout layout) {
        return String.format(
                Locale.ROOT,
                "rank %d on %s: %,d parameters; %.1f MB for parameters, moments and a snapshot, %.1f MB a message",
                rank,
                String.join(", ", targets),
                layout.size(),
                (double) ROWS * Float.BYTES * layout.size() / MB,
                (double) Float.BYTES * layout.size() / MB);
    }

    private BaseSession session(PretrainedBase base, Precision computed) {
        String on = device.equals(DeviceChoice.AUTO) ? DeviceChoice.found().get(0) : device;
        try {
            return new BaseSession(base.weights(), computed, on);
        } catch (IllegalArgumentException e) {
            throw new InputException("--device: " + e.getMessage());
        }
    }

    /** @param ids the text's tokens; null if there is no text */
    private void use(PretrainedBase base, BaseSession session, int[] ids) {
        if (ids != null) {
            perplexity(session, ids, base);
        }
        if (beginning != null) {
            int[] from = withBeginning(base.tokenizer(), base.tokenizer().encode(beginning), 0);
            line(
                    "continued",
                    base.tokenizer()
                            .decode(session.continued(from, words))
                            .replaceAll("\\s+", " ")
                            .strip());
        }
    }

    private int[] read(Tokenizer tokenizer) {
        StringWriter content = new StringWriter();
        try (BufferedReader in = PlainText.open(text, MEMORY_PART)) {
            in.transferTo(content);
        } catch (IOException e) {
            throw new InputException("--text: " + text + ": " + PlainText.why(e));
        }
        int[] all = tokenizer.encode(content.toString());
        if (all.length < 2) {
            throw new InputException("--text: " + text + " must have at least 2 tokens, found " + all.length);
        }
        return Arrays.copyOf(all, Math.min(all.length, tokens));
    }

    /** The tokens from a place on, after the one that stands before a text. */
    private static int[] withBeginning(Tokenizer tokenizer, int[] ids, int from) {
        int[] separator = tokenizer.separator();
        return IntStream.concat(IntStream.of(separator[separator.length - 1]), Arrays.stream(ids, from, ids.length))
                .toArray();
    }

    /** Sequences side by side, each after the token that stands before a text. */
    private void perplexity(BaseSession session, int[] ids, PretrainedBase base) {
        int length = Math.min(context, base.weights().config().context());
        double loss = 0;
        for (int at = 0; at < ids.length; at += length) {
            int[] sequence = Arrays.copyOf(ids, Math.min(ids.length, at + length));
            loss += session.loss(withBeginning(base.tokenizer(), sequence, at));
        }
        int bytes = base.tokenizer().decode(ids).getBytes(StandardCharsets.UTF_8).length;
        line(
                "perplexity",
                String.format(
                        Locale.ROOT,
                        "%.2f a token, %.3f bits a byte: %,d tokens in sequences of %d",
                        Math.exp(loss / ids.length),
                        loss / Math.log(2) / bytes,
                        ids.length,
                        length));
    }
}
