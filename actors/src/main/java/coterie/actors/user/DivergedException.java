package coterie.actors.user;

/**
 * What a protocol would make of a user's parameters is not finite: its user's training ends, and what it had stays as
 * it was.
 */
final class DivergedException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    DivergedException() {
        super("a mixture is not finite");
    }
}
