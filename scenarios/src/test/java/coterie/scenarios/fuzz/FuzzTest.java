package coterie.scenarios.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Mutated scenarios and foreign files through the command line: {@code validate} accepts an input or says in one line
 * what is wrong and where, and an accepted input can be run. {@code -Dcoterie.fuzz.seed=N} draws other cases,
 * {@code -Dcoterie.fuzz.cases=N} more or fewer, {@code -Dcoterie.fuzz.only=KIND,...} only some kinds,
 * {@code -Dcoterie.fuzz.case=KIND/N} repeats one; {@code -Dcoterie.fuzz.minutes=N} sets the length of the long test.
 */
@Tag("fuzz")
class FuzzTest {
    private static final int CASES = Integer.getInteger("coterie.fuzz.cases", 150);
    private static final long SEED = Long.getLong("coterie.fuzz.seed", 1);
    private static final long MINUTES = Long.getLong("coterie.fuzz.minutes", 60);
    private static final int THREADS = Integer.getInteger("coterie.fuzz.threads", 2);
    private static final int RUNS = Integer.getInteger("coterie.fuzz.runs", 1);
    private static final String ONE = System.getProperty("coterie.fuzz.case");
    private static final List<String> ONLY =
            List.of(System.getProperty("coterie.fuzz.only", "").split(","));
    private Campaign campaign;

    @BeforeEach
    void prepare(TestInfo test) throws IOException {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        // Short, since it stands in every message.
        String name = test.getTags().contains("slow")
                ? "long"
                : test.getDisplayName().contains("Scenarios") ? "scenarios" : "foreign";
        campaign = new Campaign(module.resolve("target/fuzz").resolve(name), module, ONE != null ? 1 : RUNS);
    }

    @AfterEach
    void release() throws IOException {
        campaign.close();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void mutatedScenariosAreRefusedInWordsOrCanBeRun() throws Exception {
        if (ONE == null || ONE.startsWith(ScenarioCases.KIND + "/")) {
            look(SEED, CASES, Long.MAX_VALUE, List.of(ScenarioCases.KIND));
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void mutatedForeignFilesAreRefusedInWordsOrCanBeRun() throws Exception {
        if (ONE == null || !ONE.startsWith(ScenarioCases.KIND + "/")) {
            look(SEED, CASES, Long.MAX_VALUE, campaign.foreignKinds());
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void theSameForAnHourFromAnotherSeedEachTime() throws Exception {
        if (ONE == null) {
            List<String> kinds = new ArrayList<>();
            for (String foreign : campaign.foreignKinds()) {
                // As many scenarios as foreign files.
                kinds.add(foreign);
                kinds.add(ScenarioCases.KIND);
            }
            long seed = Long.getLong("coterie.fuzz.seed", System.currentTimeMillis());
            look(seed, Long.MAX_VALUE, System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES), kinds);
        }
    }

    /** Checks so many cases, or until then; each case's seed follows from this one and its number. */
    private void look(long seed, long cases, long until, List<String> all) throws Exception {
        if (ONE != null) {
            int slash = ONE.indexOf('/');
            campaign.check(ONE.substring(0, slash), Long.parseLong(ONE.substring(slash + 1)));
            judge(1);
            return;
        }
        List<String> kinds =
                all.stream().filter(k -> ONLY.contains("") || ONLY.contains(k)).toList();
        if (kinds.isEmpty()) {
            return;
        }
        campaign.checkCorpus();
        campaign.tell("fuzz: seed " + seed + " (-Dcoterie.fuzz.seed=" + seed + ")");
        // Drawn, so that seeds beside each other have no cases in common.
        long first = new SplittableRandom(seed).nextLong();
        AtomicLong next = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            done.add(threads.submit(() -> {
                for (long n = next.getAndIncrement();
                        n < cases && System.nanoTime() - until < 0;
                        n = next.getAndIncrement()) {
                    // No sign, so that it can be typed.
                    campaign.check(
                            kinds.get((int) (n % kinds.size())), new SplittableRandom(first + n).nextLong() >>> 1);
                }
                return null;
            }));
        }
        try {
            for (Future<?> f : done) {
                wait(f);
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
        judge(cases == Long.MAX_VALUE ? 1 : cases);
    }

    private static void wait(Future<?> f) throws Exception {
        try {
            f.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception x ? x : e;
        }
    }

    private void judge(long least) throws IOException {
        campaign.tell("fuzz: " + campaign.told());
        assertThat(campaign.checked()).isGreaterThanOrEqualTo((int) least);
        assertThat(campaign.failed())
                .withFailMessage(() -> {
                    try {
                        return campaign.failures();
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isZero();
    }
}
