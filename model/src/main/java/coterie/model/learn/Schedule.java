package coterie.model.learn;

/** The learning rate of every iteration. */
@FunctionalInterface
public interface Schedule {
    /** @param step number of the iteration, the first being 0 */
    double rate(int step);

    /** The same rate always. */
    static Schedule constant(double rate) {
        return step -> rate;
    }
}
