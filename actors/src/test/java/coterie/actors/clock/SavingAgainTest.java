package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.user.Outlook;
import coterie.actors.user.SimulationConfig;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints that fail. The test plays the users: none of them answers for a window before the result of the preceding
 * checkpoint is known.
 */
class SavingAgainTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int USERS = 12;
    private static final long WHILE = 300;
    private static final String FAILURE = "the run goes on, but could not be saved: no space left; it is tried again ";
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RunActor.class);
    private ActorRef<Report> reports;

    private record Told(int user, UserActor.Command command) {}

    /** Where a checkpoint fails. */
    private enum Where {
        AT_ITS_BEGINNING,
        AT_A_USER,
        AT_ITS_END
    }

    /** A checkpoint is due at the end of the second window, or of every window; those that a rule names fail. */
    private static final class Failing implements Checkpoints {
        private final Where where;
        private final int most;
        private final boolean always;
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger whole = new AtomicInteger();
        private final AtomicInteger users = new AtomicInteger();
        private final Semaphore over = new Semaphore(0);
        private int asked;

        /** @param most attempts that fail */
        Failing(Where where, int most, boolean always) {
            this.where = where;
            this.most = most;
            this.always = always;
        }

        @Override
        public boolean due(long turns) {
            asked++;
            return always || asked == 2;
        }

        private void fail(Where here) throws IOException {
            if (here == where && begun.get() <= most) {
                throw new IOException("no space left");
            }
        }

        @Override
        public Writing begin() throws IOException {
            begun.incrementAndGet();
            try {
                fail(Where.AT_ITS_BEGINNING);
            } catch (IOException e) {
                over.release();
                throw e;
            }
            return new Writing() {
                @Override
                public void user(UserCheckpoint user) throws IOException {
                    users.incrementAndGet();
                    if (user.user() > 0) {
                        fail(Where.AT_A_USER);
                    }
                }

                @Override
                public void finish(ClockState clock) throws IOException {
                    fail(Where.AT_ITS_END);
                    whole.incrementAndGet();
                }

                @Override
                public void close() {
                    over.release();
                }
            };
        }
    }

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void deaf() {
        logger.detachAppender(appender);
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /**
     * Lets a number of windows pass.
     *
     * @return the windows at whose ends users were asked for their states, with the number of users asked
     */
    private List<String> live(Failing checkpoints, int windows) throws InterruptedException {
        SimulationConfig config = SimulationConfig.builder(
                        1, Neighbourhoods.fixed(new GraphModel.Ring().build(USERS, 1)))
                .build();
        UserRouter.Factory hiring = (context, to, time) -> {
            reports = to;
            return (user, command) -> told.add(new Told(user, command));
        };
        ActorRef<RunControl> clock = KIT.spawn(Clocks.create(
                config, hiring, o -> {}, checkpoints, null, new Simulation.Virtual(), new CompletableFuture<>()));
        List<String> saved = new ArrayList<>();
        int over = 0;
        for (int w = 0; w <= windows; w++) {
            int frozen = 0;
            for (int answers = 0; answers < USERS; ) {
                Told t = told.poll(WHILE, TimeUnit.SECONDS);
                assertThat(t).as("something goes on in window " + w).isNotNull();
                if (t.command instanceof UserActor.TakeCheckpoint) {
                    frozen++;
                    reports.tell(
                            new Report.Checkpointed(new UserCheckpoint(t.user, new byte[0], List.of(), List.of())));
                    continue;
                }
                for (; over < checkpoints.begun.get(); over++) {
                    assertThat(checkpoints.over.tryAcquire(WHILE, TimeUnit.SECONDS))
                            .isTrue();
                }
                answers++;
                long next = (w + 1) * 1_000_000_000_000L;
                reports.tell(new Report.Progressed(
                        t.user,
                        new Outlook(next, false, next, next, Ticks.NEVER, false, Ticks.NEVER),
                        List.of(),
                        List.of()));
            }
            if (frozen > 0) {
                saved.add((w - 1) + ": " + frozen);
            }
        }
        KIT.stop(clock);
        told.clear();
        appender.list.forEach(e -> lines.add(e.getFormattedMessage()));
        return saved;
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void aCheckpointThatFailsOnceIsThereAtTheNextWindow(Where where) throws InterruptedException {
        Failing checkpoints = new Failing(where, 1, false);
        List<String> saved = live(checkpoints, 6);
        // If it fails early, users that were not yet asked are not asked at all.
        assertThat(saved).hasSize(2);
        assertThat(saved.get(0)).startsWith("1: ");
        assertThat(saved.get(1)).isEqualTo("2: " + USERS);
        assertThat(checkpoints.whole).hasValue(1);
        assertThat(lines)
                .containsExactly(
                        FAILURE + "at the end of the next window", "the run is saved again, after one failed attempt");
    }

    @Test
    void usersThatWereNotAskedYetAreSparedWhereACheckpointFailsEarly() throws InterruptedException {
        Failing checkpoints = new Failing(Where.AT_A_USER, 1, false);
        live(checkpoints, 4);
        // The second user failed: the recorder saw two users in the first attempt, all in the second.
        assertThat(checkpoints.users).hasValue(2 + USERS);
    }

    @Test
    void whereEveryOneFailsAttemptsGetRare() throws InterruptedException {
        for (Where where : Where.values()) {
            lines.clear();
            appender.list.clear();
            Failing checkpoints = new Failing(where, Integer.MAX_VALUE, true);
            long begin = System.nanoTime();
            live(checkpoints, 100);
            double seconds = (System.nanoTime() - begin) / 1e9;
            // Two at once, another after a second, then after two, four ...
            int most = 2 + (int) (Math.log(1 + seconds) / Math.log(2));
            assertThat(checkpoints.begun.get()).isBetween(2, most);
            assertThat(lines).hasSize(checkpoints.begun.get()).allMatch(l -> l.startsWith(FAILURE));
            assertThat(checkpoints.whole).hasValue(0);
        }
    }
}
