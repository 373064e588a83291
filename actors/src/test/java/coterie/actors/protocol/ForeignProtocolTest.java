package coterie.actors.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.AddingLearner;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.clock.Engine;
import coterie.actors.clock.MemoryCheckpoints;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.event.EventTrace;
import coterie.actors.event.MixingRecord;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Payload.Kind;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.verify.Verifier;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnPlan;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A protocol that the program does not know: its users take turns in sending to the next one, and average. */
class ForeignProtocolTest {
    private static final int USERS = 4;

    /** Every so many turns a user sends its model, and adopts a share of those that have arrived. */
    private record RelayProtocol(int every, double share) implements Protocol {
        @Override
        public String name() {
            return "relay";
        }

        @Override
        public Participant participant(ProtocolContext context) {
            return new Relay(context, this);
        }

        @Override
        public List<Class<?>> stateTypes() {
            return List.of(Relay.State.class, Relay.Stage.class);
        }
    }

    private static final class Relay implements Participant {
        private enum Stage {
            FIRST,
            LATER
        }

        private static final class State implements FieldState {
            private Stage stage = Stage.FIRST;
            private float[] model;
            private List<Message> received = new ArrayList<>();
        }

        private final ProtocolContext context;
        private final RelayProtocol protocol;
        private State state = new State();

        Relay(ProtocolContext context, RelayProtocol protocol) {
            this.context = context;
            this.protocol = protocol;
        }

        @Override
        public void turnEnded(TurnEnd end) {
            state.model = end.outcome().parameters();
            boolean first = state.stage == Stage.FIRST;
            state.stage = Stage.LATER;
            int turn = end.turn();
            if (end.takesPart() && (first || turn % protocol.every == 0)) {
                Snapshot s = new Snapshot(context.user(), turn, turn, state.model, null);
                for (int to : context.collaboration().neighbourhoods().receivers(context.user(), turn, end.tick())) {
                    context.outbox()
                            .send(context.outbox().publish(Kind.SNAPSHOT, end.tick(), end.began(), turn, s), to);
                }
            }
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public TurnPlan.Beginning beginTurn(long tick, int ended) {
            if (state.received.isEmpty()) {
                context.trace().event(tick, EventTrace.Event.TURN_BEGAN, ended, 0);
                return TurnPlan.Own.INSTANCE;
            }
            MixingRecord record = new MixingRecord(context.user(), ended, tick).own(1);
            float[] mixed = state.model.clone();
            for (Message m : state.received) {
                for (int k = 0; k < mixed.length; k++) {
                    mixed[k] += (float) (protocol.share * (m.snapshot().values()[k] - mixed[k]));
                }
                record.diluted(1 - protocol.share).of(m, protocol.share);
            }
            state.received.clear();
            record.observe(context.trace());
            context.trace().event(tick, EventTrace.Event.TURN_BEGAN, ended, Snapshot.hash(mixed));
            return new TurnPlan.Given(mixed);
        }

        @Override
        public void arrived(Message message, boolean available) {
            if (available && message.snapshot() != null) {
                state.received.add(message);
            }
        }

        @Override
        public void deviceRestarted(long tick, int turn, float[] parameters) {
            state.model = parameters;
        }

        @Override
        public void dropReceived() {
            state.received.clear();
        }

        @Override
        public Object state() {
            return state;
        }

        @Override
        public void restore(Object s) {
            state = (State) s;
        }
    }

    private static SimulationConfig config() {
        return SimulationConfig.builder(7, Neighbourhoods.fixed(new GraphModel.Ring().build(USERS, 1)))
                .links(new Links(new Latency.Uniform(100, 9000), 0.1))
                .pace((user, turn) -> 3 + user)
                .protocol(new RelayProtocol(2, 0.25))
                .schedule(new TurnSchedule(40, 0, 2, 0))
                .build();
    }

    private static List<Learner> learners() {
        List<Learner> all = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            all.add(new AddingLearner(u, 10 * u, 0.5f));
        }
        return all;
    }

    @Test
    void itRunsIsSavedResumedAndVerified() {
        List<Observation> seen = new ArrayList<>();
        MemoryCheckpoints checkpoints = new MemoryCheckpoints(9, seen::size);
        try (Engine engine = new Engine()) {
            RunResult whole;
            try (Simulation s =
                    engine.start(config(), learners(), seen::add, new Simulation.Virtual(), checkpoints, null)) {
                whole = s.await();
            }
            assertThat(whole.endedBy()).isEqualTo(RunResult.EndedBy.TURNS);
            assertThat(seen).filteredOn(o -> o instanceof Observation.Mixed).hasSizeGreaterThan(20);
            assertThat(checkpoints.saved()).hasSizeGreaterThan(3);
            for (int k = 0; k < checkpoints.saved().size(); k++) {
                try (Simulation s = engine.start(
                        config(),
                        learners(),
                        o -> {},
                        new Simulation.Virtual(),
                        Checkpoints.NONE,
                        checkpoints.saved().get(k))) {
                    assertThat(s.await().traceHash()).as("from checkpoint " + k).isEqualTo(whole.traceHash());
                }
            }
        }
        Verifier verifier = new Verifier(config());
        seen.forEach(verifier::observed);
        assertThat(verifier.violations()).isEmpty();
    }
}
