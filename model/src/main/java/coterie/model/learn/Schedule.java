package coterie.model.learn;

/** The learning rate of every iteration. */
@FunctionalInterface
public interface Schedule {
    /** @param step number of the iteration, from 0 */
    double rate(int step);

    /** A constant rate. */
    static Schedule constant(double rate) {
        return step -> rate;
    }
}
