package coterie.scenarios.results;

import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import java.util.Arrays;
import java.util.Locale;

/** What is shown of a run under way: how fast it goes, and what happened last. Thread-safe. */
public final class LiveProgress implements RunObserver {
    private final Task task;
    private final int users;
    private final Pace pace = new Pace();
    private long turns;
    private long tokens;
    private String last;
    private double seconds;
    /** Time of pauses that have ended. */
    private long idle;

    private boolean paused;
    private long pausedAt;

    /** A run of some users in this process, which begins or goes on. */
    public LiveProgress(Task task, int users) {
        this.task = task;
        this.users = users;
    }

    @Override
    public synchronized void observed(Observation o) {
        String words = words(o);
        if (words != null) {
            last = words;
            seconds = o.seconds();
        }
        if (o instanceof Observation.TurnEnded t) {
            turns++;
            tokens += t.tokens();
            pace.ended(now(), turns, tokens);
        }
    }

    /** Time that does not pass while the run is paused. */
    private long now() {
        return (paused ? pausedAt : System.nanoTime()) - idle;
    }

    /** The run pauses or goes on; calls without a change do nothing. */
    public synchronized void pause(boolean on) {
        if (on == paused) {
            return;
        }
        if (on) {
            pausedAt = System.nanoTime();
        } else {
            idle += System.nanoTime() - pausedAt;
        }
        paused = on;
    }

    /** Number of users. */
    public int users() {
        return users;
    }

    /** What is trained: "tokens" or "rows". */
    public String unit() {
        return task.data().unit();
    }

    /** Wall-clock seconds until some turns, of all users together, are done; NaN if that is not known yet. */
    public synchronized double secondsFor(long left) {
        return pace.secondsPerTurn(now(), turns) * left;
    }

    /** Tokens or rows in a second; NaN if that is not known yet. */
    public synchronized double tokensPerSecond() {
        return pace.tokensPerSecond(now(), tokens);
    }

    /**
     * Something that happened.
     *
     * @param seconds virtual
     */
    public record Event(String what, double seconds) {}

    /** What happened last, messages aside; null if nothing has happened yet. */
    public synchronized Event last() {
        return last == null ? null : new Event(last, seconds);
    }

    private String words(Observation o) {
        String user = "user " + o.user();
        if (o instanceof Observation.TurnEnded t) {
            return user + " ended turn " + t.turn();
        } else if (o instanceof Observation.Evaluated e) {
            Metric metric = task.headline();
            return String.format(
                    Locale.ROOT,
                    "%s was evaluated, %s %.2f",
                    user,
                    metric.label(),
                    e.values().get(task.indexOf(metric)));
        } else if (o instanceof Observation.Mixed m) {
            long others =
                    Arrays.stream(m.row().users()).filter(u -> u != m.user()).count();
            return user + " mixed with " + others + (others == 1 ? " other" : " others");
        } else if (o instanceof Observation.Crashed) {
            return "the device of " + user + " failed";
        } else if (o instanceof Observation.Restarted) {
            return "the device of " + user + " restarted";
        } else if (o instanceof Observation.Slept) {
            return user + " sleeps";
        } else if (o instanceof Observation.Absent) {
            return user + " is absent";
        } else if (o instanceof Observation.Drifted) {
            return "the data of " + user + " changed";
        }
        if (o instanceof Observation.Attacked a) {
            return user + (a.begins() ? " begins to attack: " : " ends its attack: ") + a.attack();
        }
        if (o instanceof Observation.Refused r) {
            return user + " refused a message of user " + r.from() + ": "
                    + r.reason().label();
        }
        return o instanceof Observation.Diverged ? "the training of " + user + " diverged" : null;
    }
}
