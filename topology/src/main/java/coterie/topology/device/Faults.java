package coterie.topology.device;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.time.Ticks;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * Devices that fail and start again. A user that crashes loses the turn under way and everything since its last save,
 * and, unless it is kept, what it has received; it starts again from its save.
 *
 * @param crashes at stated instants
 * @param perHour crashes drawn besides, a user and hour of virtual time (a Poisson process while the device is up)
 * @param downSeconds mean time that a drawn crash takes, exponentially distributed
 * @param saveEvery turns between saves; a user starts with one
 * @param keepInbox whether received snapshots survive
 */
public record Faults(List<Crash> crashes, double perHour, double downSeconds, int saveEvery, boolean keepInbox) {
    /** More than one crash a second leaves a device no time for anything. */
    private static final double MOST_PER_HOUR = 3600;

    /** No faults. */
    public static final Faults NONE = new Faults(List.of(), 0, 60, 1, false);

    public Faults {
        crashes = List.copyOf(crashes);
        Checks.notNegative("crashes_per_hour", perHour);
        Checks.atMost("crashes_per_hour", perHour, MOST_PER_HOUR);
        Checks.seconds("down_seconds", downSeconds);
        Checks.positive("save_every", saveEvery);
    }

    /**
     * A crash at a stated instant.
     *
     * @param downSeconds until it starts again; null for never
     */
    public record Crash(int user, double atSeconds, Double downSeconds) {
        public Crash {
            if (user < 0) {
                throw new IllegalArgumentException("user must be a user's number, found " + user);
            }
            Checks.notNegative("at_seconds", atSeconds);
            Checks.atMost("at_seconds", atSeconds, Ticks.LONGEST_SECONDS);
            if (downSeconds != null) {
                Checks.seconds("down_seconds", downSeconds);
            }
        }
    }

    /**
     * A time when a device is down.
     *
     * @param from tick of the crash
     * @param until tick at which it is up again; {@link Ticks#NEVER} for never
     */
    public record Outage(long from, long until) {}

    public boolean any() {
        return !crashes.isEmpty() || perHour > 0;
    }

    /**
     * A user's outages in the order of time, without end where they are drawn. Where one begins while another lasts, it
     * is the other that counts.
     */
    public Iterator<Outage> of(long seed, int user) {
        Iterator<Crash> stated = crashes.stream()
                .filter(c -> c.user() == user)
                .sorted(Comparator.comparingDouble(Crash::atSeconds))
                .iterator();
        return new Iterator<>() {
            private long up;
            private long number;
            private Crash next = stated.hasNext() ? stated.next() : null;
            private Outage drawn = draw();

            private Outage draw() {
                if (perHour == 0 || up >= Ticks.END) {
                    return null;
                }
                RandomStream s = RandomStream.of(seed, Purpose.CRASH, user, number++);
                double wait = -StrictMath.log(1 - s.uniform()) * 3600 / perHour;
                double down = -StrictMath.log(1 - s.uniform()) * downSeconds;
                if (Ticks.seconds(up) + wait + down > Ticks.LONGEST_SECONDS) {
                    return null;
                }
                long from = Ticks.after(up, wait);
                return new Outage(from, Ticks.after(from, down));
            }

            @Override
            public boolean hasNext() {
                skip();
                return next != null || drawn != null;
            }

            private void skip() {
                while (next != null && Ticks.at(next.atSeconds()) < up) {
                    next = stated.hasNext() ? stated.next() : null;
                }
            }

            @Override
            public Outage next() {
                skip();
                Outage out;
                if (next != null && (drawn == null || Ticks.at(next.atSeconds()) <= drawn.from())) {
                    long from = Ticks.at(next.atSeconds());
                    out = new Outage(
                            from, next.downSeconds() == null ? Ticks.NEVER : Ticks.after(from, next.downSeconds()));
                } else if (drawn != null) {
                    out = drawn;
                } else {
                    throw new java.util.NoSuchElementException();
                }
                up = out.until();
                drawn = draw();
                return out;
            }
        };
    }
}
