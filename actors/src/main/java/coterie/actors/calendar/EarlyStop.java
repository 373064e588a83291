package coterie.actors.calendar;

import coterie.actors.event.Observation;
import coterie.model.task.Target;
import coterie.model.task.Task;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Whether the mean of a metric over users has reached the target. The mean is over all users that train and have not
 * diverged, each with its newest evaluation; before all of them were evaluated there is none.
 */
public final class EarlyStop {
    private final Target target;
    /** Position of the target's metric among the values of an evaluation. */
    private final int metric;
    /** By user; NaN for users that were not evaluated yet, 0 for users that do not train or have diverged. */
    private final double[] newest;

    private int counted;
    private int unknown;
    private double sum;
    private boolean reached;

    /**
     * @param target null for none
     * @param trains whether a user trains; others are not evaluated
     */
    public EarlyStop(Task task, Target target, int users, IntPredicate trains) {
        this.target = target;
        metric = target == null ? -1 : task.indexOf(target.metric());
        newest = new double[target == null ? 0 : users];
        Arrays.fill(newest, Double.NaN);
        IntStream.range(0, newest.length).filter(trains.negate()).forEach(u -> newest[u] = 0);
        counted = (int) IntStream.range(0, users).filter(trains).count();
        unknown = counted;
    }

    public void observed(Observation o) {
        if (target == null) {
            return;
        }
        if (o instanceof Observation.Evaluated e && !Double.isNaN(e.values().get(metric))) {
            double value = e.values().get(metric);
            unknown -= Double.isNaN(newest[e.user()]) ? 1 : 0;
            sum += value - (Double.isNaN(newest[e.user()]) ? 0 : newest[e.user()]);
            newest[e.user()] = value;
            reached |= unknown == 0 && target.isReachedBy(sum / counted);
        } else if (o instanceof Observation.Diverged d) {
            counted--;
            unknown -= Double.isNaN(newest[d.user()]) ? 1 : 0;
            sum -= Double.isNaN(newest[d.user()]) ? 0 : newest[d.user()];
            newest[d.user()] = 0;
        }
    }

    /** The state for a checkpoint. */
    public record State(double[] newest, int counted, int unknown, double sum, boolean reached) {}

    public State state() {
        return new State(newest.clone(), counted, unknown, sum, reached);
    }

    public void restore(State s) {
        System.arraycopy(s.newest, 0, newest, 0, newest.length);
        counted = s.counted;
        unknown = s.unknown;
        sum = s.sum;
        reached = s.reached;
    }

    public boolean reached() {
        return reached;
    }
}
