package coterie.topology.availability;

import coterie.topology.availability.Sessions.Session;
import coterie.topology.time.Ticks;
import java.util.ArrayDeque;

/**
 * The availability of one user. Queries must not go back in time: the tick of each must be at least that of the last
 * {@link #at}. Not thread-safe.
 */
public final class Availability {
    /** Work that takes more sessions than this is considered never to finish, which bounds the search. */
    private static final int PATIENCE = 100_000;

    private final Sessions sessions;
    private final ArrayDeque<Session> ahead = new ArrayDeque<>();

    /** @param sessions the online sessions; null if the user is always online */
    public Availability(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Whether the user is always online. */
    public boolean isUnlimited() {
        return sessions == null;
    }

    /** Whether the user is online at a tick. */
    public boolean at(long tick) {
        if (sessions == null) {
            return true;
        }
        Session s = sessionAt(tick);
        return s != null && s.from() <= tick;
    }

    /** Whether the user will be online at a future tick. */
    public boolean will(long tick) {
        if (sessions == null) {
            return true;
        }
        for (Session s : ahead) {
            if (s.until() > tick) {
                return s.from() <= tick;
            }
        }
        for (int k = 0; k < PATIENCE; k++) {
            Session s = sessions.next();
            if (s == null) {
                return false;
            }
            ahead.add(s);
            if (s.until() > tick) {
                return s.from() <= tick;
            }
        }
        return false;
    }

    /** The first tick from this one at which the user is online; {@link Ticks#NEVER} if there is none. */
    public long from(long tick) {
        if (sessions == null) {
            return tick;
        }
        Session s = sessionAt(tick);
        return s == null ? Ticks.NEVER : Math.max(tick, s.from());
    }

    /**
     * The tick at which work that takes {@code ticks} ticks of online time finishes; {@link Ticks#NEVER} if it never
     * does.
     */
    public long after(long tick, long ticks) {
        if (sessions == null) {
            return Ticks.plus(tick, ticks);
        }
        if (sessionAt(tick) == null) {
            return Ticks.NEVER;
        }
        long left = ticks;
        for (Session s : ahead) {
            long from = Math.max(tick, s.from());
            if (s.until() > from) {
                // Work that would finish exactly at the end of a session finishes in the next.
                if (s.until() - from > left) {
                    return Ticks.plus(from, left);
                }
                left -= s.until() - from;
            }
        }
        for (int k = 0; k < PATIENCE; k++) {
            Session s = sessions.next();
            if (s == null) {
                return Ticks.NEVER;
            }
            ahead.add(s);
            if (s.until() - s.from() > left) {
                return Ticks.plus(s.from(), left);
            }
            left -= s.until() - s.from();
        }
        return Ticks.NEVER;
    }

    /** The first session that ends after a tick. */
    private Session sessionAt(long tick) {
        while (true) {
            if (ahead.isEmpty()) {
                Session next = sessions.next();
                if (next == null) {
                    return null;
                }
                ahead.add(next);
            }
            if (ahead.peek().until() > tick) {
                return ahead.peek();
            }
            ahead.poll();
        }
    }
}
