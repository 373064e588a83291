package coterie.actors.user;

import coterie.model.files.Unsaved;
import coterie.topology.device.Faults;
import coterie.topology.device.Faults.Outage;
import coterie.topology.time.Ticks;
import java.util.Collections;
import java.util.Iterator;

/** The outages of one user's device, one after another. Keyed, so that a checkpoint needs their number only. */
final class DeviceFailures {
    /** Tick from which every user has been evaluated: no device fails before. */
    private static final long EVALUATED = 2;

    private final Iterator<Outage> outages;
    private final ProcessState state;
    /** The current outage or the next one; null if there are no more. */
    @Unsaved("follows from the number of outages")
    private Outage outage;

    /** @param state counts the outages */
    DeviceFailures(Faults faults, long seed, int user, ProcessState state) {
        outages = faults.any() ? faults.of(seed, user) : Collections.emptyIterator();
        this.state = state;
        int drawn = state.outages;
        state.outages = 0;
        do {
            next();
        } while (state.outages < drawn);
    }

    /** Goes on to the next outage. */
    void next() {
        outage = outages.hasNext() ? outages.next() : null;
        state.outages++;
    }

    private long from() {
        return outage == null ? Ticks.NEVER : Math.max(EVALUATED, outage.from());
    }

    /** Tick of the restart after the current outage; {@link Ticks#NEVER} for none. */
    long until() {
        return outage == null ? Ticks.NEVER : outage.until();
    }

    /**
     * Tick of the next crash, or, while the device is down, of its restart; {@link Ticks#NEVER} for none, and for a
     * user that has ended or will not be back.
     */
    long nextEvent() {
        if (state.over() || state.lost) {
            return Ticks.NEVER;
        }
        return state.phase == ProcessState.Phase.DOWN ? until() : from();
    }
}
