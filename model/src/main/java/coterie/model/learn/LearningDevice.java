package coterie.model.learn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import java.util.Arrays;
import java.util.List;
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

    /** On a GPU, where a single worker would do for all users what a CPU does on each of its cores. */
    private static final int MOST_HELPERS = 8;

    private final ComputeDevice device;
    private final DecoderConfig config;
    private final DecoderProgram program;
    private final FrozenBase base;
    private final TextGenerator generator;
    private final MeasuredPasses passes;
    private final FittingPasses fitting;
    private final ForwardPasses forward;
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
        this(
                name,
                weights,
                optimiser,
                precision,
                baseDropout,
                threads,
                stack,
                name.equals("cpu")
                        ? 0
                        : Math.min(MOST_HELPERS, Runtime.getRuntime().availableProcessors() - 1),
                p -> p);
    }

    /**
     * The same, for tests.
     *
     * @param helpers threads that mix, copy and measure for users whose steps a worker computes together
     * @param decorate returns what computes passes in place of the program
     */
    LearningDevice(
            String name,
            BaseWeights weights,
            AdamW optimiser,
            Precision precision,
            double baseDropout,
            int threads,
            int stack,
            int helpers,
            UnaryOperator<PassProgram> decorate) {
        device = ComputeDevice.of(name);
        config = weights.config();
        try {
            program = new DecoderProgram(config, optimiser, precision, baseDropout, device);
            base = new FrozenBase(weights, program, device);
            generator = new TextGenerator(program, base, device);
            passes = new MeasuredPasses(device, base, program, precision, baseDropout, threads, stack);
            fitting = new FittingPasses(device);
            forward = new ForwardPasses(this);
            TrainingPasses training = new TrainingPasses(
                    device, program, decorate.apply(program::gradients), base, passes, fitting, forward);
            workers = new StepWorkers<>("compute-" + device.name(), threads, helpers, Torch::prepareThread, training);
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
                    user, dataset.users(), dataset.shared(), layout, start, rules, trustManager, shared, this);
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

    ForwardPasses forward() {
        return forward;
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
