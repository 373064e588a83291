package coterie.model.task;

import java.util.function.DoubleUnaryOperator;

/**
 * A number that is measured on a user's test set. A run reports it for each user, and the arithmetic mean and the
 * standard deviation over users.
 *
 * @param name as in result files, scenarios and studies: lower case, words joined by underscores
 * @param label for people, in tables and charts
 * @param unit for people; empty for a pure number
 * @param better whether lower or higher values are better
 * @param ofLoss computes the metric from the task's loss; null for a metric that is measured
 */
public record Metric(String name, String label, String unit, Direction better, DoubleUnaryOperator ofLoss) {
    /** Which of two values is better. */
    public enum Direction {
        LOWER("lowest"),
        HIGHER("highest");

        private final String best;

        Direction(String best) {
            this.best = best;
        }

        /** The superlative for legends: "lowest" or "highest". */
        public String best() {
            return best;
        }

        /** Whether {@code a} is better than {@code b}; false if either is NaN. */
        public boolean isBetter(double a, double b) {
            return this == LOWER ? a < b : a > b;
        }

        /** The worst value there is: positive or negative infinity. */
        public double worst() {
            return this == LOWER ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name does not fit into result files
     */
    public Metric {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "a metric's name must be lower-case letters, digits and underscores, found " + name);
        }
    }

    /** A metric that is measured. */
    public static Metric measured(String name, String label, String unit, Direction better) {
        return new Metric(name, label, unit, better, null);
    }

    /** A metric that is a function of the task's loss. */
    public static Metric ofLoss(String name, String label, Direction better, DoubleUnaryOperator function) {
        return new Metric(name, label, "", better, function);
    }

    /** Whether it is a function of the loss. */
    public boolean isDerived() {
        return ofLoss != null;
    }
}
