package coterie.model.text;

/** Data that is missing or invalid. The message gives the location, what was found and what is expected. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
