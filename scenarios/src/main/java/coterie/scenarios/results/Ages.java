package coterie.scenarios.results;

import coterie.actors.life.Observation;
import org.HdrHistogram.DoubleHistogram;

/** How old everything was that users mixed, and what their trust was made of: distributions over all entries of all rows, users' own aside. */
public final class Ages {
    /** A distribution kept in bounded space: quantiles are right to three digits. */
    public static final class Distribution {
        private static final int DIGITS = 3;
        private final DoubleHistogram histogram = new DoubleHistogram(DIGITS);
        private double sum;
        private double max;
        private long count;

        void add(double value) {
            histogram.setAutoResize(true);
            histogram.recordValue(value);
            sum += value;
            max = Math.max(max, value);
            count++;
        }

        public long count() {
            return count;
        }

        /** 0 where there is nothing. */
        public double mean() {
            return count == 0 ? 0 : sum / count;
        }

        /** 0 where there is nothing. */
        public double max() {
            return max;
        }

        /** The value below which this share of all lies; NaN where there is nothing. */
        public double quantile(double share) {
            return count == 0 ? Double.NaN : Math.min(max, histogram.getValueAtPercentile(100 * share));
        }
    }

    private final Distribution versions = new Distribution();
    private final Distribution seconds = new Distribution();
    private final Distribution information = new Distribution();
    private final Distribution evidence = new Distribution();

    void add(Observation.Mixed m) {
        int[] users = m.row().users();
        for (int k = 0; k < users.length; k++) {
            if (users[k] != m.user()) {
                versions.add(m.row().ages()[k]);
                seconds.add(m.secondsOld()[k]);
                information.add(m.informationAge()[k]);
                if (m.row().evidenceAges()[k] >= 0) {
                    evidence.add(m.row().evidenceAges()[k]);
                }
            }
        }
    }

    /** Turns of the snapshot behind that of the user that mixed it. */
    public Distribution versions() {
        return versions;
    }

    /** Virtual seconds since it was sent. */
    public Distribution seconds() {
        return seconds;
    }

    /** Virtual seconds since the oldest local step in it was begun. */
    public Distribution information() {
        return information;
    }

    /** Turns since trust in it was measured. */
    public Distribution evidence() {
        return evidence;
    }
}
