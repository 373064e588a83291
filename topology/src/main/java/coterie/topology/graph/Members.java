package coterie.topology.graph;

/**
 * Whom a graph joins.
 *
 * @param seed of kinds that are drawn
 * @param categories what each user is [N], for kinds that look at it; null where that is not known
 */
public record Members(int users, long seed, int[] categories) {
    public Members {
        if (users < 1) {
            throw new IllegalArgumentException("a graph needs at least one user, found " + users);
        }
        if (categories != null && categories.length != users) {
            throw new IllegalArgumentException(users + " users need as many categories, found " + categories.length);
        }
    }

    /** Users of one kind. */
    public static Members alike(int users, long seed) {
        return new Members(users, seed, null);
    }

    int category(int user) {
        return categories == null ? 0 : categories[user];
    }
}
