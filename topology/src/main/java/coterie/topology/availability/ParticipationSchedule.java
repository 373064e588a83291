package coterie.topology.availability;

import java.util.function.IntFunction;

/** Who is there, for one population: by turns, and, where presence is a matter of time, by instants. */
public interface ParticipationSchedule {
    /** Whether a user takes part in the collaboration at the end of a turn, if it is present then. */
    boolean takesPart(int user, int turn);

    /** A user's times of presence; null where it is always present. */
    default Sessions spells(int user) {
        return null;
    }

    /** Availability that is a matter of time alone. */
    static ParticipationSchedule timed(IntFunction<Sessions> spells) {
        return new ParticipationSchedule() {
            @Override
            public boolean takesPart(int user, int turn) {
                return true;
            }

            @Override
            public Sessions spells(int user) {
                return spells.apply(user);
            }
        };
    }
}
