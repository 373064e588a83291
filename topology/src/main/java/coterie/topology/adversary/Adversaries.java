package coterie.topology.adversary;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All attacks of a simulation. Which attack a user makes at an instant depends on nothing but the user and the instant.
 *
 * @param users attacks of each user in chronological order; empty if no user attacks
 */
public record Adversaries(List<List<Attack>> users) {
    /** No user attacks. */
    public static final Adversaries NONE = new Adversaries(List.of());

    /** In place of the number of an entry: no attack. */
    public static final int HONEST = -1;

    private static final double ROUNDING = 1e-9;

    /**
     * An attack of one user, during [from, until).
     *
     * @param entry number of the {@link Adversary} that it follows from
     * @param fromSeconds in virtual seconds
     * @param untilSeconds in virtual seconds; infinity for the end of the run
     */
    public record Attack(int entry, double fromSeconds, double untilSeconds) {
        /** Whether it is made at an instant of virtual time. */
        public boolean at(double seconds) {
            return seconds >= fromSeconds && seconds < untilSeconds;
        }
    }

    public Adversaries {
        users = users.stream().allMatch(List::isEmpty)
                ? List.of()
                : users.stream().map(List::copyOf).toList();
    }

    /**
     * Determines the attacks of all users: first of those that entries name, then of the lowest-numbered of the rest,
     * then of shares, drawn from the seed. A user that is attacking in the time of an entry already is passed over.
     *
     * @param server a user that never attacks; −1 for none
     * @throws IllegalArgumentException if an entry names a user that does not exist, that is the server or that makes
     *     another attack at the same time, or if too few users are left; the message begins with the number of the
     *     entry and the key
     */
    public static Adversaries of(long seed, int users, int server, List<Adversary> entries) {
        Drawing drawing = new Drawing(users, server, entries);
        drawing.named();
        drawing.counted();
        drawing.drawn(seed);
        drawing.all.forEach(attacks -> attacks.sort(Comparator.comparingDouble(Attack::fromSeconds)));
        return new Adversaries(drawing.all);
    }

    /** Divides attacks among users. */
    private static final class Drawing {
        private final int server;
        private final List<Adversary> entries;
        private final List<List<Attack>> all;

        Drawing(int users, int server, List<Adversary> entries) {
            this.server = server;
            this.entries = entries;
            all = IntStream.range(0, users)
                    .mapToObj(u -> (List<Attack>) new ArrayList<Attack>(0))
                    .toList();
        }

        void named() {
            for (int e = 0; e < entries.size(); e++) {
                List<Integer> ids = entries.get(e).members().ids();
                for (int user : ids == null ? List.<Integer>of() : ids) {
                    if (user < 0 || user >= all.size()) {
                        throw wrong(e, "ids", "users are 0 to " + (all.size() - 1) + ", found " + user);
                    }
                    if (user == server) {
                        throw wrong(e, "ids", "user " + user + " is the server, and cannot be an adversary");
                    }
                    if (!isFree(user, e)) {
                        throw wrong(e, "ids", "user " + user + " makes another attack at the same time");
                    }
                    add(user, e);
                }
            }
        }

        void counted() {
            for (int e = 0; e < entries.size(); e++) {
                Integer count = entries.get(e).members().users();
                if (count != null) {
                    take(e, "users", count, IntStream.range(0, all.size()).toArray());
                }
            }
        }

        void drawn(long seed) {
            for (int e = 0; e < entries.size(); e++) {
                Double share = entries.get(e).members().share();
                if (share == null) {
                    continue;
                }
                KeyedPermutation order =
                        new KeyedPermutation(all.size(), RandomStream.name(seed, Purpose.ADVERSARY, e));
                int[] places = new int[all.size()];
                for (int u = 0; u < places.length; u++) {
                    places[order.place(u)] = u;
                }
                long count = (long) Math.floor(all.size() * share + 0.5 + ROUNDING);
                if (count == 0) {
                    throw wrong(e, "share", "is no user: " + share + " of " + all.size());
                }
                take(e, "share", count, places);
            }
        }

        /** Gives an entry the first users that are free. */
        private void take(int entry, String key, long count, int[] order) {
            int[] free = IntStream.of(order)
                    .filter(u -> u != server && isFree(u, entry))
                    .toArray();
            if (count > free.length) {
                throw wrong(
                        entry,
                        key,
                        "asks for " + count + " of " + all.size() + " users, and " + free.length
                                + " are free to attack at that time");
            }
            for (int k = 0; k < count; k++) {
                add(free[k], entry);
            }
        }

        private boolean isFree(int user, int entry) {
            return all.get(user).stream().noneMatch(a -> entries.get(a.entry).overlaps(entries.get(entry)));
        }

        private void add(int user, int entry) {
            Adversary a = entries.get(entry);
            all.get(user).add(new Attack(entry, a.fromSeconds(), a.untilSeconds()));
        }

        private static IllegalArgumentException wrong(int entry, String key, String message) {
            return new IllegalArgumentException(entry + "." + key + ": " + message);
        }
    }

    /** Whether any user attacks. */
    public boolean any() {
        return !users.isEmpty();
    }

    /** Returns the attacks of a user in chronological order. */
    public List<Attack> of(int user) {
        return users.isEmpty() ? List.of() : users.get(user);
    }

    /** Whether a user attacks at some time; otherwise it is honest. */
    public boolean contains(int user) {
        return !of(user).isEmpty();
    }

    /** Returns the number of users that attack at some time. */
    public int count() {
        return (int) users.stream().filter(attacks -> !attacks.isEmpty()).count();
    }

    /** Returns the number of users that attack at an instant of virtual time. */
    public int count(double seconds) {
        int count = 0;
        for (List<Attack> attacks : users) {
            count += underWay(attacks, seconds) == null ? 0 : 1;
        }
        return count;
    }

    /** Whether any user attacks at an instant of virtual time. */
    public boolean anyAt(double seconds) {
        for (List<Attack> attacks : users) {
            if (underWay(attacks, seconds) != null) {
                return true;
            }
        }
        return false;
    }

    private static Attack underWay(List<Attack> attacks, double seconds) {
        for (Attack a : attacks) {
            if (a.at(seconds)) {
                return a;
            }
        }
        return null;
    }

    /** Returns the entry by which a user attacks at an instant of virtual time; {@link #HONEST} if it does not. */
    public int entry(int user, double seconds) {
        Attack attack = underWay(of(user), seconds);
        return attack == null ? HONEST : attack.entry;
    }

    /** Returns the virtual seconds at which the first attack begins; infinity if there is none. */
    public double begin() {
        return users.stream()
                .flatMap(List::stream)
                .mapToDouble(Attack::fromSeconds)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
