package coterie.topology.world;

import java.util.function.IntFunction;

/** Who is there, for one population: by turns, and, where presence is a matter of time, by instants. */
public interface Attendance {
    /** Whether a user takes part in the collaboration at the end of a turn, if it is present then. */
    boolean takesPart(int user, int turn);

    /** A user's times of presence; null where it is always present. */
    default Spells spells(int user) {
        return null;
    }

    /** Presence that is a matter of time alone. */
    static Attendance timed(IntFunction<Spells> spells) {
        return new Attendance() {
            @Override
            public boolean takesPart(int user, int turn) {
                return true;
            }

            @Override
            public Spells spells(int user) {
                return spells.apply(user);
            }
        };
    }
}
