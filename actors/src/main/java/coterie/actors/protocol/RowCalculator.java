package coterie.actors.protocol;

import coterie.actors.event.Observation;
import java.util.List;

/** Recomputes the mixing weights of one user from what was recorded. Called in the order of time. */
public interface RowCalculator {
    /**
     * A message that was mixed.
     *
     * @param note of its sender's calculator when it was sent; null if unknown
     */
    record Used(int sender, Object note) {}

    /**
     * A mixing that was recorded.
     *
     * @param tick of the mixing, to the nanosecond
     * @param self index of the user itself in the row
     * @param used messages that were mixed, in the order of arrival; null if that is not certain. Only for
     *     {@link VerifiableMixing.Inputs#EACH_ONCE}
     */
    record Row(Observation.Mixed mixed, long tick, int self, List<Used> used) {
        /** Users of the row, in rising order. */
        public int[] users() {
            return mixed.row().users();
        }

        /**
         * The weights of a row of two users.
         *
         * @param share weight of the other user
         * @throws IllegalArgumentException if the row has not two users
         */
        public double[] pair(double share) {
            if (users().length != 2) {
                throw new IllegalArgumentException("a row of " + users().length + " users, and two mix at a time");
            }
            double[] weights = new double[2];
            weights[self] = 1 - share;
            weights[1 - self] = share;
            return weights;
        }
    }

    /**
     * Called at the end of each turn.
     *
     * @param trained false if the user slept
     */
    default void turnEnded(int turn, boolean trained) {}

    /** Called when the user restarts after a failure. */
    default void restarted() {}

    /** Notes what a receiver's row depends on when it mixes the snapshot that is sent now, at the end of a turn. */
    default Object note() {
        return null;
    }

    /**
     * The weights of a row's users.
     *
     * @return null if they cannot be computed
     * @throws IllegalArgumentException if no weights fit, with the reason
     */
    double[] weights(Row row);
}
