package coterie.model.learn;

import static coterie.model.learn.LoraFixture.USERS;
import static coterie.model.learn.LoraFixture.device;
import static coterie.model.learn.LoraFixture.learners;
import static coterie.model.learn.LoraFixture.predictions;
import static coterie.model.learn.LoraFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.exchange.Exchange;
import coterie.model.trust.MixingInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten thousand turns, in a process whose Java heap is resident from the beginning: what grows is native memory. */
@Tag("slow")
class MemoryGrowthTest {
    private static final int ROUNDS = 2000;
    private static final int ROUNDS_PER_SAMPLE = 100;
    /** Iterations of the learning rate's schedule. */
    private static final int SCHEDULED = 40;
    /** Samples before memory is expected to be steady. */
    private static final int WARM_UP = 8;
    /** Bytes a turn: each turn mixes, trains, predicts and evaluates, and copies arrays of 6 kB ten times. */
    private static final double MOST = 500;

    @Test
    void memoryStaysFlatOverTenThousandTurns() throws Exception {
        Process p = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Turns.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.matches("\\d+ \\d+ \\d+"))
                .toList();
        assertThat(p.waitFor()).isZero();
        assertThat(lines).hasSize(ROUNDS / ROUNDS_PER_SAMPLE);
        double[] resident = lines.stream()
                .mapToDouble(l -> Double.parseDouble(l.split(" ")[1]))
                .toArray();
        double slope = slope(resident) / (ROUNDS_PER_SAMPLE * USERS);
        System.out.printf("turns, resident bytes, arrays:%n%s%n%.0f bytes a turn%n", String.join("\n", lines), slope);
        assertThat(slope).as("bytes a turn").isLessThan(MOST);
        assertThat(lines.stream().skip(1).map(l -> l.split(" ")[2]).distinct())
                .as("arrays that outlive a turn")
                .hasSize(1);
    }

    /** Growth from sample to sample after the warm-up, by least squares. */
    private static double slope(double[] y) {
        int n = y.length - WARM_UP;
        double mean = 0;
        for (int k = 0; k < n; k++) {
            mean += y[WARM_UP + k] / n;
        }
        double above = 0;
        double below = 0;
        for (int k = 0; k < n; k++) {
            double x = k - (n - 1) / 2.0;
            above += x * (y[WARM_UP + k] - mean);
            below += x * x;
        }
        return above / below;
    }

    /** The turns; prints their number, resident bytes, and the number of arrays on the device. */
    static final class Turns {
        private Turns() {}

        public static void main(String[] arguments) throws IOException {
            try (LearningDevice on = device(1, 4)) {
                List<Learner> learners = learners(on, rules(2, 1, Exchange.PARAMETERS), predictions());
                List<TurnOutcome> last = null;
                for (int round = 0; round < ROUNDS; round++) {
                    TurnPlan.Beginning beginning = last == null
                            ? TurnPlan.Own.INSTANCE
                            : new TurnPlan.Mix(new MixingInput(
                                    round - 1,
                                    0,
                                    last.stream().map(TurnOutcome::snapshot).toList(),
                                    new int[USERS]));
                    List<CompletableFuture<TurnOutcome>> turns = new ArrayList<>();
                    for (Learner l : learners) {
                        turns.add(l.turn(TurnPlan.turn(round, beginning, round % SCHEDULED)
                                .evaluateFirst(true)
                                .train(1)
                                .publish(true)
                                .build()));
                    }
                    last = turns.stream().map(CompletableFuture::join).toList();
                    if ((round + 1) % ROUNDS_PER_SAMPLE == 0) {
                        learners.forEach(Learner::state);
                        System.gc();
                        System.out.println((round + 1) * USERS + " " + resident() + " "
                                + on.device().root().getManagedArrays().size());
                    }
                }
                learners.forEach(Learner::close);
            }
        }

        private static long resident() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
