package coterie.scenarios.config;

import java.nio.file.Path;

/**
 * A setting that is laid over a scenario.
 *
 * @param text {@code key.path=value}, with the value as YAML; a map replaces its keys
 * @param place its location, for messages; null if the program sets it, so that mistakes are never located there
 */
public record Assignment(String text, String place) {
    /**
     * Returns a setting that was given to the option {@code --set}.
     *
     * @param file the file given with it
     */
    public static Assignment typed(Path file, String text) {
        return option(file, "--set", text);
    }

    /** Same as {@link #typed}, for another option. */
    public static Assignment option(Path file, String option, String text) {
        return new Assignment(text, file + ": " + option + " " + LocatedTree.shown(text));
    }

    /** Returns a setting that the program itself chooses. */
    static Assignment chosen(String text) {
        return new Assignment(text, null);
    }
}
