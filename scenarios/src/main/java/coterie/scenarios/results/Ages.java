package coterie.scenarios.results;

import coterie.actors.event.Observation;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.DoubleHistogramIterationValue;

/** Distributions of the ages of everything that users mixed, over all entries of all trust rows except users' own. */
public final class Ages {
    /** A distribution in bounded memory; quantiles are exact to three digits. */
    public static final class Distribution {
        private static final int DIGITS = 3;
        /** The largest ratio of two values that a histogram is certain to hold. */
        private static final double RANGE = 1e9;

        private DoubleHistogram histogram = empty();
        private double sum;
        private double max;
        private long count;

        private static DoubleHistogram empty() {
            DoubleHistogram h = new DoubleHistogram(DIGITS);
            h.setAutoResize(true);
            return h;
        }

        void add(double value) {
            try {
                histogram.recordValue(value);
            } catch (ArrayIndexOutOfBoundsException e) {
                widen(value);
            }
            sum += value;
            max = Math.max(max, value);
            count++;
        }

        /** Nanoseconds and months do not fit into one histogram: values that are tiny beside the largest become 0. */
        private void widen(double value) {
            double least = Math.max(max, value) / RANGE;
            DoubleHistogram wider = empty();
            wider.recordValue(Math.max(max, value));
            wider.reset();
            for (DoubleHistogramIterationValue v : histogram.recordedValues()) {
                double x = v.getValueIteratedTo();
                wider.recordValueWithCount(x < least ? 0 : x, v.getCountAtValueIteratedTo());
            }
            wider.recordValue(value < least ? 0 : value);
            histogram = wider;
        }

        public long count() {
            return count;
        }

        /** 0 if the distribution is empty. */
        public double mean() {
            return count == 0 ? 0 : sum / count;
        }

        /** 0 if the distribution is empty. */
        public double max() {
            return max;
        }

        /** The value below which this share of all values lies; NaN if the distribution is empty. */
        public double quantile(double share) {
            return count == 0 ? Double.NaN : Math.min(max, histogram.getValueAtPercentile(100 * share));
        }
    }

    private final Distribution versions = new Distribution();
    private final Distribution seconds = new Distribution();
    private final Distribution information = new Distribution();
    private final Distribution scores = new Distribution();
    private double weight;
    private double weightedVersions;
    private double weightedSeconds;

    void add(Observation.Mixed m) {
        int[] users = m.row().users();
        for (int k = 0; k < users.length; k++) {
            if (users[k] != m.user()) {
                versions.add(m.row().ages()[k]);
                seconds.add(m.secondsOld()[k]);
                information.add(m.informationAge()[k]);
                double w = m.row().weights()[k];
                weight += w;
                weightedVersions += w * m.row().ages()[k];
                weightedSeconds += w * m.secondsOld()[k];
                if (m.row().scoreAges()[k] >= 0) {
                    scores.add(m.row().scoreAges()[k]);
                }
            }
        }
    }

    /** Staleness: how many turns the snapshot is behind the user that mixes it. */
    public Distribution versions() {
        return versions;
    }

    /** Virtual seconds since the snapshot was sent. */
    public Distribution seconds() {
        return seconds;
    }

    /** Mean of {@link #versions}, weighted by trust; NaN if no snapshot of another user was mixed. */
    public double weightedVersions() {
        return weight > 0 ? weightedVersions / weight : Double.NaN;
    }

    /** Mean of {@link #seconds}, weighted by trust; NaN if no snapshot of another user was mixed. */
    public double weightedSeconds() {
        return weight > 0 ? weightedSeconds / weight : Double.NaN;
    }

    /** Information age: virtual seconds since the oldest local step in the snapshot began. */
    public Distribution information() {
        return information;
    }

    /** Turns since the score behind the weight was measured. */
    public Distribution scores() {
        return scores;
    }
}
