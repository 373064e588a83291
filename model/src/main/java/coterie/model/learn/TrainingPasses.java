package coterie.model.learn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.PassMode;
import coterie.model.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The passes on a device that several users share: training steps, and forward passes that turns are about to make. */
final class TrainingPasses implements StepWorkers.Stepper<LoraLearner.Turn> {
    private final ComputeDevice device;
    private final DecoderProgram program;
    private final LearningDevice.PassProgram passProgram;
    private final FrozenBase base;
    private final MeasuredPasses passes;
    private final FittingPasses fitting;
    private final ForwardStacks stacks;

    /** @param passProgram what computes gradients: the program, or a fake in tests */
    TrainingPasses(
            ComputeDevice device,
            DecoderProgram program,
            LearningDevice.PassProgram passProgram,
            FrozenBase base,
            MeasuredPasses passes,
            FittingPasses fitting,
            ForwardPasses forward) {
        this.device = device;
        this.program = program;
        this.passProgram = passProgram;
        this.base = base;
        this.passes = passes;
        this.fitting = fitting;
        stacks = new ForwardStacks(forward);
    }

    @Override
    public void foresee(List<LoraLearner.Turn> jobs) {
        stacks.compute(jobs);
    }

    /**
     * One pass for all jobs whose adapters have the same layout, and one update for each whose gradient is complete.
     */
    @Override
    public void step(List<LoraLearner.Turn> jobs) {
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
            // The program copies them to the device, in the order of its work.
            NDManager host = device.isCpu() ? scratch : scratch.newSubManager(Device.cpu());
            DecoderProgram.Gradients g = passProgram.gradients(
                    host.create(ids, shape), host.create(targets, shape), layout, rows, seeds, base, mode, scratch);
            if (rules.accumulation() == 1) {
                update(jobs, g.gradient(), 1, scratch);
            } else {
                accumulate(jobs, g.gradient(), rules.accumulation(), scratch);
            }
            PassLosses losses = new PassLosses(g.loss(), device);
            boolean later = jobs.get(0).passes().kind() == Passes.Kind.CONSTANT || !device.isCpu();
            for (int u = 0; u < jobs.size(); u++) {
                jobs.get(u).stepped(losses, u, later);
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
}
