package coterie.actors.clock;

import coterie.actors.user.Message;
import coterie.actors.user.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserProcess.Dated;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Brings what users tell into the order of time: something is handed on when no user can tell anything earlier any
 * more.
 */
final class ObservationOrder {
    /** Null where nothing is recorded. */
    private final MinHeap reported;

    private final PriorityQueue<Dated> observed = new PriorityQueue<>();
    private final boolean target;

    ObservationOrder(SimulationConfig config) {
        reported = config.records() == SimulationConfig.Records.NOTHING ? null : new MinHeap(config.users(), 0);
        target = config.target() != null;
    }

    /**
     * What a user tells.
     *
     * @param until nothing earlier than this is still to come from it
     */
    void add(int user, List<Dated> observations, long until) {
        if (reported != null) {
            reported.set(user, until);
            observed.addAll(observations);
        }
    }

    /** A user is called: it may tell of what happens from now on, and nobody knows when that will be heard. */
    void called(int user, long now) {
        if (reported != null && reported.get(user) > now) {
            reported.set(user, now);
        }
    }

    /** A user is called with messages of which it may tell. */
    void called(int user, List<Message> messages) {
        if (reported != null) {
            for (Message m : messages) {
                called(user, m.arrival());
            }
        }
    }

    /**
     * Hands on what nothing can precede any more.
     *
     * @param end no user will report an earlier observation, except as part of a report that it has begun
     */
    void release(long end, List<Observation> to) {
        if (reported != null && !observed.isEmpty()) {
            while (!observed.isEmpty() && observed.peek().tick() < end && certain(observed.peek())) {
                to.add(observed.poll().observation());
            }
        }
    }

    /** Whether no user can tell of anything before this. */
    private boolean certain(Dated d) {
        // Of those who may tell of the same instant, the first comes first. A target is looked at by whole instants.
        return d.tick() < reported.min() || !target && d.tick() == reported.min() && d.user() <= reported.first();
    }

    /** What has been told and not been handed on. */
    List<Dated> held() {
        return new ArrayList<>(observed);
    }

    void restore(List<Dated> held) {
        observed.addAll(held);
    }

    /** Hands on all that is left. */
    void releaseAll(List<Observation> to) {
        while (!observed.isEmpty()) {
            to.add(observed.poll().observation());
        }
    }
}
