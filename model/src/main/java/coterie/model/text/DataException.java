package coterie.model.text;

/** Data that cannot be had as a scenario wants it; the message says where, what was found and what would do. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
