package coterie.topology.settings;

import java.util.Arrays;

/**
 * The users that a model applies to, as needed to instantiate it: all users of a simulation, or a part of them. Users
 * keep their numbers, so that what is drawn for a user does not depend on the part it belongs to.
 */
public final class Population {
    private static final int NOT_HERE = -1;

    private final long seed;
    private final int key;
    private final int size;
    /** Position of each user among those of the part; null for all users. */
    private final int[] places;

    private final int users;

    /**
     * All users of a simulation.
     *
     * @param seed seed of all random draws
     * @param users number of users, at least 1
     */
    public Population(long seed, int users) {
        this(seed, users, null, users, -1);
        if (users < 1) {
            throw new IllegalArgumentException("users must be at least 1, found " + users);
        }
    }

    private Population(long seed, int users, int[] places, int size, int key) {
        this.seed = seed;
        this.users = users;
        this.places = places;
        this.size = size;
        this.key = key;
    }

    /**
     * A part of these users.
     *
     * @param members user numbers in ascending order
     * @param part number of the part, for what is drawn once a part; -1 draws as the whole does
     */
    public Population part(int[] members, int part) {
        int[] at = new int[users];
        Arrays.fill(at, NOT_HERE);
        for (int k = 0; k < members.length; k++) {
            at[members[k]] = k;
        }
        return new Population(seed, users, at, members.length, part < 0 ? key : -2 - part);
    }

    /** Seed of all random draws. */
    public long seed() {
        return seed;
    }

    /** Number of users of the simulation. */
    public int users() {
        return users;
    }

    /** Number of users that the model applies to. */
    public int size() {
        return size;
    }

    /** Whether the model applies to a user. */
    public boolean has(int user) {
        return places == null || places[user] != NOT_HERE;
    }

    /** Position of a user among those that the model applies to: 0 to {@link #size} − 1. */
    public int place(int user) {
        return places == null ? user : places[user];
    }

    /** Key of what is drawn for these users together; differs between parts. */
    public int key() {
        return key;
    }
}
