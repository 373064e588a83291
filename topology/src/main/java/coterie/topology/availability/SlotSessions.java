package coterie.topology.availability;

import coterie.topology.time.Ticks;
import java.util.function.LongPredicate;

/** Sessions in slots of equal length: adjacent online slots form one session. */
final class SlotSessions implements Sessions {
    /** A user that is offline for this many slots is considered never to return, which bounds the search. */
    private static final long PATIENCE = 10_000_000;

    private final double seconds;
    private final LongPredicate online;
    private final long slots;
    private long slot;

    /**
     * @param seconds length of a slot in virtual seconds
     * @param slots number of slots
     */
    SlotSessions(double seconds, LongPredicate online, long slots) {
        this.seconds = seconds;
        this.online = online;
        this.slots = slots;
    }

    @Override
    public Session next() {
        long asked = slot;
        while (slot < slots && slot * seconds <= Ticks.LONGEST_SECONDS && !online.test(slot)) {
            if (++slot - asked > PATIENCE) {
                return null;
            }
        }
        if (slot >= slots || slot * seconds > Ticks.LONGEST_SECONDS) {
            return null;
        }
        long from = slot;
        while (slot < slots && online.test(slot) && slot - from < PATIENCE) {
            slot++;
        }
        return new Session(
                Ticks.at(from * seconds),
                slot * seconds > Ticks.LONGEST_SECONDS ? Ticks.NEVER : Ticks.at(slot * seconds));
    }
}
