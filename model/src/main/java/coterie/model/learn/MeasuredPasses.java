package coterie.model.learn;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.DecoderConfig;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.PassTrial;
import coterie.model.program.Precision;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures on a device how users may share training passes there, once a process for each shape. */
final class MeasuredPasses {
    /** System property with a {@link Passes.Kind} to take without measuring, for comparisons of speed and tests. */
    private static final String FORCED = "coterie.passes";

    private static final Logger LOG = LoggerFactory.getLogger(MeasuredPasses.class);
    private static final Map<Shape, Passes> KNOWN = new ConcurrentHashMap<>();

    /** What the measurement depends on. */
    private record Shape(
            String device,
            DecoderConfig config,
            LoraConfig lora,
            String arithmetic,
            double baseDropout,
            int batch,
            int context,
            int most) {}

    private final ComputeDevice device;
    private final FrozenBase base;
    private final DecoderProgram program;
    private final Precision precision;
    private final double baseDropout;
    private final int stack;

    /** @param stack users a pass at most, as asked for */
    MeasuredPasses(
            ComputeDevice device,
            FrozenBase base,
            DecoderProgram program,
            Precision precision,
            double baseDropout,
            int stack) {
        this.device = device;
        this.base = base;
        this.program = program;
        this.precision = precision;
        this.baseDropout = baseDropout;
        this.stack = stack;
    }

    /**
     * How users of a run share passes here.
     *
     * @param layout of their adapters
     * @param users of the whole run, on all nodes
     */
    Passes of(LearningRules rules, AdapterLayout layout, int users) {
        int tokens = Math.multiplyExact(rules.batch(), rules.context());
        int most = PassRule.most(device.isCpu(), stack, users, tokens);
        String forced = System.getProperty(FORCED);
        if (forced != null) {
            Passes.Kind kind = Passes.kind(forced);
            return new Passes(kind, kind == Passes.Kind.ALONE ? 1 : most);
        }
        if (most == 1) {
            return Passes.SINGLE;
        }
        Shape shape = new Shape(
                device.name(),
                base.config(),
                layout.lora(),
                program.arithmetic(),
                baseDropout,
                rules.batch(),
                rules.context(),
                most);
        return KNOWN.computeIfAbsent(shape, s -> measured(s, layout));
    }

    private Passes measured(Shape s, AdapterLayout layout) {
        Torch.prepareThread();
        long begun = System.nanoTime();
        try (PassTrial trial =
                new PassTrial(base, program, layout, precision, baseDropout, s.batch, s.context, device)) {
            Passes passes = PassRule.decide(device.isCpu(), s.most, s.batch * s.context, s.config.width(), trial::pass);
            String words = String.format(
                    Locale.ROOT,
                    "%s, %s, %d x %d tokens a user: %s; measured in %d ms",
                    s.device,
                    s.arithmetic,
                    s.batch,
                    s.context,
                    passes.inWords(),
                    (System.nanoTime() - begun) / 1_000_000);
            if (passes.kind() == Passes.Kind.ALONE) {
                LOG.warn(
                        "{} ({})",
                        words,
                        PassRule.repeats(trial::pass)
                                ? "more users a pass would change their bits"
                                : "its kernels are not the same twice: no run here can be repeated to the bit");
            } else {
                LOG.info("{}", words);
            }
            return passes;
        }
    }
}
