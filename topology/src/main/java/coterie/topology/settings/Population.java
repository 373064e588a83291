package coterie.topology.settings;

/**
 * Who lives in a world: what models need to know to become concrete.
 *
 * @param seed of everything drawn
 * @param users how many
 */
public record Population(long seed, int users) {
    public Population {
        if (users < 1) {
            throw new IllegalArgumentException("users must be at least 1, found " + users);
        }
    }
}
