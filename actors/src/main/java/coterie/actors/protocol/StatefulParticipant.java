package coterie.actors.protocol;

import coterie.actors.event.EventTrace;
import coterie.model.files.FieldState;

/**
 * A participant whose state for a checkpoint is one object.
 *
 * @param <S> type of the state
 */
public abstract class StatefulParticipant<S extends FieldState> implements Participant {
    /** The user. */
    protected final int me;

    protected final Outbox out;
    protected final EventTrace trace;
    /** The live state. */
    protected S state;

    private final Class<S> type;

    /** @param initial state before the first turn */
    protected StatefulParticipant(ProtocolContext context, Class<S> type, S initial) {
        me = context.user();
        out = context.outbox();
        trace = context.trace();
        this.type = type;
        state = initial;
    }

    @Override
    public final S state() {
        return state;
    }

    @Override
    public void restore(Object saved) {
        state = type.cast(saved);
    }
}
