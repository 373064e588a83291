package coterie.model.torch;

/**
 * A native library cannot be loaded because of the setup of this machine, not because of any input. The message is one
 * line that says what to set.
 */
public final class TorchUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TorchUnavailableException(String message) {
        super(message);
    }

    public TorchUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
