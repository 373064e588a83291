package coterie.scenarios.results;

import coterie.actors.clock.RunObserver;
import coterie.actors.user.Observation;
import coterie.model.trust.TrustRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums and last values over a run, for its summary. */
public final class Statistics implements RunObserver {
    /** The run itself keeps a running sum, which rounds otherwise. */
    private static final double ROUNDING = 1e-12;

    private final double[] before;
    private final double[] last;
    private final double[] iterations;
    private final double target;
    private Reached reached;
    private double lowest = Double.POSITIVE_INFINITY;
    private final TrustFigures trust;
    private long turns;
    private long tokens;
    private long bytes;
    private long crashes;
    private long passes;
    private final Ages ages = new Ages();
    private final List<Observation.Diverged> diverged = new ArrayList<>();
    private long occasions;
    private long taken;

    public Statistics(int users) {
        this(users, 0);
    }

    /** @param target mean perplexity that is wanted; 0 for none */
    public Statistics(int users, double target) {
        this.target = target;
        before = new double[users];
        last = new double[users];
        iterations = new double[users];
        trust = new TrustFigures(users);
        Arrays.fill(before, Double.NaN);
        Arrays.fill(last, Double.NaN);
        Arrays.fill(iterations, Double.NaN);
    }

    @Override
    public synchronized void observed(Observation o) {
        if (o instanceof Observation.TurnEnded t) {
            turns++;
            occasions += t.collaborative() ? 1 : 0;
            taken += t.tookPart() ? 1 : 0;
            tokens += t.tokens();
            bytes += t.sent().parameterBytes() + t.sent().predictionBytes();
        } else if (o instanceof Observation.Evaluated e) {
            if (e.iteration() == 0) {
                before[e.user()] = e.perplexity();
            }
            last[e.user()] = e.perplexity();
            iterations[e.user()] = e.iteration();
            lookAtTarget(e.seconds());
        } else if (o instanceof Observation.Mixed m) {
            trust.add(m);
            ages.add(m);
            passes += m.row().passes();
        } else if (o instanceof Observation.Crashed) {
            crashes++;
        } else if (o instanceof Observation.Diverged d) {
            diverged.add(d);
            // What it was before says nothing of what has become of it.
            last[d.user()] = Double.NaN;
        }
    }

    /** Users whose training has diverged, in the order in which it showed. */
    public synchronized List<Observation.Diverged> diverged() {
        return List.copyOf(diverged);
    }

    public synchronized long turns() {
        return turns;
    }

    public synchronized long tokens() {
        return tokens;
    }

    /** Sent by all users until the ends of their last turns. */
    public synchronized long bytes() {
        return bytes;
    }

    public synchronized long crashes() {
        return crashes;
    }

    /** Forward passes that trust has taken. */
    public synchronized long passes() {
        return passes;
    }

    /** How old what was mixed was; to be read when the run is over. */
    public Ages ages() {
        return ages;
    }

    /** Share of the occasions to collaborate that were taken; NaN where there was none. */
    public synchronized double participation() {
        return occasions == 0 ? Double.NaN : (double) taken / occasions;
    }

    /** Perplexity of each user before training; NaN where it was not evaluated. */
    public synchronized double[] before() {
        return before.clone();
    }

    /** The newest perplexity of each user; NaN for users that were never evaluated or whose training has diverged. */
    public synchronized double[] perplexity() {
        return last.clone();
    }

    /**
     * When the mean over users was first as low as the target.
     *
     * @param seconds virtual seconds of the evaluation with which it was
     * @param iterations before users' newest evaluations then, in the mean
     */
    public record Reached(double seconds, double iterations) {}

    /** Null where the target was not reached, or there is none. */
    public synchronized Reached reached() {
        return reached;
    }

    private void lookAtTarget(double seconds) {
        if (target > 0 && reached == null && finite(last) == last.length - diverged.size()) {
            double mean = mean(last);
            lowest = Math.min(lowest, mean);
            if (mean <= target * (1 + ROUNDING)) {
                reached = new Reached(seconds, mean(iterations));
            }
        }
    }

    /**
     * The lowest mean over users, until the target was reached; infinity where there is no target, or where users were
     * not all evaluated.
     */
    synchronized double lowest() {
        return lowest;
    }

    /** Mean over users of the newest perplexity; NaN before the first. */
    public double meanPerplexity() {
        return mean(perplexity());
    }

    /** The last row each user mixed with; null for users that never did. */
    public synchronized List<TrustRow> rows() {
        return new ArrayList<>(Arrays.asList(trust.last()));
    }

    /** What rows say together; to be read when the run is over. */
    public TrustFigures trust() {
        return trust;
    }

    /** How many numbers are finite. */
    public static long finite(double[] x) {
        return Arrays.stream(x).filter(Double::isFinite).count();
    }

    /** Mean of the numbers that are finite. */
    public static double mean(double[] x) {
        return Arrays.stream(x).filter(Double::isFinite).average().orElse(Double.NaN);
    }

    /** Standard deviation over users, of the numbers that are finite; 0 for one. */
    public static double deviation(double[] x) {
        double mean = mean(x);
        return Math.sqrt(Arrays.stream(x)
                .filter(Double::isFinite)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(Double.NaN));
    }
}
