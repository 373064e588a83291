package coterie.topology.settings;

/**
 * The users of a simulation, as needed to instantiate models.
 *
 * @param seed seed of all random draws
 * @param users number of users
 */
public record Population(long seed, int users) {
    public Population {
        if (users < 1) {
            throw new IllegalArgumentException("users must be at least 1, found " + users);
        }
    }
}
