package coterie.actors.calendar;

import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.user.SimulationConfig;
import coterie.topology.availability.Sessions;
import coterie.topology.availability.Sessions.Session;
import coterie.topology.time.Ticks;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The times in which users are absent between their sessions, added to the observations of a run in the order of
 * virtual time. They depend on the configuration only, whatever a user does meanwhile. A user has none after its end:
 * after its last evaluation, when it is gone for ever, or when its training has diverged.
 */
public final class Absences {
    private static final int ENDED = -1;

    /** The next absence of a user. */
    private static final class Next {
        private final int user;
        private final Sessions sessions;
        /** Tick at which the last session that was drawn ends. */
        private long present;

        private double from;
        private double until;

        Next(int user, Sessions sessions) {
            this.user = user;
            this.sessions = sessions;
        }

        /** Draws it; returns false if there is none before a tick. */
        boolean draw(long end) {
            while (present < end) {
                Session s = sessions.next();
                from = Ticks.seconds(present);
                until = s == null ? Double.POSITIVE_INFINITY : Ticks.seconds(s.from());
                present = s == null ? Ticks.NEVER : Math.max(present, s.until());
                if (until > from) {
                    return true;
                }
            }
            return false;
        }
    }

    private final SimulationConfig config;
    private final boolean trains;
    private final PriorityQueue<Next> next =
            new PriorityQueue<>(Comparator.comparingDouble((Next n) -> n.from).thenComparingInt(n -> n.user));
    /** Turns that each user has done; {@link #ENDED} for users that have none left. */
    private final int[] turns;
    /** Number of absences of each user that were added. */
    private final int[] added;

    /** The absences of a run that has not begun. */
    public Absences(SimulationConfig config) {
        this.config = config;
        trains = config.offlineBehaviour() == OfflineBehaviour.TRAIN;
        boolean recorded = config.records() != RecordLevel.NOTHING;
        turns = new int[recorded ? config.users() : 0];
        added = new int[turns.length];
        begin();
    }

    private void begin() {
        next.clear();
        for (int u = 0; u < turns.length; u++) {
            Sessions sessions = config.collaboration().participation().sessions(u);
            if (sessions == null || turns[u] == ENDED) {
                continue;
            }
            Next n = new Next(u, sessions);
            boolean more = n.draw(config.end());
            for (int k = 0; k < added[u] && more; k++) {
                more = n.draw(config.end());
            }
            if (more) {
                next.add(n);
            }
        }
    }

    /**
     * Adds observations, and before each of them the absences that have begun until then.
     *
     * @param observed the next ones, in the order of virtual time
     */
    public void merge(List<Observation> observed, List<Observation> to) {
        if (turns.length == 0) {
            to.addAll(observed);
            return;
        }
        for (Observation o : observed) {
            while (!next.isEmpty() && next.peek().from <= o.seconds()) {
                addNext(to);
            }
            follow(o);
            to.add(o);
        }
    }

    /** Adds the absences that begin before the end of the run. */
    public void finish(double end, List<Observation> to) {
        while (!next.isEmpty() && next.peek().from < end) {
            addNext(to);
        }
    }

    private void addNext(List<Observation> to) {
        Next n = next.poll();
        if (turns[n.user] == ENDED) {
            return;
        }
        to.add(new Observation.Absent(n.from, n.user, turns[n.user], n.until, trains));
        added[n.user]++;
        if (n.draw(config.end())) {
            next.add(n);
        }
    }

    private void follow(Observation o) {
        if (o instanceof Observation.TurnEnded t) {
            turns[t.user()] = t.turn() + 1;
        } else if (o instanceof Observation.Crashed c) {
            turns[c.user()] = c.savedTurn();
        }
        if (ends(o, config.schedule().turns())) {
            turns[o.user()] = ENDED;
        }
    }

    /**
     * Whether a user has ended with an observation, and has no absences any more.
     *
     * @param turns of a user
     */
    public static boolean ends(Observation o, int turns) {
        return o instanceof Observation.Evaluated e && e.turn() == turns
                || o instanceof Observation.Diverged
                || o instanceof Observation.Slept s && s.until() == Double.POSITIVE_INFINITY
                || o instanceof Observation.Crashed c && c.until() == Double.POSITIVE_INFINITY;
    }

    /** The state for a checkpoint. */
    public record State(int[] turns, int[] added) {}

    public State state() {
        return new State(turns.clone(), added.clone());
    }

    public void restore(State s) {
        System.arraycopy(s.turns, 0, turns, 0, turns.length);
        System.arraycopy(s.added, 0, added, 0, added.length);
        begin();
    }
}
