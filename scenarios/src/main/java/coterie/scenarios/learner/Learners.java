package coterie.scenarios.learner;

import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The learners of a run's users in this process. Thread-safe. */
public final class Learners implements AutoCloseable {
    /** Makes the learner of a user. */
    public interface Maker {
        /** @param place of the user among those of this process, in ascending order */
        Learner make(int user, int place);
    }

    private final int[] users;
    private final Maker maker;
    private final Runnable settle;
    private final List<Learner> made = new ArrayList<>();
    private boolean closed;

    /**
     * @param users in this process, in ascending order
     * @param settle ends all turns under way, and returns when no thread computes any more
     */
    public Learners(int[] users, Maker maker, Runnable settle) {
        this.users = users.clone();
        this.maker = maker;
        this.settle = settle;
    }

    /**
     * Makes the learner of a user.
     *
     * @throws IllegalArgumentException if the user is not in this process
     * @throws IllegalStateException if this is closed
     */
    public synchronized Learner of(int user) {
        int place = Arrays.binarySearch(users, user);
        if (place < 0) {
            throw new IllegalArgumentException("user " + user + " is not on this machine");
        }
        if (closed) {
            throw new IllegalStateException("the run is over on this machine");
        }
        Learner learner = maker.make(user, place);
        made.add(learner);
        return learner;
    }

    /** Closes all learners, whatever they are computing. */
    @Override
    public synchronized void close() {
        closed = true;
        settle.run();
        made.forEach(Learner::close);
    }
}
