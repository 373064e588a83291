package coterie.model.torch;

/** A device cannot go on computing. The message is one line for the user. */
public final class DeviceFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean lost;

    DeviceFailedException(String message, boolean lost, Throwable cause) {
        super(message, cause);
        this.lost = lost;
    }

    /** Something does not fit into a device's memory. */
    public static DeviceFailedException full(String message, Throwable cause) {
        return new DeviceFailedException(message, false, cause);
    }

    /**
     * Whether this process can use the device no longer, whatever it computes: after an error of a GPU every further
     * call fails too.
     */
    public boolean isLost() {
        return lost;
    }
}
