package coterie.model.torch;

/**
 * A native library that this machine cannot load as it is set up: a fault of the machine, not of any input. The message
 * is one line that says what to set.
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
