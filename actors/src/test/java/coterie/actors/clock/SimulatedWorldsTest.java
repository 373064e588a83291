package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.user.PlainLoop;
import coterie.actors.user.UserProcess;
import coterie.actors.verify.Verifier;
import coterie.actors.verify.Verifier.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Simulation testing: simulations drawn from seeds, each computed by the plain loop and by actors with one and with
 * three compute threads; all records are verified. A failing seed is printed; {@code -Dcoterie.seed=N} repeats it
 * alone, {@code -Dcoterie.worlds=N} draws more.
 */
class SimulatedWorldsTest {
    private static final int WORLDS = Integer.getInteger("coterie.worlds", 2000);

    @Test
    void anyWorldIsRepeatableAndCanBeTrue() {
        Long only = Long.getLong("coterie.seed");
        ExecutorService one = Executors.newFixedThreadPool(1);
        ExecutorService three = Executors.newFixedThreadPool(3);
        long checked = 0;
        try {
            for (long seed = only == null ? 1 : only; seed <= (only == null ? WORLDS : only); seed++) {
                try {
                    checked += check(RandomConfigs.drawn(seed), one, three);
                } catch (RuntimeException | AssertionError e) {
                    fail("seed " + seed + " (repeat it with -Dcoterie.seed=" + seed + "): " + e.getMessage(), e);
                }
            }
        } finally {
            one.shutdownNow();
            three.shutdownNow();
        }
        assertThat(checked).as("observations verified").isGreaterThan(only == null ? 100L * WORLDS : 0);
    }

    private static long check(Setting setting, ExecutorService one, ExecutorService three) {
        List<UserProcess> oracle = PlainLoop.run(setting.config(), ArithmeticLearner.of(setting, Runnable::run));
        Verifier verifier = new Verifier(setting.config(), new Verifier.Known(true, setting.rules(), 1));
        List<String> text = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        RunResult first;
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, one), o -> {
            verifier.observed(o);
            seen.add(o);
            text.add(ObservationText.of(o));
        })) {
            first = s.await();
        } catch (RunFailedException e) {
            throw new IllegalStateException(
                    e.getMessage() + "\nafter\n" + String.join("\n", text) + "\nin " + setting.config(), e);
        }
        List<String> again = new ArrayList<>();
        RunResult second;
        try (Simulation s = Runs.start(
                setting.config(), ArithmeticLearner.of(setting, three), o -> again.add(ObservationText.of(o)))) {
            second = s.await();
        }
        verifier.completed(totals(first));
        assertThat(verifier.violations()).isEmpty();
        for (boolean messages : new boolean[] {true, false}) {
            Verifier files = new Verifier(setting.config(), new Verifier.Known(true, setting.rules(), 1));
            FileOrder.of(seen, messages).forEach(files::observed);
            files.completed(totals(first));
            assertThat(files.violations())
                    .as("in the order of files, messages: %s", messages)
                    .isEmpty();
        }
        assertThat(second.traceHash()).isEqualTo(first.traceHash());
        assertThat(again).isEqualTo(text);
        for (int u = 0; u < oracle.size(); u++) {
            assertThat(first.users().get(u).traceHash())
                    .as("trace of user %d beside the plain loop's", u)
                    .isEqualTo(oracle.get(u).traceHash());
            assertThat(first.users().get(u).parameters())
                    .isEqualTo(oracle.get(u).parameters());
        }
        return verifier.checked();
    }

    static Totals totals(RunResult r) {
        long[] t = new long[5];
        for (RunResult.End e : r.users()) {
            t[0] += e.messages().sent().messages();
            t[1] += e.messages().sent().lost();
            t[2] += e.messages().received();
            t[3] += e.messages().dropped();
            t[4] += e.messages().sent().parameterBytes() + e.messages().sent().predictionBytes();
        }
        return new Totals(-1, t[0], t[1], t[2], t[3], t[4]);
    }
}
