package coterie.actors.clock;

import coterie.actors.user.Observation;
import java.util.Arrays;

/**
 * Whether users' mean perplexity has reached the target: over all users whose training has not diverged, each by its
 * newest evaluation, and never before all were evaluated.
 */
public final class EarlyStop {
    private final double perplexity;
    private final double[] newest;
    private int counted;
    private int unknown;
    private double sum;
    private boolean reached;

    /** @param perplexity 0 for none */
    EarlyStop(double perplexity, int users) {
        this.perplexity = perplexity;
        newest = new double[perplexity > 0 ? users : 0];
        Arrays.fill(newest, Double.NaN);
        counted = users;
        unknown = users;
    }

    void observed(Observation o) {
        if (perplexity > 0 && o instanceof Observation.Evaluated e && !Double.isNaN(e.loss())) {
            unknown -= Double.isNaN(newest[e.user()]) ? 1 : 0;
            sum += e.perplexity() - (Double.isNaN(newest[e.user()]) ? 0 : newest[e.user()]);
            newest[e.user()] = e.perplexity();
            reached |= unknown == 0 && sum / counted <= perplexity;
        } else if (perplexity > 0 && o instanceof Observation.Diverged d) {
            counted--;
            unknown -= Double.isNaN(newest[d.user()]) ? 1 : 0;
            sum -= Double.isNaN(newest[d.user()]) ? 0 : newest[d.user()];
            newest[d.user()] = 0;
        }
    }

    /** For a checkpoint. */
    public record State(double[] newest, int counted, int unknown, double sum, boolean reached) {}

    State state() {
        return new State(newest.clone(), counted, unknown, sum, reached);
    }

    void restore(State s) {
        System.arraycopy(s.newest, 0, newest, 0, newest.length);
        counted = s.counted;
        unknown = s.unknown;
        sum = s.sum;
        reached = s.reached;
    }

    boolean reached() {
        return reached;
    }
}
