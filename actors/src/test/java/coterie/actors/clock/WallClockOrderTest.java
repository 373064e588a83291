package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserProcess;
import coterie.actors.verify.Verifier;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** Under the wall clock too, a user never acts in its own past, however late its device is. */
class WallClockOrderTest {
    private static final int WORLDS = Integer.getInteger("coterie.worlds", 25);
    private static final double SPEED = 3000;
    private static final int LATEST_MILLIS = 12;
    private static final int OTHERS_AT_WORK = 2;

    /** A message arrives while a user's device is late; the user receives it after its turn has ended. */
    @Test
    void aMessageThatWaitedForALateTurnArrivesAfterIt() {
        SimulationConfig config = SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(3, 1)))
                .links(new Links(new Latency.Constant(100), 0))
                .compute(new ComputeTime.Constant(10))
                .mode(Mode.SYNCHRONOUS)
                .schedule(new TurnSchedule(4, 0, 2, 0))
                .records(RecordLevel.MESSAGES)
                .build();
        List<CompletableFuture<TurnOutcome>> computations = new ArrayList<>();
        Learner late = new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                computations.add(new CompletableFuture<>());
                return computations.get(computations.size() - 1);
            }

            @Override
            public void close() {}
        };
        ActorTestKit kit = ActorTestKit.create();
        try {
            TestProbe<Report> clock = kit.createTestProbe();
            AtomicLong now = new AtomicLong();
            ActorRef<UserActor.Command> user = kit.spawn(UserActor.create(
                    0, new UserProcess(0, config, late), RunCodec.of(config), clock.getRef(), now::get));
            user.tell(UserActor.Begin.INSTANCE);
            long end =
                    clock.expectMessageClass(Report.Progressed.class).outlook().next();
            now.set(end);
            user.tell(new UserActor.Window(end + 1, List.of()));
            // The turn should have ended at 10 s, and ends at 15 s; the neighbours' snapshots come at 12 s.
            float[] row = {1, 2, 3, 4};
            List<Message> messages = new ArrayList<>();
            for (int from = 1; from <= 2; from++) {
                Snapshot theirs = new Snapshot(from, 0, 2, row, null);
                messages.add(new Message(
                        new Payload(Payload.Kind.SNAPSHOT, end, 0, from, 0, theirs, 16), 0, 0, Ticks.at(12)));
            }
            now.set(Ticks.at(15));
            computations
                    .get(0)
                    .complete(new TurnOutcome(null, 0, List.of(), 0, 2, row, 7, new Snapshot(0, 0, 2, row, null)));
            List<Dated> told = new ArrayList<>(
                    clock.expectMessageClass(Report.Progressed.class).observed());
            user.tell(new UserActor.Window(Ticks.at(15) + 1, messages));
            Report.Progressed p = clock.expectMessageClass(Report.Progressed.class);
            told.addAll(p.observed());
            assertThat(told)
                    .extracting(d -> d.observation().getClass().getSimpleName())
                    .containsExactly("Sent", "Sent", "TurnEnded", "Received", "Received");
            assertThat(told).extracting(Dated::tick).isSorted();
            assertThat(p.outlook().next())
                    .as("the next turn begins after the one before")
                    .isGreaterThan(Ticks.at(15));
        } finally {
            kit.shutdownTestKit();
        }
    }

    /** Any simulation in real time, with late devices on a busy machine. */
    @Test
    void recordsAreInOrderWhateverTheLoad() {
        AtomicLong drawn = new AtomicLong();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
        Executor late = task -> timer.schedule(
                task,
                Math.floorMod(drawn.incrementAndGet() * 0x9E3779B97F4A7C15L >>> 20, LATEST_MILLIS),
                TimeUnit.MILLISECONDS);
        List<Thread> others = new ArrayList<>();
        for (int k = 0; k < OTHERS_AT_WORK; k++) {
            Thread t = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
            t.start();
            others.add(t);
        }
        try {
            Long only = Long.getLong("coterie.seed");
            for (long seed = only == null ? 1 : only; seed <= (only == null ? WORLDS : only); seed++) {
                Setting setting = RandomConfigs.drawn(seed, false);
                Verifier verifier = new Verifier(setting.config(), new Verifier.Known(false, null, 1));
                Verifier files = new Verifier(setting.config(), new Verifier.Known(false, null, 1));
                RunResult result;
                List<Observation> seen = new ArrayList<>();
                try (Simulation s = Runs.start(
                        setting.config(),
                        ArithmeticLearner.of(setting, late),
                        o -> {
                            verifier.observed(o);
                            seen.add(o);
                        },
                        new Simulation.Wall(SPEED))) {
                    result = s.await();
                }
                verifier.completed(SimulatedWorldsTest.totals(result));
                FileOrder.of(seen, true).forEach(files::observed);
                files.completed(SimulatedWorldsTest.totals(result));
                assertThat(files.violations())
                        .as("seed %d, in the order of files", seed)
                        .isEmpty();
                assertThat(verifier.violations())
                        .as("seed %d (repeat it with -Dcoterie.seed=%d)", seed, seed)
                        .isEmpty();
                assertThat(seen)
                        .as("seed %d", seed)
                        .extracting(Observation::seconds)
                        .isSorted();
            }
        } finally {
            others.forEach(Thread::interrupt);
            timer.shutdownNow();
        }
    }
}
