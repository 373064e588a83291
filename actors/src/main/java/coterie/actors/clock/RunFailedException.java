package coterie.actors.clock;

/** A run that could not go on; the message names the user and what happened to it. */
public class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param cause may be null */
    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
