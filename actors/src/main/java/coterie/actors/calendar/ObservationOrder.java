package coterie.actors.calendar;

import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.message.Message;
import coterie.actors.user.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts observations of all users by time: an observation is released when no user can make an earlier one. */
public final class ObservationOrder {
    /** Null where nothing is recorded. */
    private final MinHeap reported;

    private final PriorityQueue<Dated> observed = new PriorityQueue<>();
    private final boolean target;

    /** Creates an order in which nothing was observed. */
    public ObservationOrder(SimulationConfig config) {
        reported = config.records() == RecordLevel.NOTHING ? null : new MinHeap(config.users(), 0);
        target = config.target() != null;
    }

    /**
     * Adds observations of a user.
     *
     * @param until the user will make no earlier ones
     */
    public void add(int user, List<Dated> observations, long until) {
        if (reported != null) {
            reported.set(user, until);
            observed.addAll(observations);
        }
    }

    /** A user is called: it may observe what happens from now on. */
    public void called(int user, long now) {
        if (reported != null && reported.get(user) > now) {
            reported.set(user, now);
        }
    }

    /** A user is called with messages, which it may observe. */
    public void called(int user, List<Message> messages) {
        if (reported != null) {
            for (Message m : messages) {
                called(user, m.arrival());
            }
        }
    }

    /**
     * Releases the observations that no other can precede.
     *
     * @param end only those before this tick
     */
    public void release(long end, List<Observation> to) {
        if (reported != null && !observed.isEmpty()) {
            while (!observed.isEmpty() && observed.peek().tick() < end && certain(observed.peek())) {
                to.add(observed.poll().observation());
            }
        }
    }

    /** Whether no user can make an observation before this one. */
    private boolean certain(Dated d) {
        // At the same tick the lower user is first. A target is checked for all users at a tick.
        return d.tick() < reported.min() || !target && d.tick() == reported.min() && d.user() <= reported.first();
    }

    /** Observations that are not released yet. */
    public List<Dated> held() {
        return new ArrayList<>(observed);
    }

    /** Continues from a checkpoint. */
    public void restore(List<Dated> held) {
        observed.addAll(held);
    }

    /** Releases all observations. */
    public void releaseAll(List<Observation> to) {
        while (!observed.isEmpty()) {
            to.add(observed.poll().observation());
        }
    }
}
