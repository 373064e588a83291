package coterie.actors.cluster;

/**
 * How users are divided into shards: consecutive users, so that neighbours on a ring are mostly in one shard. The sizes
 * of shards differ by at most one user.
 *
 * @param users of the run
 * @param shards of the run, at most as many as users
 */
record UserShards(int users, int shards) {
    /** One shard a user, or at most {@code most} shards of several users each. */
    static UserShards of(int users, int most) {
        int size = (users + most - 1) / most;
        return new UserShards(users, (users + size - 1) / size);
    }

    /** The shard of a user. */
    int shard(int user) {
        return (int) ((long) user * shards / users);
    }

    /** The first user of a shard. */
    int first(int shard) {
        return (int) (((long) shard * users + shards - 1) / shards);
    }

    /** Users of the largest shard. */
    int largest() {
        return (users + shards - 1) / shards;
    }

    /** Users of some shards, in ascending order of both. */
    int[] users(int[] some) {
        int n = 0;
        for (int s : some) {
            n += first(s + 1) - first(s);
        }
        int[] all = new int[n];
        n = 0;
        for (int s : some) {
            for (int u = first(s); u < first(s + 1); u++) {
                all[n++] = u;
            }
        }
        return all;
    }
}
