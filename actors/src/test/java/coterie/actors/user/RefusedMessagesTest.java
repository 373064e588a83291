package coterie.actors.user;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.AddingLearner;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.Refusal;
import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.exchange.Snapshot;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two users with one turn of ten seconds. User 0 has 6 when it ends, and takes norms up to 60. */
class RefusedMessagesTest {
    private final List<Observation> seen = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();

    private static SimulationConfigBuilder config() {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Full().build(2, 1)))
                .pace((u, turn) -> 10)
                .schedule(new TurnSchedule(1, 0, 1, 0))
                .door(true, 10, null);
    }

    private UserProcess after(SimulationConfigBuilder config, int me, Kind kind, float value) {
        UserProcess user = new UserProcess(me, config.build(), new AddingLearner(me, 5, 1));
        user.begin();
        long tick = Ticks.at(12);
        Snapshot s = new Snapshot(1 - me, 0, 1, new float[] {value}, null);
        user.receive(List.of(new Message(new Payload(kind, tick - 1, 0, 1 - me, 0, s, 4), me, 6, tick)));
        while (user.next() != Ticks.NEVER) {
            assertThat(user.advance(user.next() + 1)).isTrue();
            sent.addAll(user.takeSent());
            user.takeObserved().stream().map(Dated::observation).forEach(seen::add);
        }
        return user;
    }

    @Test
    void aUserThatWaitsForARefusedSnapshotGoesOn() {
        UserProcess user = after(config().mode(Mode.SYNCHRONOUS), 0, Kind.SNAPSHOT, 61);
        assertThat(seen).contains(new Observation.Refused(12, 0, 1, 3, false, Kind.SNAPSHOT, 0, Refusal.NORM));
        assertThat(user.done()).isTrue();
        assertThat(user.messages().received()).as("it had arrived").isEqualTo(1);
        assertThat(user.state().door()).isNotNull();
    }

    @Test
    void whatIsLetInIsNoEvent() {
        UserProcess user = after(config().mode(Mode.SYNCHRONOUS), 0, Kind.SNAPSHOT, 60);
        assertThat(seen).noneMatch(o -> o instanceof Observation.Refused);
        assertThat(user.done()).isTrue();
    }

    @Test
    void aRefusedRequestIsAnsweredWithoutASnapshot() {
        // The bipartite graph has user 1 on the side that only answers.
        after(config().protocol(new AdPsgdProtocol()).schedule(new TurnSchedule(2, 0, 1, 0)), 1, Kind.REQUEST, 61);
        assertThat(sent).singleElement().satisfies(m -> {
            assertThat(m.payload().kind()).isEqualTo(Kind.NOTICE);
            assertThat(m.to()).isZero();
        });
    }
}
