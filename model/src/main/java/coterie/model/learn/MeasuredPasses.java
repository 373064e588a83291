package coterie.model.learn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.DecoderConfig;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.PassMemory;
import coterie.model.program.PassMode;
import coterie.model.program.PassTrial;
import coterie.model.program.Precision;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.DeviceErrors;
import coterie.model.torch.Torch;
import java.util.Collections;
import java.util.List;
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
    private static final Map<Tried, Passes> KNOWN = new ConcurrentHashMap<>();

    /** Of what is free after the users' own arrays, what passes may take by their estimate. */
    private static final double SHARE_OF_MEMORY = 0.8;
    /** Arrays [P] of a user on a device: parameters and two moments, and a sum of gradients. */
    private static final int USER_ROWS = 4;

    /** What the measurement depends on. */
    private record Tried(
            String device,
            DecoderConfig config,
            LoraConfig lora,
            String arithmetic,
            double baseDropout,
            int batch,
            int context,
            int most) {}

    /** What is decided once on a device. */
    private record Run(LoraConfig lora, int batch, int context, int users) {}

    private final ComputeDevice device;
    private final FrozenBase base;
    private final DecoderProgram program;
    private final Precision precision;
    private final double baseDropout;
    private final int threads;
    private final int stack;
    /** What was decided here: users that come later take memory, and must not change it. */
    private final Map<Run, Passes> decided = new ConcurrentHashMap<>();

    /**
     * @param threads that compute passes at the same time
     * @param stack users a pass at most, as asked for
     */
    MeasuredPasses(
            ComputeDevice device,
            FrozenBase base,
            DecoderProgram program,
            Precision precision,
            double baseDropout,
            int threads,
            int stack) {
        this.device = device;
        this.base = base;
        this.program = program;
        this.precision = precision;
        this.baseDropout = baseDropout;
        this.threads = threads;
        this.stack = stack;
    }

    /**
     * How users of a run share passes here.
     *
     * @param layout of their adapters
     * @param users of the whole run, on all nodes
     */
    Passes of(LearningRules rules, AdapterLayout layout, int users) {
        return decided.computeIfAbsent(
                new Run(layout.lora(), rules.batch(), rules.context(), users), r -> decide(rules, layout, users));
    }

    /** Whether any of these passes recompute activations. */
    boolean recompute() {
        return decided.values().stream().anyMatch(Passes::recompute);
    }

    private Passes decide(LearningRules rules, AdapterLayout layout, int users) {
        boolean recompute = recomputes(rules, layout, users);
        return shared(rules, layout, users, recompute).withRecompute(recompute);
    }

    private Passes shared(LearningRules rules, AdapterLayout layout, int users, boolean recompute) {
        int tokens = Math.multiplyExact(rules.batch(), rules.context());
        int most = PassRule.most(device.isCpu(), stack, users, tokens, fitting(rules, layout, users, recompute));
        String forced = System.getProperty(FORCED);
        if (forced != null) {
            Passes.Kind kind = Passes.kind(forced);
            return new Passes(kind, kind == Passes.Kind.ALONE ? 1 : most);
        }
        if (most == 1) {
            return Passes.SINGLE;
        }
        return KNOWN.computeIfAbsent(
                new Tried(
                        device.name(),
                        base.config(),
                        layout.lora(),
                        program.arithmetic(),
                        baseDropout,
                        rules.batch(),
                        rules.context(),
                        most),
                t -> measuredThatFit(t, layout, recompute));
    }

    /**
     * Whether a user's pass exceeds all memory there is for it. What may fit is tried, since recomputing takes time:
     * {@link FittingPasses} recomputes if it does not.
     */
    private boolean recomputes(LearningRules rules, AdapterLayout layout, int users) {
        Recomputation asked = Recomputation.asked();
        if (asked != Recomputation.AUTO) {
            return asked == Recomputation.ALWAYS;
        }
        // On a CPU nothing makes threads wait for one another's memory.
        double left = left(device.available(), layout, users) / (device.isCpu() ? Math.min(threads, users) : 1);
        FittingPasses.Need need = need(rules, layout);
        if (need.kept().of(1) <= left) {
            return false;
        }
        LOG.warn("{}", need.recomputation(device.name(), left));
        return true;
    }

    /**
     * Users whose pass fits into what is free, less what all users of the run will take.
     *
     * @return at least 1
     */
    private int fitting(LearningRules rules, AdapterLayout layout, int users, boolean recompute) {
        long free = device.free();
        return free == Long.MAX_VALUE
                ? Integer.MAX_VALUE
                : memory(rules, layout, recompute).users(SHARE_OF_MEMORY * left(free, layout, users) / threads);
    }

    /** What users' own arrays leave of memory. */
    private static double left(long bytes, AdapterLayout layout, int users) {
        // Other devices may have their share of the users: passes get half in any case.
        return bytes - Math.min((double) USER_ROWS * Float.BYTES * layout.size() * users, bytes / 2.0);
    }

    private PassMemory memory(LearningRules rules, AdapterLayout layout, boolean recompute) {
        return PassMemory.of(layout, rules.batch(), rules.context(), baseDropout, recompute, device.isCpu());
    }

    /** What a user's pass takes, for messages. */
    FittingPasses.Need need(LearningRules rules, AdapterLayout layout) {
        return new FittingPasses.Need(
                rules.batch(),
                rules.context(),
                program.arithmetic(),
                memory(rules, layout, false),
                memory(rules, layout, true));
    }

    /** Measures with fewer and fewer users, until their pass fits. */
    private Passes measuredThatFit(Tried t, AdapterLayout layout, boolean recompute) {
        Torch.prepareThread();
        for (int most = t.most; most > 1; most /= 2) {
            try {
                Passes passes = measured(t, most, layout);
                if (device.free() < Long.MAX_VALUE) {
                    tryWhole(t, passes.withRecompute(recompute), layout);
                }
                return passes;
            } catch (EngineException e) {
                if (!DeviceErrors.outOfMemory(e)) {
                    throw e;
                }
                LOG.warn("{} has too little memory for passes of {} users: trying fewer", device.name(), most);
            }
        }
        return Passes.SINGLE;
    }

    /** Computes one pass of the whole program, of which a trial has two layers. */
    private void tryWhole(Tried t, Passes passes, AdapterLayout layout) {
        int users = passes.most();
        try (NDManager m = device.root().newSubManager()) {
            NDArray ids = m.zeros(new Shape((long) users * t.batch, t.context), DataType.INT64);
            List<NDArray> rows = Collections.nCopies(users, m.zeros(new Shape(layout.size())));
            PassMode mode = new PassMode(passes.kind() == Passes.Kind.APART, passes.recompute());
            ComputeDevice.floats(program.gradients(ids, ids, layout, rows, new long[users], base, mode, m)
                    .loss());
        }
    }

    private Passes measured(Tried t, int most, AdapterLayout layout) {
        long begun = System.nanoTime();
        try (PassTrial trial =
                new PassTrial(base, program, layout, precision, baseDropout, t.batch, t.context, device)) {
            Passes passes = PassRule.decide(device.isCpu(), most, t.batch * t.context, t.config.width(), trial::pass);
            String words = String.format(
                    Locale.ROOT,
                    "%s, %s, %d x %d tokens a user: %s; measured in %d ms",
                    t.device,
                    t.arithmetic,
                    t.batch,
                    t.context,
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
