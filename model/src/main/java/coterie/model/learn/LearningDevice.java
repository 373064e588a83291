package coterie.model.learn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.BaseWeights;
import coterie.model.base.DecoderConfig;
import coterie.model.program.AdamW;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.PassMode;
import coterie.model.program.Precision;
import coterie.model.program.TextGenerator;
import coterie.model.text.FederatedDataset;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.DeviceErrors;
import coterie.model.torch.Torch;
import coterie.model.trust.TrustManager;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A device where users learn: the frozen base, its program, and the threads that compute there. */
public final class LearningDevice implements AutoCloseable {
    /** Computes the gradients of a pass: the program, or a fake in tests. Arguments as of {@link DecoderProgram}. */
    interface PassProgram {
        DecoderProgram.Gradients gradients(
                NDArray ids,
                NDArray targets,
                AdapterLayout layout,
                List<NDArray> rows,
                long[] seeds,
                FrozenBase base,
                PassMode mode,
                NDManager results);
    }

    private final ComputeDevice device;
    private final DecoderConfig config;
    private final DecoderProgram program;
    private final PassProgram passProgram;
    private final FrozenBase base;
    private final TextGenerator generator;
    private final MeasuredPasses passes;
    private final FittingPasses fitting;
    private final StepWorkers<LoraLearner.Turn> workers;

    /**
     * Loads the base onto the device and starts its workers.
     *
     * @param threads number of workers; on a CPU at most its cores
     * @param stack largest number of users in a pass
     * @throws IllegalArgumentException if the device cannot be used
     * @throws coterie.model.torch.DeviceFailedException if the base does not fit into its memory
     * @throws coterie.model.text.DataException if the weights cannot be read, as {@link BaseWeights#read} says
     */
    public LearningDevice(
            String name,
            BaseWeights weights,
            AdamW optimiser,
            Precision precision,
            double baseDropout,
            int threads,
            int stack) {
        this(name, weights, optimiser, precision, baseDropout, threads, stack, p -> p);
    }

    /** @param decorate returns what computes passes in place of the program */
    LearningDevice(
            String name,
            BaseWeights weights,
            AdamW optimiser,
            Precision precision,
            double baseDropout,
            int threads,
            int stack,
            UnaryOperator<PassProgram> decorate) {
        device = ComputeDevice.of(name);
        config = weights.config();
        try {
            program = new DecoderProgram(config, optimiser, precision, baseDropout, device);
            passProgram = decorate.apply(program::gradients);
            base = new FrozenBase(weights, program, device);
            generator = new TextGenerator(program, base, device);
            passes = new MeasuredPasses(device, base, program, precision, baseDropout, threads, stack);
            fitting = new FittingPasses(device);
            workers = new StepWorkers<>("compute-" + device.name(), threads, Torch::prepareThread, this::step);
        } catch (RuntimeException e) {
            device.close();
            throw DeviceErrors.inWords(e, name);
        } catch (Error e) {
            device.close();
            throw e;
        }
    }

    public String name() {
        return device.name();
    }

    /** The arithmetic of products with the base here. @see DecoderProgram#arithmetic */
    public String arithmetic() {
        return program.arithmetic();
    }

    /** Whether training here recomputes activations, by plan or since a user's pass did not fit into memory. */
    public boolean recomputes() {
        return passes.recompute() || fitting.recomputing();
    }

    /**
     * Creates a learner on this device. The first call with given rules measures how users may share passes.
     *
     * @param layout of the user's adapter
     * @param start the user's initial adapter [P]
     * @throws coterie.model.torch.DeviceFailedException if the user does not fit into the device's memory
     */
    public Learner learner(
            int user,
            FederatedDataset dataset,
            AdapterLayout layout,
            float[] start,
            LearningRules rules,
            TrustManager trustManager) {
        return learner(
                user,
                dataset,
                layout,
                start,
                rules,
                trustManager,
                passes(rules, layout, dataset.users().size()));
    }

    /** The same, with passes shared as given, for comparisons of speed: a user's bits may then depend on others. */
    public Learner learner(
            int user,
            FederatedDataset dataset,
            AdapterLayout layout,
            float[] start,
            LearningRules rules,
            TrustManager trustManager,
            Passes shared) {
        if (!layout.config().equals(config)) {
            throw new IllegalArgumentException("user " + user + "'s adapter (" + layout + ") is for another base");
        }
        try {
            return new LoraLearner(
                    user,
                    dataset.users().get(user),
                    dataset.shared(),
                    layout,
                    start,
                    rules,
                    trustManager,
                    shared,
                    this);
        } catch (EngineException e) {
            throw DeviceErrors.inWords(e, name());
        }
    }

    /**
     * How users share training passes here.
     *
     * @param layout of their adapters
     * @param users of the whole run
     */
    public Passes passes(LearningRules rules, AdapterLayout layout, int users) {
        return passes.of(rules, layout, users);
    }

    /**
     * One pass for all jobs whose adapters have the same layout, and one update for each whose gradient is complete.
     */
    private void step(List<LoraLearner.Turn> jobs) {
        Map<AdapterLayout, List<LoraLearner.Turn>> alike = new LinkedHashMap<>();
        jobs.forEach(j -> alike.computeIfAbsent(j.learner().layout(), l -> new ArrayList<>())
                .add(j));
        alike.forEach(this::step);
    }

    private void step(AdapterLayout layout, List<LoraLearner.Turn> jobs) {
        LoraLearner.Turn first = jobs.get(0);
        fitting.compute(
                jobs,
                first.passes(),
                () -> passes.need(first.rules(), layout),
                (some, places, recompute) -> pass(layout, some, places, recompute));
    }

    /** What may fail for lack of memory comes before the first change of a user, so that the pass can be repeated. */
    private void pass(AdapterLayout layout, List<LoraLearner.Turn> jobs, int places, boolean recompute) {
        LearningRules rules = jobs.get(0).rules();
        PassMode mode = new PassMode(jobs.get(0).passes().kind() == Passes.Kind.APART, recompute);
        try (NDManager scratch = device.root().newSubManager()) {
            List<NDArray> rows = new ArrayList<>();
            long[] seeds = new long[places];
            int size = Math.multiplyExact(rules.batch(), rules.context());
            long[] ids = new long[Math.multiplyExact(places, size)];
            long[] targets = new long[ids.length];
            for (int u = 0; u < places; u++) {
                // Places without a user repeat the last one; their results are dropped.
                LoraLearner.Turn job = jobs.get(Math.min(u, jobs.size() - 1));
                rows.add(job.learner().row());
                seeds[u] = job.dropoutSeed();
                TokenWindows w = job.batch();
                System.arraycopy(w.ids(), 0, ids, u * size, size);
                System.arraycopy(w.targets(), 0, targets, u * size, size);
            }
            Shape shape = new Shape((long) places * rules.batch(), rules.context());
            DecoderProgram.Gradients g = passProgram.gradients(
                    scratch.create(ids, shape),
                    scratch.create(targets, shape),
                    layout,
                    rows,
                    seeds,
                    base,
                    mode,
                    scratch);
            float[] losses = ComputeDevice.floats(g.loss());
            if (rules.accumulation() == 1) {
                update(jobs, g.gradient(), 1, scratch);
            } else {
                accumulate(jobs, g.gradient(), rules.accumulation(), scratch);
            }
            for (int u = 0; u < jobs.size(); u++) {
                jobs.get(u).stepped(losses[u]);
            }
        }
    }

    private void accumulate(List<LoraLearner.Turn> jobs, NDArray gradient, int passes, NDManager scratch) {
        List<NDArray> sums = new ArrayList<>();
        List<LoraLearner.Turn> complete = new ArrayList<>();
        NDList completeSums = new NDList();
        for (int u = 0; u < jobs.size(); u++) {
            LoraLearner.Turn job = jobs.get(u);
            NDArray own = gradient.get(u);
            NDArray sum =
                    job.pass() == 0 ? own.duplicate() : own.add(job.learner().accumulated());
            sums.add(sum);
            if (job.pass() == passes - 1) {
                complete.add(job);
                completeSums.add(sum);
            }
        }
        if (!complete.isEmpty()) {
            update(complete, NDArrays.stack(completeSums), 1.0 / passes, scratch);
        }
        for (int u = 0; u < jobs.size(); u++) {
            jobs.get(u).learner().accumulate(jobs.get(u).pass() < passes - 1 ? sums.get(u) : null);
        }
    }

    /** @param gradient [U, P] or with more rows, which are not used */
    private void update(List<LoraLearner.Turn> jobs, NDArray gradient, double factor, NDManager scratch) {
        List<NDArray> rows = new ArrayList<>();
        List<NDArray> expAvg = new ArrayList<>();
        List<NDArray> expAvgSq = new ArrayList<>();
        double[] rates = new double[jobs.size()];
        double[] steps = new double[jobs.size()];
        for (int u = 0; u < jobs.size(); u++) {
            LoraLearner.Turn job = jobs.get(u);
            rows.add(job.learner().row());
            expAvg.add(job.learner().expAvg());
            expAvgSq.add(job.learner().expAvgSq());
            rates[u] = job.rate();
            steps[u] = job.updateNumber();
        }
        program.update(rows, gradient, expAvg, expAvgSq, rates, steps, factor, scratch);
    }

    /**
     * Continues a text with the base and an adapter, drawing each token among the most likely ones.
     *
     * @param layout of the adapter
     * @param adapter [P]
     * @param beginning at least one token
     * @param most number of tokens to add; fewer if the context is full before
     * @param top number of most likely tokens to draw from
     * @param temperature divides the logits
     * @return the tokens added
     */
    public int[] continued(
            AdapterLayout layout,
            float[] adapter,
            int[] beginning,
            int most,
            int top,
            double temperature,
            RandomStream stream) {
        try (NDManager owner = device.root().newSubManager()) {
            return generator.continued(
                    layout,
                    ComputeDevice.array(owner, adapter, adapter.length),
                    beginning,
                    most,
                    top,
                    logits -> drawn(logits, temperature, stream));
        }
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

    void submit(LoraLearner.Turn turn) {
        workers.submit(turn);
    }

    FittingPasses fitting() {
        return fitting;
    }

    ComputeDevice device() {
        return device;
    }

    DecoderConfig config() {
        return config;
    }

    DecoderProgram program() {
        return program;
    }

    FrozenBase base() {
        return base;
    }

    /** Fails all turns, and returns when no thread computes. */
    public void settle() {
        workers.settle();
    }

    /** Waits for the current steps, then frees all memory. */
    @Override
    public void close() {
        workers.close();
        base.close();
        device.close();
    }
}
