package coterie.topology.device;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.time.Ticks;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * Crashes of devices. A user that crashes loses its current turn and all progress since its last save, and its inbox
 * unless {@code keepInbox} is set; it restarts from its save.
 *
 * @param crashes scheduled crashes
 * @param rates how often each device fails beside them
 * @param saveEvery turns between saves; the initial state counts as saved
 * @param keepInbox whether received snapshots survive a crash
 */
public record Faults(List<Crash> crashes, CrashRates rates, int saveEvery, boolean keepInbox) {
    /** No faults. */
    public static final Faults NONE = new Faults(List.of(), 0, 60, 1, false);

    public Faults {
        crashes = List.copyOf(crashes);
        Checks.positive("save_every", saveEvery);
    }

    /**
     * Faults at the same rate for all users.
     *
     * @param perHour see {@link CrashRate}
     * @param downSeconds see {@link CrashRate}
     */
    public Faults(List<Crash> crashes, double perHour, double downSeconds, int saveEvery, boolean keepInbox) {
        this(crashes, CrashRates.same(new CrashRate(perHour, downSeconds)), saveEvery, keepInbox);
    }

    /**
     * A scheduled crash.
     *
     * @param atSeconds time of the crash in virtual seconds
     * @param downSeconds duration of the outage; null if the device never restarts
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
     * An interval during which a device is down.
     *
     * @param from tick of the crash
     * @param until tick of the restart; {@link Ticks#NEVER} if there is none
     */
    public record Outage(long from, long until) {}

    public boolean any() {
        return !crashes.isEmpty() || rates.any();
    }

    /**
     * Returns the outages of a user in chronological order; endless if its device fails at random. A scheduled crash
     * during another outage is ignored.
     */
    public Iterator<Outage> of(long seed, int user) {
        double perHour = rates.of(user).perHour();
        double downSeconds = rates.of(user).downSeconds();
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
