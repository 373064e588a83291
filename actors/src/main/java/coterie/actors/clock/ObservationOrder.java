package coterie.actors.clock;

import coterie.actors.life.Observation;
import coterie.actors.life.UserLife.Dated;
import coterie.actors.life.World;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Brings what users tell into the order of time: something is handed on when no user can tell anything earlier any more. */
final class ObservationOrder {
    /** Null where nothing is recorded. */
    private final MinHeap reported;
    private final PriorityQueue<Dated> observed = new PriorityQueue<>();

    ObservationOrder(World world) {
        reported = world.records() == World.Records.NOTHING ? null : new MinHeap(world.users(), 0);
    }

    /** What a user tells. @param until nothing earlier than this is still to come from it */
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

    /** Hands on what nothing can precede any more. @param end nobody can tell of anything before this but what it is already telling of */
    void release(long end, List<Observation> to) {
        if (reported != null && !observed.isEmpty()) {
            long safe = Math.min(end, reported.min());
            while (!observed.isEmpty() && observed.peek().tick() < safe) {
                to.add(observed.poll().observation());
            }
        }
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
