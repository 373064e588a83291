package coterie.model.trust;

/**
 * Notices that a number that a user sees in every turn, such as its training loss, has risen: a one-sided cumulative
 * sum (E. S. Page, <i>Continuous inspection schemes</i>, Biometrika 41, 1954).
 *
 * <p>A value x is compared with the mean m of the values before, in units of their spread s: z = (x − m) / s. The sum
 * is S ← max(0, S + min(z, 2 h) − κ) with the allowance κ = 1, and the alarm rings when S exceeds h = 4: at one value
 * more than five spreads above the mean, at two more than three above it, and so on. Values that fall, as losses do,
 * never make it ring. The mean forgets: a new value counts 1 / 5. The spread is that of successive differences, √π / 2
 * times their mean size, so that a slow trend does not count as noise; a difference counts as three spreads at most,
 * and s as one hundredth of the mean at least. The first four values only give mean and spread. After an alarm the mean
 * begins again at the value that made it ring.
 *
 * <p>Worked example: after the values 1, 1.1, 1, 1.1 the mean is 1.05, and the spread is 0.0886, √π / 2 times 0.1. The
 * value 1.2 is z = 1.69 above, so that S = 0.69; with 2 in its place S is 7, since z counts at most 8, and the alarm
 * rings.
 *
 * @param values number of values
 * @param mean mean of the values
 * @param spread standard deviation of a value
 * @param last the last value
 * @param sum the cumulative sum S
 */
public record RiseAlarm(int values, double mean, double spread, double last, double sum) {
    /** Before the first value. */
    static final RiseAlarm NONE = new RiseAlarm(0, 0, 0, 0, 0);

    private static final double ALLOWANCE = 1;
    private static final double THRESHOLD = 4;
    private static final int FEWEST = 4;
    private static final double FORGETTING = 1.0 / 5;
    private static final double LEAST_SPREAD = 0.01;
    private static final double MOST_SPREADS = 3;

    /** Standard deviation of normal variates per mean distance of two of them. */
    private static final double PER_DISTANCE = Math.sqrt(Math.PI) / 2;

    /** Returns the alarm after another value. A value that is NaN changes nothing. */
    RiseAlarm after(double value) {
        if (Double.isNaN(value)) {
            return this;
        }
        if (values == 0) {
            return new RiseAlarm(1, value, 0, value, 0);
        }
        double least = Math.max(spread, LEAST_SPREAD * Math.abs(mean));
        double above = least > 0 ? Math.min((value - mean) / least, 2 * THRESHOLD) : 0;
        double found = PER_DISTANCE * Math.abs(value - last);
        double limited = values < FEWEST ? found : Math.min(found, MOST_SPREADS * least);
        double next = spread + Math.max(FORGETTING, 1.0 / values) * (limited - spread);
        double newSum = values < FEWEST ? 0 : Math.max(0, (rings() ? 0 : sum) + above - ALLOWANCE);
        double newMean = newSum > THRESHOLD ? value : mean + Math.max(FORGETTING, 1.0 / (values + 1)) * (value - mean);
        return new RiseAlarm(values + 1, newMean, next, value, newSum);
    }

    /** Whether the last value made the alarm ring. */
    boolean rings() {
        return sum > THRESHOLD;
    }
}
