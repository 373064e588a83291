package coterie.topology.availability;

import coterie.topology.time.Ticks;
import java.util.function.LongPredicate;

/** Availability in slots of equal length: neighbouring slots of presence are one spell. */
final class SlotSessions implements Sessions {
    /**
     * Somebody who is away for so many slots is taken not to come back: whoever draws them must not be asked for ever.
     */
    private static final long PATIENCE = 10_000_000;

    private final double seconds;
    private final LongPredicate present;
    private final long slots;
    private long slot;

    /**
     * @param seconds of a slot
     * @param slots how many there are
     */
    SlotSessions(double seconds, LongPredicate present, long slots) {
        this.seconds = seconds;
        this.present = present;
        this.slots = slots;
    }

    @Override
    public Session next() {
        long asked = slot;
        while (slot < slots && slot * seconds <= Ticks.LONGEST_SECONDS && !present.test(slot)) {
            if (++slot - asked > PATIENCE) {
                return null;
            }
        }
        if (slot >= slots || slot * seconds > Ticks.LONGEST_SECONDS) {
            return null;
        }
        long from = slot;
        while (slot < slots && present.test(slot) && slot - from < PATIENCE) {
            slot++;
        }
        return new Session(
                Ticks.at(from * seconds),
                slot * seconds > Ticks.LONGEST_SECONDS ? Ticks.NEVER : Ticks.at(slot * seconds));
    }
}
