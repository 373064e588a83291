package coterie.actors.clock;

import coterie.actors.life.Observation;
import java.util.Arrays;

/** Whether users' mean perplexity is as low as it was to become: over all users, each by its newest evaluation, and never before all were evaluated. */
public final class Target {
    private final double perplexity;
    private final double[] newest;
    private int unknown;
    private double sum;
    private boolean reached;

    /** @param perplexity 0 for none */
    Target(double perplexity, int users) {
        this.perplexity = perplexity;
        newest = new double[perplexity > 0 ? users : 0];
        Arrays.fill(newest, Double.NaN);
        unknown = users;
    }

    void observed(Observation o) {
        if (perplexity > 0 && o instanceof Observation.Evaluated e && !Double.isNaN(e.loss())) {
            unknown -= Double.isNaN(newest[e.user()]) ? 1 : 0;
            sum += e.perplexity() - (Double.isNaN(newest[e.user()]) ? 0 : newest[e.user()]);
            newest[e.user()] = e.perplexity();
            reached |= unknown == 0 && sum / newest.length <= perplexity;
        }
    }

    /** For a checkpoint. */
    public record State(double[] newest, int unknown, double sum, boolean reached) {
    }

    State state() {
        return new State(newest.clone(), unknown, sum, reached);
    }

    void restore(State s) {
        System.arraycopy(s.newest, 0, newest, 0, newest.length);
        unknown = s.unknown;
        sum = s.sum;
        reached = s.reached;
    }

    boolean reached() {
        return reached;
    }
}
