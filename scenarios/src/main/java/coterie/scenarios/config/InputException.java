package coterie.scenarios.config;

/**
 * A mistake in the user's input. The message gives the location, what was found and what is allowed. The command line
 * prints it and exits with status 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }
}
