package coterie.actors.user;

import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/** What has happened to a user: what is worth recording, and a hash of every event. */
public final class EventTrace {
    /** What happened. The codes are part of every trace hash. */
    enum Event {
        ARRIVED,
        TURN_ENDED,
        TURN_BEGAN,
        MIXED,
        CRASHED,
        RESTARTED,
        WOKE,
        DROPPED,
        DIVERGED
    }

    private static final List<UserProcess.Dated> NOTHING = List.of();
    private final int me;
    private final SimulationConfig.Records records;
    private List<UserProcess.Dated> observed = new ArrayList<>();
    private long observations;
    private long events;
    private long trace;

    EventTrace(int me, SimulationConfig.Records records) {
        this.me = me;
        this.records = records;
        trace = RandomStream.mix(me);
    }

    boolean recordsTurns() {
        return records != SimulationConfig.Records.NOTHING;
    }

    boolean recordsMessages() {
        return records == SimulationConfig.Records.MESSAGES;
    }

    void observe(long tick, Observation o) {
        observed.add(new UserProcess.Dated(tick, me, observations++, o));
    }

    /**
     * An event goes into the trace.
     *
     * @param other user or turn
     * @param hash of parameters, where there are some
     */
    void event(long tick, Event kind, long other, long hash) {
        events++;
        trace = RandomStream.mix(trace * 31 + tick);
        trace = RandomStream.mix(trace * 31 + kind.ordinal() * 0x10001L + other);
        trace = RandomStream.mix(trace * 31 + hash);
    }

    /** What was observed since this was last asked. */
    List<UserProcess.Dated> take() {
        if (observed.isEmpty()) {
            return NOTHING;
        }
        List<UserProcess.Dated> out = observed;
        observed = new ArrayList<>();
        return out;
    }

    /** What goes into a checkpoint, when all that was observed has been taken. */
    public record State(long observations, long events, long trace) {}

    State state() {
        return new State(observations, events, trace);
    }

    void restore(State s) {
        observations = s.observations;
        events = s.events;
        trace = s.trace;
    }

    long events() {
        return events;
    }

    long trace() {
        return trace;
    }
}
