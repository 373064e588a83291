package coterie.scenarios.tracking;

import java.util.BitSet;

/** A mean over users, of one number each. A user that repeats a turn after a crash counts once. */
final class UserMean {
    private final BitSet users = new BitSet();
    private double sum;

    /** Adds a user's number, unless it has one. */
    boolean add(int user, double value) {
        if (users.get(user)) {
            return false;
        }
        users.set(user);
        sum += value;
        return true;
    }

    int count() {
        return users.cardinality();
    }

    double mean() {
        return sum / count();
    }
}
