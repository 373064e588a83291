package coterie.actors.protocol;

/** Thrown by a {@link Participant} if a mixture is not finite: its user stops training and keeps its parameters. */
public final class DivergedException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    public DivergedException() {
        super("a mixture is not finite");
    }
}
