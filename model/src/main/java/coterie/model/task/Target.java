package coterie.model.task;

/**
 * A mean over users at which a run ends.
 *
 * @param metric of the run's task
 * @param value that the mean must reach
 */
public record Target(Metric metric, double value) {
    /** Whether a mean is as good as the target; false for NaN. */
    public boolean isReachedBy(double mean) {
        return mean == value || metric.better().isBetter(mean, value);
    }

    /**
     * Whether a mean is as good as the target, give or take a rounding error.
     *
     * @param tolerance relative; a negative one asks for more than the target
     */
    public boolean isReachedBy(double mean, double tolerance) {
        double slack = Math.abs(value) * tolerance;
        return new Target(metric, metric.better() == Metric.Direction.LOWER ? value + slack : value - slack)
                .isReachedBy(mean);
    }
}
