package coterie.scenarios.config;

/**
 * A user's mistake; the message names the place, what was found and what is allowed. The command line prints it and
 * exits with 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }
}
