package coterie.actors.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.AddingLearner;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.protocol.fedbuff.FedBuffProtocol;
import coterie.actors.protocol.gossip.GossipProtocol;
import coterie.actors.protocol.swift.SwiftProtocol;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.PlainLoop;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.actors.user.UserProcess;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user publishes can be changed on its way out; the user itself keeps its parameters. */
class PublishHookTest {
    /** A number for each user and turn, added to all values. */
    private static float noise(int user, int turn) {
        return 1000 + 100 * RandomStream.of(1, Purpose.DROPOUT, user, turn).below(9);
    }

    private static final PublishHook NOISE = (user, turn, s) -> {
        float[] values = s.values().clone();
        for (int k = 0; k < values.length; k++) {
            values[k] += noise(user, turn);
        }
        return s.with(values, s.predictions());
    };

    private static SimulationConfigBuilder config(Protocol protocol) {
        GraphModel graph = protocol instanceof FedBuffProtocol ? new GraphModel.Star() : new GraphModel.Line();
        return SimulationConfig.builder(1, Neighbourhoods.fixed(graph.build(2, 1)))
                .links(new Links(new Latency.Constant(0), 0))
                .pace((user, turn) -> user == 0 ? 10 : 16)
                .protocol(protocol)
                .schedule(new TurnSchedule(3, 0, 1, 0));
    }

    private static Stream<Protocol> protocols() {
        return Stream.of(
                TrustProtocol.PLAIN,
                new AdPsgdProtocol(),
                new GossipProtocol(),
                new SwiftProtocol(1),
                new FedBuffProtocol(1, 1));
    }

    /** Adds 1 each turn, and records the parameters that its turns begin from. */
    private static final class Remembering implements Learner {
        private final Learner learner;
        private final List<TurnPlan> plans = new ArrayList<>();
        private final List<Float> ends = new ArrayList<>();

        Remembering(int user) {
            learner = new AddingLearner(user, 5, 1);
        }

        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
            plans.add(plan);
            CompletableFuture<TurnOutcome> outcome = learner.turn(plan);
            ends.add(outcome.join().parameters()[0]);
            return outcome;
        }

        @Override
        public LearnerState state() {
            return learner.state();
        }

        @Override
        public void close() {
            learner.close();
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void neighboursGetWhatTheHookReturnsAndTheUserKeepsItsOwn(Protocol protocol) {
        int me = protocol instanceof FedBuffProtocol ? 1 : 0;
        Remembering learner = new Remembering(me);
        UserProcess user =
                new UserProcess(me, config(protocol).publishHook(NOISE).build(), learner);
        user.begin();
        List<Message> sent = new ArrayList<>();
        while (sent.isEmpty()) {
            assertThat(user.advance(user.next() + 1)).isTrue();
            sent.addAll(user.takeSent());
        }
        Snapshot published = sent.get(0).snapshot();
        // SWIFT's and FedBuff's first snapshots are 6 and the update 1; AD-PSGD publishes what the turn began from.
        float own = protocol instanceof AdPsgdProtocol ? 5 : protocol instanceof FedBuffProtocol ? 1 : 6;
        assertThat(published.user()).isEqualTo(me);
        assertThat(published.values()).containsExactly(own + noise(me, published.turn()));
        if (user.next() == Ticks.NEVER) {
            // It waits for a reply, and is told that there is none.
            long tick = Ticks.at(20);
            user.receive(List.of(
                    new Message(new Payload(Payload.Kind.NOTICE, tick, tick, 1 - me, 0, null, 0), me, 0, tick)));
            assertThat(user.advance(tick + 1)).isTrue();
        }
        while (learner.plans.get(learner.plans.size() - 1).turn() < 1) {
            assertThat(user.advance(user.next() + 1)).isTrue();
        }
        int last = learner.plans.size() - 1;
        TurnPlan.Beginning next = learner.plans.get(last).beginning();
        if (next instanceof TurnPlan.Mix m) {
            assertThat(m.input().candidates()).hasSize(1);
            assertThat(m.input().candidates().get(0).values()).containsExactly(6);
        } else {
            assertThat(learner.ends.get(last)).as("it adds 1 to its own 6").isEqualTo(7);
        }
    }

    @Test
    void whatNeighboursMixIsWhatTheHookReturned() {
        // ProtocolsTest's gossip: user 1 merges 110 with 1 + 1000: 555.5. Then 565.5 (age 2) with 2 + 1000 (age 2):
        // 783.75, and with 39 + 1000 (age 3): 936.9. User 0 receives only what user 1 had before: 39, as without the
        // hook.
        SimulationConfig config = config(new GossipProtocol())
                .publishHook((user, turn, s) ->
                        user == 1 ? s : s.with(new float[] {s.values()[0] + 1000}, s.predictions()))
                .build();
        List<UserProcess> ended =
                PlainLoop.run(config, List.of(new AddingLearner(0, 0, 1), new AddingLearner(1, 100, 10)));
        assertThat(ended.get(0).parameters()[0]).isEqualTo(39);
        assertThat(ended.get(1).parameters()[0]).isEqualTo(946.9f);
    }

    @Test
    void aHookThatReturnsNonsenseIsAFaultThatNamesTheUser() {
        for (PublishHook hook : List.<PublishHook>of(
                (user, turn, s) -> null,
                (user, turn, s) -> new Snapshot(user + 1, turn, 0, s.values(), null),
                (user, turn, s) -> s.with(new float[] {Float.NaN}, null),
                (user, turn, s) -> new Snapshot(user, turn, 0, "other", s.values(), null, 0))) {
            UserProcess user = new UserProcess(
                    0, config(new SwiftProtocol(1)).publishHook(hook).build(), new AddingLearner(0, 5, 1));
            user.begin();
            assertThatThrownBy(() -> {
                        while (user.turn() < 2) {
                            user.advance(user.next() + 1);
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("user 0's turn 0 in layout \"\"");
        }
    }
}
