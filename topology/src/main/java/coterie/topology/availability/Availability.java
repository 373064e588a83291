package coterie.topology.availability;

import coterie.topology.availability.Sessions.Session;
import coterie.topology.time.Ticks;
import java.util.ArrayDeque;

/**
 * One user's presence, asked by a user who lives forward: each question's instant at least that of the last
 * {@link #at}. Not thread-safe.
 */
public final class Availability {
    /** What takes a user more times of presence than this is taken never to be done: the search must end. */
    private static final int PATIENCE = 100_000;

    private final Sessions spells;
    private final ArrayDeque<Session> ahead = new ArrayDeque<>();

    /** @param spells null for somebody who is always there */
    public Availability(Sessions spells) {
        this.spells = spells;
    }

    /** Whether the user is present at a tick. */
    public boolean at(long tick) {
        if (spells == null) {
            return true;
        }
        Session s = spellAt(tick);
        return s != null && s.from() <= tick;
    }

    /** Whether the user will be present at a tick that is still to come. */
    public boolean will(long tick) {
        if (spells == null) {
            return true;
        }
        for (Session s : ahead) {
            if (s.until() > tick) {
                return s.from() <= tick;
            }
        }
        for (int k = 0; k < PATIENCE; k++) {
            Session s = spells.next();
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

    /** The first tick from this one on at which the user is present; {@link Ticks#NEVER} where it never will be. */
    public long from(long tick) {
        if (spells == null) {
            return tick;
        }
        Session s = spellAt(tick);
        return s == null ? Ticks.NEVER : Math.max(tick, s.from());
    }

    /**
     * The tick at which something is done that takes so many ticks of presence; {@link Ticks#NEVER} where it is never
     * done.
     */
    public long after(long tick, long ticks) {
        if (spells == null) {
            return Ticks.plus(tick, ticks);
        }
        if (spellAt(tick) == null) {
            return Ticks.NEVER;
        }
        long left = ticks;
        for (Session s : ahead) {
            long from = Math.max(tick, s.from());
            if (s.until() > from) {
                // What ends together with a spell is done within it.
                if (s.until() - from > left) {
                    return Ticks.plus(from, left);
                }
                left -= s.until() - from;
            }
        }
        for (int k = 0; k < PATIENCE; k++) {
            Session s = spells.next();
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

    /** The first spell that is not over at a tick. */
    private Session spellAt(long tick) {
        while (true) {
            if (ahead.isEmpty()) {
                Session next = spells.next();
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
