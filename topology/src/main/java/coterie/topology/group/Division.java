package coterie.topology.group;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides users into groups: first those that groups name, then, in order of the groups, the lowest-numbered of the
 * rest, then shares, drawn from the seed. The shares are rounded in such a way that those of several groups together
 * have the rounded number of users of their sum.
 */
final class Division {
    private static final double ROUNDING = 1e-9;

    private final int users;
    private final int[] group;

    private Division(int users, int others) {
        this.users = users;
        group = new int[users];
        Arrays.fill(group, others);
    }

    /**
     * Returns the group of each user, [users]; the number of groups for a user in none.
     *
     * @throws GroupException if a user would be in two groups, there is no such user, there are too few users, or a
     *     group would have none
     */
    static int[] of(long seed, int users, List<Membership> groups) {
        Division d = new Division(users, groups.size());
        d.named(groups);
        d.counted(groups);
        d.drawn(seed, groups);
        return d.group;
    }

    private void named(List<Membership> groups) {
        for (int g = 0; g < groups.size(); g++) {
            for (int user : groups.get(g).ids() == null
                    ? List.<Integer>of()
                    : groups.get(g).ids()) {
                if (user < 0 || user >= users) {
                    throw wrong(g, "ids", "users are 0 to " + (users - 1) + ", found " + user);
                }
                if (group[user] != groups.size()) {
                    throw wrong(g, "ids", "user " + user + " belongs to another group already");
                }
                group[user] = g;
            }
        }
    }

    private void counted(List<Membership> groups) {
        int next = 0;
        for (int g = 0; g < groups.size(); g++) {
            int wanted = groups.get(g).users() == null ? 0 : groups.get(g).users();
            for (int k = 0; k < wanted; k++) {
                while (next < users && group[next] != groups.size()) {
                    next++;
                }
                if (next == users) {
                    throw wrong(
                            g, "users", "must be at most " + k + ", the users left by other groups, found " + wanted);
                }
                group[next] = g;
            }
        }
    }

    private void drawn(long seed, List<Membership> groups) {
        KeyedPermutation order = new KeyedPermutation(users, RandomStream.name(seed, Purpose.GROUP));
        int[] free = IntStream.range(0, users)
                .filter(u -> group[u] == groups.size())
                .boxed()
                .sorted(Comparator.comparingInt(order::place))
                .mapToInt(Integer::intValue)
                .toArray();
        double sum = 0;
        int begin = 0;
        for (int g = 0; g < groups.size(); g++) {
            Double share = groups.get(g).share();
            if (share == null) {
                continue;
            }
            sum += share;
            long end = (long) Math.floor(users * sum + 0.5 + ROUNDING);
            if (end > free.length) {
                throw wrong(
                        g,
                        "share",
                        "asks for " + (end - begin) + " of " + users + " users, " + (free.length - begin)
                                + " are left by other groups; found " + share);
            }
            if (end == begin) {
                throw wrong(g, "share", "leaves the group without users: " + share + " of " + users);
            }
            while (begin < end) {
                group[free[begin++]] = g;
            }
        }
    }

    private static GroupException wrong(int group, String key, String message) {
        return new GroupException(group, key, message, null);
    }
}
