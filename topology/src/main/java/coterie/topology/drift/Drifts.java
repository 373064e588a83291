package coterie.topology.drift;

import coterie.topology.group.Membership;
import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All changes of users' data in a simulation. Which phases a user's data comes from at an instant depends on nothing
 * but the user and the instant.
 *
 * @param users changes of each user in chronological order; empty if no user has any
 */
public record Drifts(List<List<Change>> users) {
    /** No user's data changes. */
    public static final Drifts NONE = new Drifts(List.of());

    private static final double ROUNDING = 1e-9;

    /** Key of the draw of an entry's users, beside those of its users' instants. */
    private static final int MEMBERS = -1;

    /**
     * A change of one user's data.
     *
     * @param entry number of the {@link Drift} that it follows from
     * @param atSeconds instant in virtual seconds
     * @param overSeconds virtual seconds in which the new data replaces the old; 0 for an abrupt change
     */
    public record Change(int entry, double atSeconds, double overSeconds) {
        /** Returns the share of the new data at an instant of virtual time. */
        double share(double seconds) {
            return seconds < atSeconds
                    ? 0
                    : seconds >= atSeconds + overSeconds ? 1 : (seconds - atSeconds) / overSeconds;
        }
    }

    public Drifts {
        users = users.stream().allMatch(List::isEmpty)
                ? List.of()
                : users.stream().map(List::copyOf).toList();
    }

    /**
     * Determines the changes of all users.
     *
     * @param drifts a user may be among the members of several
     * @throws IllegalArgumentException if an entry names a user that does not exist, or has no members; the message
     *     begins with the number of the entry and the key
     */
    public static Drifts of(long seed, int users, List<Drift> drifts) {
        List<List<Change>> all = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            all.add(new ArrayList<>(0));
        }
        for (int e = 0; e < drifts.size(); e++) {
            Drift d = drifts.get(e);
            for (int u : members(seed, users, e, d.members())) {
                // In (from, until]: the first data is in use at 0 s.
                double back = (d.untilSeconds() - d.fromSeconds())
                        * RandomStream.of(seed, Purpose.DRIFT, e, u).uniform();
                all.get(u).add(new Change(e, d.untilSeconds() - back, d.overSeconds()));
            }
        }
        all.forEach(changes -> changes.sort(Comparator.comparingDouble(Change::atSeconds)));
        return new Drifts(all);
    }

    private static List<Integer> members(long seed, int users, int entry, Membership m) {
        long count = m == null
                ? users
                : m.users() != null
                        ? m.users()
                        : m.share() != null ? (long) Math.floor(users * m.share() + 0.5 + ROUNDING) : 0;
        if (m != null && m.ids() != null) {
            for (int user : m.ids()) {
                if (user < 0 || user >= users) {
                    throw wrong(entry, "ids", "users are 0 to " + (users - 1) + ", found " + user);
                }
            }
            return m.ids();
        }
        if (count > users) {
            throw wrong(entry, "users", "must be at most " + users + ", the number of users, found " + count);
        }
        if (count == 0) {
            throw wrong(entry, "share", "is the data of no user: " + m.share() + " of " + users);
        }
        KeyedPermutation order = m == null || m.share() == null
                ? null
                : new KeyedPermutation(users, RandomStream.name(seed, Purpose.DRIFT, entry, MEMBERS));
        List<Integer> members = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            if ((order == null ? u : order.place(u)) < count) {
                members.add(u);
            }
        }
        return members;
    }

    private static IllegalArgumentException wrong(int entry, String key, String message) {
        return new IllegalArgumentException(entry + "." + key + ": " + message);
    }

    /** Whether any user's data changes. */
    public boolean any() {
        return !users.isEmpty();
    }

    /** Returns the changes of a user in chronological order. Its phase k, from 1, begins with change k − 1. */
    public List<Change> of(int user) {
        return users.isEmpty() ? List.of() : users.get(user);
    }

    /**
     * Returns the virtual time in seconds since which a user's data is what it is at an instant: that of the last
     * change that was complete by then, or the instant itself during a gradual change; 0 if there was no change.
     */
    public double unchangedSince(int user, double seconds) {
        double since = 0;
        for (Change c : of(user)) {
            if (seconds >= c.atSeconds()) {
                since = Math.max(since, Math.min(seconds, c.atSeconds() + c.overSeconds()));
            }
        }
        return since;
    }

    /**
     * Returns the phases from which a user's data comes at an instant of virtual time. A change takes its share of the
     * new data from all earlier phases alike.
     */
    public PhaseShares shares(int user, double seconds) {
        List<Change> changes = of(user);
        if (changes.isEmpty() || seconds < changes.get(0).atSeconds()) {
            return PhaseShares.FIRST;
        }
        double[] shares = new double[changes.size() + 1];
        shares[0] = 1;
        for (int k = 0; k < changes.size(); k++) {
            double share = changes.get(k).share(seconds);
            for (int before = 0; before <= k && share > 0; before++) {
                shares[before] *= 1 - share;
            }
            shares[k + 1] = share;
        }
        return new PhaseShares(shares);
    }
}
