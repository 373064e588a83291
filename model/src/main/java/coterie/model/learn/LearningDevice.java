package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.Gpt2Config;
import coterie.model.base.Gpt2Weights;
import coterie.model.program.AdamW;
import coterie.model.program.Gpt2Base;
import coterie.model.program.Gpt2Program;
import coterie.model.program.Precision;
import coterie.model.text.FederatedDataset;
import coterie.model.torch.ComputeDevice;
import coterie.model.trust.TrustManager;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A device where users learn: the frozen base, loaded once, the program, and the threads that compute there. */
public final class LearningDevice implements AutoCloseable {
    private final ComputeDevice device;
    private final Gpt2Config config;
    private final AdapterLayout layout;
    private final Gpt2Program program;
    private final Gpt2Base base;
    private final MeasuredPasses passes;
    private final StepWorkers<Gpt2Learner.Turn> workers;

    /**
     * Loads the base onto the device and starts its workers.
     *
     * @param threads workers; on a CPU at most its cores
     * @param stack users whose steps one worker computes in one pass at most
     */
    public LearningDevice(
            String name,
            Gpt2Weights weights,
            AdapterLayout layout,
            AdamW optimiser,
            Precision precision,
            double baseDropout,
            int threads,
            int stack) {
        device = ComputeDevice.of(name);
        config = weights.config();
        this.layout = layout;
        program = new Gpt2Program(config, layout, optimiser, precision, baseDropout, device);
        base = new Gpt2Base(weights, precision, program, device);
        passes = new MeasuredPasses(device, base, program, layout, precision, baseDropout, stack);
        workers = new StepWorkers<>("compute-" + device.name(), threads, this::step);
    }

    public String name() {
        return device.name();
    }

    /** What products with the base are computed in here. @see Gpt2Program#arithmetic */
    public String arithmetic() {
        return program.arithmetic();
    }

    /**
     * A user who learns here. For the first with these rules it is measured how users may share passes.
     *
     * @param start its adapter at the start [P]
     */
    public Learner learner(
            int user, FederatedDataset dataset, float[] start, LearningRules rules, TrustManager trustManager) {
        return new Gpt2Learner(
                user,
                dataset.users().get(user),
                dataset.shared(),
                start,
                rules,
                trustManager,
                passes(rules, dataset.users().size()),
                this);
    }

    /** The same, with a way of sharing passes that need not keep users' bits, to compare speeds. */
    public Learner learner(
            int user,
            FederatedDataset dataset,
            float[] start,
            LearningRules rules,
            TrustManager trustManager,
            Passes shared) {
        return new Gpt2Learner(
                user, dataset.users().get(user), dataset.shared(), start, rules, trustManager, shared, this);
    }

    /**
     * How users share training passes here.
     *
     * @param users of the whole run
     */
    public Passes passes(LearningRules rules, int users) {
        return passes.of(rules, users);
    }

    /** One pass, and one update for each job whose gradient is complete. */
    private void step(List<Gpt2Learner.Turn> jobs) {
        LearningRules rules = jobs.get(0).rules();
        Passes shared = jobs.get(0).passes();
        int places = shared.places(jobs.size());
        try (NDManager scratch = device.root().newSubManager()) {
            List<NDArray> rows = new ArrayList<>();
            long[] seeds = new long[places];
            int size = Math.multiplyExact(rules.batch(), rules.context());
            long[] ids = new long[Math.multiplyExact(places, size)];
            long[] targets = new long[ids.length];
            for (int u = 0; u < places; u++) {
                // What stands in the places that are left is computed and forgotten.
                Gpt2Learner.Turn job = jobs.get(Math.min(u, jobs.size() - 1));
                rows.add(job.learner().row());
                seeds[u] = job.dropoutSeed();
                TokenWindows w = job.batch();
                System.arraycopy(w.ids(), 0, ids, u * size, size);
                System.arraycopy(w.targets(), 0, targets, u * size, size);
            }
            Shape shape = new Shape((long) places * rules.batch(), rules.context());
            Gpt2Program.Gradients g = program.gradients(
                    scratch.create(ids, shape),
                    scratch.create(targets, shape),
                    rows,
                    seeds,
                    base,
                    shared.kind() == Passes.Kind.APART,
                    scratch);
            float[] losses = g.loss().toFloatArray();
            if (rules.accumulation() == 1) {
                update(jobs, rows.subList(0, jobs.size()), g.gradient(), 1, scratch);
            } else {
                accumulate(jobs, g.gradient(), rules.accumulation(), scratch);
            }
            for (int u = 0; u < jobs.size(); u++) {
                jobs.get(u).stepped(losses[u]);
            }
        }
    }

    private void accumulate(List<Gpt2Learner.Turn> jobs, NDArray gradient, int passes, NDManager scratch) {
        for (int u = 0; u < jobs.size(); u++) {
            Gpt2Learner.Turn job = jobs.get(u);
            NDArray sum = job.learner().accumulated(gradient.get(u), job.pass() == 0);
            if (job.pass() == passes - 1) {
                NDArray one = sum.reshape(1, sum.size());
                one.attach(scratch);
                update(List.of(job), List.of(job.learner().row()), one, 1.0 / passes, scratch);
            }
        }
    }

    private void update(
            List<Gpt2Learner.Turn> jobs, List<NDArray> rows, NDArray gradient, double factor, NDManager scratch) {
        List<NDArray> first = new ArrayList<>();
        List<NDArray> second = new ArrayList<>();
        double[] rates = new double[jobs.size()];
        double[] steps = new double[jobs.size()];
        for (int u = 0; u < jobs.size(); u++) {
            Gpt2Learner.Turn job = jobs.get(u);
            first.add(job.learner().first());
            second.add(job.learner().second());
            rates[u] = job.rate();
            steps[u] = job.updateNumber();
        }
        program.update(rows, gradient, first, second, rates, steps, factor, scratch);
    }

    /**
     * What the base with an adapter writes after a beginning: token after token, drawn among the likeliest.
     *
     * @param adapter [P]
     * @param beginning at least one token
     * @param most tokens written at most; fewer where the context is full
     * @param top likeliest tokens among which is drawn
     * @param temperature that divides logits
     * @return the tokens written, without the beginning
     */
    public int[] continued(
            float[] adapter, int[] beginning, int most, int top, double temperature, RandomStream stream) {
        int n = Math.min(most, config.context() - beginning.length);
        int[] text = Arrays.copyOf(beginning, beginning.length + Math.max(0, n));
        try (NDManager owner = device.root().newSubManager()) {
            NDArray row = ComputeDevice.array(owner, adapter, adapter.length);
            for (int at = beginning.length; at < text.length; at++) {
                try (NDManager m = owner.newSubManager()) {
                    NDArray ids =
                            m.create(Arrays.stream(text, 0, at).asLongStream().toArray(), new Shape(1, at));
                    NDList likeliest = program.topLogits(ids, row, base, m.create(new long[] {at - 1}), top, m);
                    text[at] = (int) likeliest.get(1)
                            .toLongArray()[drawn(likeliest.get(0).toFloatArray(), temperature, stream)];
                }
            }
        }
        return Arrays.copyOfRange(text, beginning.length, text.length);
    }

    /** @param logits falling */
    private static int drawn(float[] logits, double temperature, RandomStream stream) {
        double[] upTo = new double[logits.length];
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
            sum += Math.exp((logits[k] - logits[0]) / temperature);
            upTo[k] = sum;
        }
        int at = Arrays.binarySearch(upTo, stream.uniform() * sum);
        return Math.min(logits.length - 1, at >= 0 ? at : -at - 1);
    }

    void submit(Gpt2Learner.Turn turn) {
        workers.submit(turn);
    }

    ComputeDevice device() {
        return device;
    }

    Gpt2Config config() {
        return config;
    }

    public AdapterLayout layout() {
        return layout;
    }

    Gpt2Program program() {
        return program;
    }

    Gpt2Base base() {
        return base;
    }

    /**
     * Lets go of all turns that are under way, those waiting and those begun, and returns when no thread computes any
     * more; they fail.
     */
    public void settle() {
        workers.settle();
    }

    /** Waits for the steps under way, then frees everything. */
    @Override
    public void close() {
        workers.close();
        base.close();
        device.close();
    }
}
