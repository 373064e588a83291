package coterie.scenarios.config;

/**
 * A mistake in a scenario.
 *
 * @param path key path of the setting
 * @param place location
 * @param message the whole message, location included
 */
record Mistake(String path, Place place, String message) {
    /** Whether both are about the same setting, or about a setting and a block that contains it. */
    boolean touches(String other) {
        return path.equals(other) || path.startsWith(other + ".") || other.startsWith(path + ".");
    }
}
