package coterie.topology.graph;

/**
 * The users that a graph joins.
 *
 * @param users number of users, N
 * @param seed seed for random graphs
 * @param categories category of each user [N]; null if unknown
 */
public record Members(int users, long seed, int[] categories) {
    public Members {
        if (users < 1) {
            throw new IllegalArgumentException("a graph needs at least one user, found " + users);
        }
        if (categories != null && categories.length != users) {
            throw new IllegalArgumentException(users + " users need one category each, found " + categories.length);
        }
    }

    /** Users without categories. */
    public static Members alike(int users, long seed) {
        return new Members(users, seed, null);
    }

    int category(int user) {
        return categories == null ? 0 : categories[user];
    }
}
