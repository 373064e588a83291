package coterie.actors.event;

import coterie.model.files.FieldState;
import coterie.model.files.Unsaved;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/** What has happened to one user: observations to be recorded, and a hash of all events. */
public final class EventTrace {
    /** Kinds of events. */
    public enum Event {
        ARRIVED(0),
        TURN_ENDED(1),
        TURN_BEGAN(2),
        MIXED(3),
        CRASHED(4),
        RESTARTED(5),
        WOKE(6),
        DROPPED(7),
        DIVERGED(8),
        REFUSED(9);

        /** Its number in the hash: never to change, since it would change every trace hash. */
        private final int code;

        Event(int code) {
            this.code = code;
        }
    }

    /** What a checkpoint contains, when all observations have been taken. */
    public static final class State implements FieldState {
        private long observations;
        private long events;
        private long trace;
    }

    private static final List<Dated> NOTHING = List.of();
    private final int me;
    private final RecordLevel records;
    private State state = new State();

    @Unsaved("observations are taken before a checkpoint")
    private List<Dated> observed = new ArrayList<>();

    public EventTrace(int me, RecordLevel records) {
        this.me = me;
        this.records = records;
        state.trace = RandomStream.mix(me);
    }

    /** Whether turns, evaluations, mixings and failures are recorded. */
    public boolean recordsTurns() {
        return records != RecordLevel.NOTHING;
    }

    /** Whether messages are recorded. */
    public boolean recordsMessages() {
        return records == RecordLevel.MESSAGES;
    }

    /** Records an observation. */
    public void observe(long tick, Observation o) {
        observed.add(new Dated(tick, me, state.observations++, o));
    }

    /**
     * Adds an event to the hash.
     *
     * @param other user or turn
     * @param hash of parameters, if there are any
     */
    public void event(long tick, Event kind, long other, long hash) {
        state.events++;
        long trace = RandomStream.mix(state.trace * 31 + tick);
        trace = RandomStream.mix(trace * 31 + kind.code * 0x10001L + other);
        state.trace = RandomStream.mix(trace * 31 + hash);
    }

    /** Takes the observations made since the last call. */
    public List<Dated> take() {
        if (observed.isEmpty()) {
            return NOTHING;
        }
        List<Dated> out = observed;
        observed = new ArrayList<>();
        return out;
    }

    /** The state for a checkpoint; changes with this trace. */
    public State state() {
        return state;
    }

    /** Continues from a state. */
    public void restore(State s) {
        state = s;
    }

    /** Number of events. */
    public long events() {
        return state.events;
    }

    /** Hash of all events so far: the trace hash of the user. */
    public long hash() {
        return state.trace;
    }
}
