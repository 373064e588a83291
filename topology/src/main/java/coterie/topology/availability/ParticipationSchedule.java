package coterie.topology.availability;

import java.util.function.IntFunction;

/** The participation of one population: by turn and, if availability depends on time, by online sessions. */
public interface ParticipationSchedule {
    /** Whether a user takes part in the collaboration at the end of a turn, provided it is online then. */
    boolean takesPart(int user, int turn);

    /** The online sessions of a user; null if it is always online. */
    default Sessions sessions(int user) {
        return null;
    }

    /** Participation that depends on time only. */
    static ParticipationSchedule timed(IntFunction<Sessions> sessions) {
        return new ParticipationSchedule() {
            @Override
            public boolean takesPart(int user, int turn) {
                return true;
            }

            @Override
            public Sessions sessions(int user) {
                return sessions.apply(user);
            }
        };
    }
}
