package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserProcess;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A user's actor, with a probe in place of the clock. */
class UserActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private final TestProbe<Report> clock = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static SimulationConfig config(Mode mode) {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(3, 1)))
                .links(new Links(new Latency.Constant(100), 0))
                .compute(new ComputeTime.Constant(10))
                .mode(mode)
                .schedule(new TurnSchedule(4, 0, 2, 0))
                .evaluateEvery(2)
                .build();
    }

    private ActorRef<UserActor.Command> spawn(Mode mode, Learner learner) {
        return KIT.spawn(UserActor.create(
                0, new UserProcess(0, config(mode), learner), RunCodec.of(config(mode)), clock.getRef(), null));
    }

    private static Learner instant() {
        return new ArithmeticLearner(0, 1, 2, Runnable::run, ArithmeticLearner.rules());
    }

    private Report.Progressed progressed() {
        return clock.expectMessageClass(Report.Progressed.class);
    }

    @Test
    void atItsBeginningItSaysWhenItsFirstTurnEnds() {
        spawn(Mode.ASYNCHRONOUS, instant()).tell(UserActor.Begin.INSTANCE);
        Report.Progressed p = progressed();
        assertThat(p.outlook().quiet()).isTrue();
        assertThat(p.outlook().next())
                .isEqualTo(10_000_000_000L * 256)
                .isEqualTo(p.outlook().earliestSending());
    }

    @Test
    void atATurnsEndItSendsItsSnapshotToEveryNeighbour() {
        ActorRef<UserActor.Command> user = spawn(Mode.ASYNCHRONOUS, instant());
        user.tell(UserActor.Begin.INSTANCE);
        user.tell(new UserActor.Window(progressed().outlook().next() + 1, List.of()));
        Report.Progressed p = progressed();
        assertThat(p.sent()).extracting(Message::to).containsExactly(1, 2);
        assertThat(p.sent()).allSatisfy(m -> {
            assertThat(m.snapshot()).isSameAs(p.sent().get(0).snapshot());
            assertThat(m.arrival()).isEqualTo(10_100_000_000L * 256);
        });
    }

    @Test
    void whileItsDeviceComputesItDoesNotAnswerAndDoesNotBlock() {
        CompletableFuture<TurnOutcome> computation = new CompletableFuture<>();
        ActorRef<UserActor.Command> user = spawn(Mode.ASYNCHRONOUS, new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                return computation;
            }

            @Override
            public void close() {}
        });
        user.tell(UserActor.Begin.INSTANCE);
        user.tell(new UserActor.Window(progressed().outlook().next() + 1, List.of()));
        clock.expectNoMessage(Duration.ofMillis(100));
        float[] row = {1};
        computation.complete(new TurnOutcome(null, 0, List.of(), 0, 2, row, 7, new Snapshot(0, 0, 2, row, null)));
        assertThat(progressed().sent()).hasSize(2);
    }

    @Test
    void aSynchronousUserWaitsForItsNeighboursAndAnAsynchronousOneDoesNot() {
        for (Mode mode : Mode.values()) {
            ActorRef<UserActor.Command> user = spawn(mode, instant());
            user.tell(UserActor.Begin.INSTANCE);
            long end = progressed().outlook().next() + 10;
            user.tell(new UserActor.Window(end, List.of()));
            assertThat(progressed().outlook().quiet()).isEqualTo(mode == Mode.ASYNCHRONOUS);
            if (mode == Mode.SYNCHRONOUS) {
                float[] row = {1, 2, 3, 4};
                Message one = new Message(
                        new Payload(Payload.Kind.SNAPSHOT, 1, 0, 1, 0, new Snapshot(1, 0, 2, row, null), 16),
                        0,
                        0,
                        end + 5);
                Message two = new Message(new Payload(Payload.Kind.NOTICE, 1, 0, 2, 0, null, 0), 0, 0, end + 9);
                user.tell(new UserActor.Window(end + 7, List.of(one, two)));
                assertThat(progressed().outlook().quiet()).isFalse();
                user.tell(new UserActor.Window(end + 20, List.of()));
                assertThat(progressed().outlook().quiet())
                        .as("the loss of the second was noticed")
                        .isTrue();
            }
        }
    }

    @Test
    void aFailingLearnerIsToldToTheClock() {
        ActorRef<UserActor.Command> user = spawn(Mode.ASYNCHRONOUS, new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                return CompletableFuture.failedFuture(new IllegalStateException("out of memory"));
            }

            @Override
            public void close() {}
        });
        user.tell(UserActor.Begin.INSTANCE);
        user.tell(new UserActor.Window(progressed().outlook().next() + 1, List.of()));
        assertThat(clock.expectMessageClass(Report.Failed.class).reason()).hasMessageContaining("out of memory");
        clock.expectTerminated(user, Duration.ofMinutes(1));
    }

    @Test
    void askedToFinishItSaysHowItEndedAndStops() {
        ActorRef<UserActor.Command> user = spawn(Mode.ASYNCHRONOUS, instant());
        user.tell(UserActor.Begin.INSTANCE);
        progressed();
        user.tell(new UserActor.Finish());
        assertThat(clock.expectMessageClass(Report.Finished.class).end().completed())
                .isFalse();
        clock.expectTerminated(user, Duration.ofMinutes(1));
    }
}
