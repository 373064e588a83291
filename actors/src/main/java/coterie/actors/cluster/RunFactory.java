package coterie.actors.cluster;

import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;

/** What a node has besides users' lives: whoever makes of a run's description its world and its learners. */
public interface RunFactory {
    /** Which program this is: nodes of others are refused. */
    String version();

    /** Users that compute here at once, compared with other nodes. */
    double weight();

    /** Bytes of memory that users may have. */
    long room();

    /**
     * Makes ready for a run; may take a while, and is called on a thread that may block, one call at a time.
     *
     * @param task as whoever starts the run describes it
     * @param from first user of this node
     * @param to first that is not
     * @throws RuntimeException with a message for whoever started the run
     */
    RunResources prepare(String task, int from, int to);

    /** What is ready for a run. */
    interface RunResources extends AutoCloseable {
        SimulationConfig config();

        /** Of everything that was loaded: where nodes disagree, they would learn from different things. */
        String fingerprint();

        /** A learner, closed with the bench. */
        Learner learner(int user);

        /** Closes the learners, whatever they are doing. What another run of the same task could use may stay. */
        @Override
        void close();
    }
}
