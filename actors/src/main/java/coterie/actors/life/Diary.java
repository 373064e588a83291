package coterie.actors.life;

import coterie.topology.random.Stream;
import java.util.ArrayList;
import java.util.List;

/** What has happened to a user: what is worth recording, and a hash of every event. */
public final class Diary {
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

    private static final List<UserLife.Dated> NOTHING = List.of();
    private final int me;
    private final World.Records records;
    private List<UserLife.Dated> observed = new ArrayList<>();
    private long observations;
    private long events;
    private long trace;

    Diary(int me, World.Records records) {
        this.me = me;
        this.records = records;
        trace = Stream.mix(me);
    }

    boolean recordsTurns() {
        return records != World.Records.NOTHING;
    }

    boolean recordsMessages() {
        return records == World.Records.MESSAGES;
    }

    void observe(long tick, Observation o) {
        observed.add(new UserLife.Dated(tick, me, observations++, o));
    }

    /**
     * An event goes into the trace.
     *
     * @param other user or turn
     * @param hash of parameters, where there are some
     */
    void event(long tick, Event kind, long other, long hash) {
        events++;
        trace = Stream.mix(trace * 31 + tick);
        trace = Stream.mix(trace * 31 + kind.ordinal() * 0x10001L + other);
        trace = Stream.mix(trace * 31 + hash);
    }

    /** What was observed since this was last asked. */
    List<UserLife.Dated> take() {
        if (observed.isEmpty()) {
            return NOTHING;
        }
        List<UserLife.Dated> out = observed;
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
