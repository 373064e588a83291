package coterie.scenarios.command;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.model.torch.MatrixPeak;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code coterie bench}: speed of a whole training step, and memory per user. Weights are random, since speed does not
 * depend on them.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure training steps and memory on this machine.",
        subcommands = {PassesBench.class, EngineBench.class, ClusterBench.class, AggregationBench.class})
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            defaultValue = "124m",
            description =
                    "a base's shape: 124m (GPT-2), smollm2-135m or tiny (the built-in base; default: ${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--users",
            defaultValue = "2",
            description = "users that train at the same time (default: ${DEFAULT-VALUE})")
    private int users;

    @Option(names = "--batch", defaultValue = "2", description = "sequences per step (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--context", defaultValue = "128", description = "tokens per sequence (default: ${DEFAULT-VALUE})")
    private int context;

    @Option(names = "--dropout", defaultValue = "0.1", description = "LoRA's dropout (default: ${DEFAULT-VALUE})")
    private double dropout;

    @Option(names = "--precision", defaultValue = "FLOAT32", description = "float32 or bfloat16 (default: float32)")
    private Precision precision;

    @Option(
            names = "--steps",
            defaultValue = "4",
            description = "steps per user in each repetition (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--repeat",
            defaultValue = "5",
            description = "repetitions; the median counts (default: ${DEFAULT-VALUE})")
    private int repeat;

    private static final long SETTLE_MILLIS = 100;
    private static final int MOST_USERS = 100_000;
    private static final int MOST_TOKENS = 1 << 20;

    @Mixin
    private DeviceOptions device;

    /** A node keeps each user's newest snapshot, which counts as its memory. */
    private final List<TurnOutcome> newest = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        device.check();
        if (users < 1 || batch < 1 || context < 2 || steps < 1 || repeat < 1) {
            throw new InputException("bench: users, batch, steps and repeat must be at least 1, context at least 2");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException("--dropout must lie in [0, 1), found " + dropout);
        }
        if (users > MOST_USERS || (long) batch * context > MOST_TOKENS) {
            throw new InputException("bench: at most " + MOST_USERS + " users and " + MOST_TOKENS
                    + " tokens a step (batch x context), found " + users + " and " + (long) batch * context);
        }
        DecoderConfig config = BenchUsers.config(model, context);
        AdapterLayout layout = BenchUsers.layout(config, dropout);
        String name = device.usable();
        try (MatrixPeak peak = new MatrixPeak(name, device.threads());
                LearningDevice on = new LearningDevice(
                        name,
                        MemoryWeights.random(config, 1),
                        AdamW.PAPER,
                        precision,
                        0,
                        device.threads(),
                        device.stack())) {
            measure(on, config, layout, peak);
        }
        return 0;
    }

    private void measure(LearningDevice on, DecoderConfig config, AdapterLayout layout, MatrixPeak peak)
            throws IOException {
        BenchUsers made = new BenchUsers(config, layout, users, batch, context);
        List<Learner> learners = new ArrayList<>();
        long withBase = resident();
        long withHalf = 0;
        long heapWithHalf = 0;
        newest.clear();
        // Moments become resident when they are written: each half trains before it is measured.
        for (int u = 0; u < users; u++) {
            learners.add(made.learner(on, u, null));
            if (u == users / 2 - 1) {
                newest.addAll(turn(learners, 0));
                withHalf = resident();
                heapWithHalf = heap();
            }
        }
        newest.addAll(turn(learners.subList(users / 2, users), 0));
        int more = users - users / 2;
        double perUser = users == 1 ? Double.NaN : (resident() - withHalf) / 1e6 / more;
        double heapPerUser = users == 1 ? Double.NaN : (heap() - heapWithHalf) / 1e6 / more;
        double[] wall = new double[repeat];
        double[] cpu = new double[repeat];
        double[] peaks = new double[repeat];
        double[] shares = new double[repeat];
        double tokens = (double) users * steps * batch * context;
        double flops = config.trainingFlops(context, layout.size()) * tokens;
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int r = 0; r < repeat; r++) {
            peaks[r] = peak.gigaflops();
            long w = System.nanoTime();
            long c = system.getProcessCpuTime();
            turn(learners, (r + 1) * steps);
            wall[r] = (System.nanoTime() - w) / 1e9;
            cpu[r] = (system.getProcessCpuTime() - c) / 1e9;
            shares[r] = flops / cpu[r] / 1e9 / peaks[r];
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %d users x %d x %d tokens, %d threads, stack %d (%s), %s%n",
                model,
                on.name(),
                users,
                batch,
                context,
                device.threads(),
                device.stack(),
                made.passes(on).inWords(),
                on.arithmetic());
        System.out.printf(
                Locale.ROOT,
                "  %.0f tokens/s (best %.0f), %.0f tokens a CPU second, %.1f steps/s%n",
                tokens / median(wall),
                tokens / least(wall),
                tokens / median(cpu),
                users * steps / median(wall));
        System.out.printf(
                Locale.ROOT,
                "  %.0f GFLOP a CPU second; float32 matrix products in turns with it, a core: %.0f (%.0f %%)%n",
                flops / median(cpu) / 1e9,
                median(peaks),
                100 * median(shares));
        System.out.printf(
                Locale.ROOT,
                "  %d adapter parameters; memory: %.0f MB with the base, %.2f MB more a user resident, of "
                        + "Java's heap %.2f MB live, %.0f MB at most%n",
                layout.size(),
                withBase / 1e6,
                perUser,
                heapPerUser,
                ProcessMemory.peak() / 1e6);
        on.settle();
        learners.forEach(Learner::close);
    }

    private List<TurnOutcome> turn(List<Learner> learners, int first) {
        List<CompletableFuture<TurnOutcome>> all = learners.stream()
                .map(l -> l.turn(TurnPlan.turn(first, TurnPlan.Own.INSTANCE, first)
                        .train(steps)
                        .build()))
                .toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    /** Resident memory after a collection; direct buffers are freed some time after it. */
    private static long resident() throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            try {
                Thread.sleep(SETTLE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return ProcessMemory.resident();
    }

    /** Used memory of Java's heap; to be called right after {@link #resident}, which collects. */
    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double median(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double least(double[] x) {
        return Arrays.stream(x).min().orElseThrow();
    }
}
