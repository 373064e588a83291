package coterie.actors.cluster;

import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;

/** Makes what a node needs for its users from the description of a run. */
public interface RunFactory {
    /** The program: nodes with another one are refused. */
    String version();

    /**
     * The processors that compute here, model and instruction set: where they differ between nodes, last bits may
     * differ.
     */
    String processor();

    /** Users that compute here at once, compared with other nodes. */
    double weight();

    /** Bytes of memory for users. */
    long room();

    /**
     * Loads what the assigned users need. May take long, and is called on a thread that may block, one call at a time.
     *
     * @throws RuntimeException with a message for the person who started the run
     */
    RunResources prepare(Assignment assignment);

    /** What is loaded for a run. */
    interface RunResources extends AutoCloseable {
        SimulationConfig config();

        /** A hash of all inputs of the assigned users: where it differs, they would learn from different data. */
        String fingerprint();

        /**
         * Makes a learner, which is closed with these resources. Called by several threads.
         *
         * @throws RuntimeException if the user was not assigned, or these resources are closed
         */
        Learner learner(int user);

        /** Closes the learners, whatever they are computing. Inputs that the next run may need can stay. */
        @Override
        void close();
    }
}
