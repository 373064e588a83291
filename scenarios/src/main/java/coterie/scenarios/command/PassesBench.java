package coterie.scenarios.command;

import com.sun.management.OperatingSystemMXBean;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.Passes;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.program.AdamW;
import coterie.model.program.Precision;
import coterie.scenarios.config.InputException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coterie bench passes}: speed of training passes that users share, and whether users keep their bits. */
@Command(
        name = "passes",
        mixinStandardHelpOptions = true,
        description = "Measure the speed of training passes that users share, in every way"
                + " there is, on one thread; and whether users keep the bits of passes of their own.")
final class PassesBench implements Callable<Integer> {
    private static final int MOST_USERS = 16;
    private static final int MOST_TOKENS = 8192;

    @Option(
            names = "--model",
            defaultValue = "tiny",
            description =
                    "a base's shape: 124m (GPT-2), smollm2-135m or tiny (the built-in base; default: ${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--stack",
            defaultValue = "4",
            description = "users per pass, 2 to " + MOST_USERS + " (default: ${DEFAULT-VALUE})")
    private int stack;

    @Option(
            names = "--shape",
            split = ",",
            defaultValue = "1x16,1x32,1x64,2x64,4x64",
            paramLabel = "BxT",
            description = "sequences per step and tokens per sequence (default: ${DEFAULT-VALUE})")
    private String[] shapes;

    @Option(names = "--dropout", defaultValue = "0.1", description = "LoRA's dropout (default: ${DEFAULT-VALUE})")
    private double dropout;

    @Option(names = "--precision", defaultValue = "FLOAT32", description = "float32 or bfloat16 (default: float32)")
    private Precision precision;

    @Option(
            names = "--steps",
            defaultValue = "8",
            description = "steps per user in each repetition; not all share a pass in the first and last (default:"
                    + " ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--repeat",
            defaultValue = "9",
            description = "repetitions; the median counts (default: ${DEFAULT-VALUE})")
    private int repeat;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Override
    public Integer call() {
        if (stack < 2 || stack > MOST_USERS) {
            throw new InputException("--stack must be 2 to " + MOST_USERS + ", found " + stack);
        }
        if (repeat < 1 || steps < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new InputException("bench passes: repeat and steps must be at least 1, dropout in [0, 1)");
        }
        for (String shape : shapes) {
            int[] of = sizes(shape);
            measure(shape, of[0], of[1]);
        }
        return 0;
    }

    private static int[] sizes(String shape) {
        if (!shape.matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}")) {
            throw new InputException("--shape must be batch x context, such as 4x64, found " + shape);
        }
        int[] of = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        if (of[1] < 2 || of[0] * of[1] > MOST_TOKENS) {
            throw new InputException("--shape must have at least 2 tokens a sequence and at most " + MOST_TOKENS
                    + " a step, found " + shape);
        }
        return of;
    }

    private void measure(String shape, int batch, int context) {
        DecoderConfig config = BenchUsers.config(model, context);
        AdapterLayout layout = BenchUsers.layout(config, dropout);
        try (LearningDevice on =
                new LearningDevice("cpu", MemoryWeights.random(config, 1), AdamW.PAPER, precision, 0, 1, stack)) {
            BenchUsers users = new BenchUsers(config, layout, stack, batch, context);
            System.out.printf(
                    "%s, %s, %d users x %s tokens; a run would take: %s%n",
                    model, on.arithmetic(), stack, shape, users.passes(on).inWords());
            List<Passes> ways = Arrays.stream(Passes.Kind.values())
                    .map(k -> new Passes(k, k == Passes.Kind.ALONE ? 1 : stack))
                    .toList();
            List<List<Learner>> learners = ways.stream()
                    .map(way -> IntStream.range(0, stack)
                            .mapToObj(u -> users.learner(on, u, way))
                            .toList())
                    .toList();
            double[][] seconds = new double[ways.size()][repeat];
            boolean[] same = new boolean[ways.size()];
            Arrays.fill(same, true);
            // The first pass fills the processor's caches and does not count.
            for (int r = -1; r < repeat; r++) {
                List<List<float[]>> results = new ArrayList<>();
                for (int w = 0; w < ways.size(); w++) {
                    long begun = system.getProcessCpuTime();
                    results.add(turn(learners.get(w), (r + 1) * steps));
                    if (r >= 0) {
                        seconds[w][r] = (system.getProcessCpuTime() - begun) / 1e9 / stack / steps;
                    }
                }
                List<float[]> alone = results.get(Passes.Kind.ALONE.ordinal());
                for (int w = 0; w < ways.size(); w++) {
                    List<float[]> these = results.get(w);
                    same[w] &= IntStream.range(0, stack).allMatch(u -> Arrays.equals(these.get(u), alone.get(u)));
                }
            }
            report(ways, seconds, same);
            learners.forEach(all -> all.forEach(Learner::close));
        }
    }

    private static void report(List<Passes> ways, double[][] seconds, boolean[] same) {
        double alone = median(seconds[Passes.Kind.ALONE.ordinal()]);
        for (int w = 0; w < ways.size(); w++) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-8s %8.2f ms of a core a user's step, %4.2f of alone, %s%n",
                    ways.get(w).kind().name().toLowerCase(Locale.ROOT),
                    1e3 * median(seconds[w]),
                    median(seconds[w]) / alone,
                    same[w] ? "the same bits" : "OTHER BITS");
        }
    }

    private List<float[]> turn(List<Learner> learners, int first) {
        List<CompletableFuture<TurnOutcome>> all = learners.stream()
                .map(l -> l.turn(TurnPlan.turn(first, TurnPlan.Own.INSTANCE, first)
                        .train(steps)
                        .build()))
                .toList();
        return all.stream().map(f -> f.join().parameters()).toList();
    }

    private static double median(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
