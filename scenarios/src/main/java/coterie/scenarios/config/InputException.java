package coterie.scenarios.config;

import java.util.List;

/**
 * One or several mistakes in the user's input. Each message gives the location, what was found and what is allowed. The
 * command line prints them, one a line, and exits with status 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<String> mistakes;

    public InputException(String message) {
        super(message);
        mistakes = List.of(message);
    }

    /** @param mistakes a message for each mistake; at least one */
    public InputException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** Returns a message for each mistake. */
    public List<String> mistakes() {
        return mistakes == null ? List.of(getMessage()) : mistakes;
    }

    /** Returns the same mistakes with a location before each. */
    public InputException within(String place) {
        return new InputException(mistakes().stream().map(m -> place + ": " + m).toList());
    }
}
