package coterie.scenarios.config;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * The location of a setting, for messages.
 *
 * @param name name of the file, or an option as it was typed
 * @param file file that relative paths are resolved against; null if there is none
 * @param order position among the sources of a scenario: the file itself, the files that it extends, options
 * @param line line in the file, from 1; 0 if the whole file is meant, -1 for an option
 * @param column column in the line, from 1
 */
record Place(String name, Path file, int order, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::order).thenComparingInt(Place::line).thenComparingInt(Place::column);

    /** Returns the location of a whole source. */
    static Place of(String name, Path file, int order) {
        return new Place(name, file, order, 0, 0);
    }

    /** Returns the location of an option. */
    static Place ofOption(String name, int order) {
        return new Place(name, null, order, -1, 0);
    }

    boolean isOption() {
        return line < 0;
    }

    /** Returns the location of a line; an option has none. */
    Place line(int other, int otherColumn) {
        return isOption() ? this : new Place(name, file, order, other, otherColumn);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /** Returns the name of the source and the line, for instance "file:12". */
    @Override
    public String toString() {
        return line <= 0 ? name : name + ":" + line;
    }
}
