package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.aggregation.Influence;
import coterie.model.task.Metric;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.topology.group.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums and last values of a run, for its summary. */
public final class Statistics implements RunObserver {
    /** The run keeps a running sum, which rounds differently. */
    private static final double ROUNDING = 1e-12;

    private final Task task;
    /** Of each metric, by user. */
    private final double[][] before;

    private final double[][] last;
    private final double[] iterations;
    private final int training;
    private final Target target;
    private Reached reached;
    private double best = Double.NaN;
    private final TrustFigures trust;
    private long turns;
    private long tokens;
    private long bytes;
    private long crashes;
    private long passes;
    private final Ages ages = new Ages();
    private final Presence presence;
    private final GroupFigures groups;
    private final AttackerFigures attackers;
    private final RefusalFigures refusals;
    private final List<Observation.Diverged> diverged = new ArrayList<>();
    private long occasions;
    private long taken;

    /** Statistics of a run in which no user attacks. */
    public Statistics(Task task, Groups division, int training, Target target, int schedule) {
        this(task, division, TrustInAttackers.NONE, training, target, schedule);
    }

    /**
     * Statistics of a run that has not begun.
     *
     * @param task names the values of evaluations
     * @param division the users
     * @param attacked which of them attack
     * @param training number of users that train
     * @param target null for none
     * @param schedule turns of a user
     */
    public Statistics(
            Task task, Groups division, TrustInAttackers attacked, int training, Target target, int schedule) {
        this.training = training;
        int users = division.ofUsers().length;
        groups = new GroupFigures(division);
        attackers = new AttackerFigures(attacked, users);
        refusals = new RefusalFigures(attacked.adversaries());
        this.task = task;
        this.target = target;
        before = new double[task.size()][users];
        last = new double[task.size()][users];
        iterations = new double[users];
        trust = new TrustFigures(users);
        presence = new Presence(users, schedule);
        for (int m = 0; m < task.size(); m++) {
            Arrays.fill(before[m], Double.NaN);
            Arrays.fill(last[m], Double.NaN);
        }
        Arrays.fill(iterations, Double.NaN);
    }

    @Override
    public synchronized void observed(Observation o) {
        presence.observed(o);
        groups.observed(o);
        if (o instanceof Observation.TurnEnded t) {
            turns++;
            occasions += t.collaborative() ? 1 : 0;
            taken += t.tookPart() ? 1 : 0;
            tokens += t.tokens();
            bytes += t.sent().parameterBytes() + t.sent().predictionBytes();
        } else if (o instanceof Observation.Evaluated e) {
            for (int m = 0; m < task.size(); m++) {
                double value = e.values().get(m);
                // A free-rider stays at iteration 0.
                boolean again = attackers.contains(e.user()) && !Double.isNaN(before[m][e.user()]);
                if (e.iteration() == 0 && !again) {
                    before[m][e.user()] = value;
                }
                last[m][e.user()] = value;
            }
            iterations[e.user()] = e.iteration();
            lookAtTarget(e.seconds());
        } else if (o instanceof Observation.Mixed m) {
            trust.add(m);
            ages.add(m);
            attackers.mixed(m);
            Influence influence = m.row().influence();
            passes += m.row().passes() + (influence == null ? 0 : influence.passes());
        } else if (o instanceof Observation.Crashed) {
            crashes++;
        } else if (o instanceof Observation.Refused r) {
            refusals.refused(r);
        } else if (o instanceof Observation.Diverged d) {
            diverged.add(d);
            // Earlier values do not describe the diverged parameters.
            for (double[] values : last) {
                values[d.user()] = Double.NaN;
            }
        }
    }

    /** Users whose training has diverged, in the order of the observations. */
    public synchronized List<Observation.Diverged> diverged() {
        return List.copyOf(diverged);
    }

    public synchronized long turns() {
        return turns;
    }

    public synchronized long tokens() {
        return tokens;
    }

    /** Bytes that all users have sent until the ends of their last turns. */
    public synchronized long bytes() {
        return bytes;
    }

    public synchronized long crashes() {
        return crashes;
    }

    /** Forward passes that trust strategies and aggregation rules have used. */
    public synchronized long passes() {
        return passes;
    }

    /** Ages of what was mixed; to be read after the run. */
    public Ages ages() {
        return ages;
    }

    /** Share of the occasions to collaborate on which users took part; NaN if there was none. */
    public synchronized double participation() {
        return occasions == 0 ? Double.NaN : (double) taken / occasions;
    }

    /**
     * Share of the users' time, until their last turns end, in which they were present; NaN if there is no time.
     *
     * @param end of the run in virtual seconds
     */
    public synchronized double presence(double end) {
        return presence.share(end);
    }

    /**
     * Adds the figures of each group of users, {@code groups}; nothing if there are no groups.
     *
     * @param end of the run in virtual seconds
     */
    synchronized void groups(ObjectNode to, double end) {
        groups.write(to, this, presence, end);
    }

    /** Adds what concerns attackers and honest users, {@code attackers} and {@code honest}; nothing if none attacks. */
    synchronized void attackers(ObjectNode to) {
        attackers.write(to, this);
    }

    /** Adds how many messages were refused, {@code refused}. */
    synchronized void refusals(ObjectNode to) {
        refusals.write(to);
    }

    /** Figures of attackers; to be read after the run. */
    AttackerFigures attackers() {
        return attackers;
    }

    /** The task whose metrics these are. */
    public Task task() {
        return task;
    }

    /** Number of users that train. */
    public int training() {
        return training;
    }

    /** A metric of each user before training; NaN for users that were not evaluated then. */
    public synchronized double[] before(Metric metric) {
        return before[task.indexOf(metric)].clone();
    }

    /** The newest value of each user; NaN for users that were never evaluated or whose training has diverged. */
    public synchronized double[] last(Metric metric) {
        return last[task.indexOf(metric)].clone();
    }

    /**
     * When the mean over users first reached the target.
     *
     * @param seconds virtual seconds of the evaluation that reached it
     * @param iterations mean over users of the iterations before their newest evaluations then
     */
    public record Reached(double seconds, double iterations) {}

    /** Null if the target was not reached, or there is none. */
    public synchronized Reached reached() {
        return reached;
    }

    private void lookAtTarget(double seconds) {
        if (target == null || reached != null) {
            return;
        }
        double[] values = last[task.indexOf(target.metric())];
        if (finite(values) == training - diverged.size()) {
            double mean = mean(values);
            best = Double.isNaN(best) || target.metric().better().isBetter(mean, best) ? mean : best;
            if (target.isReachedBy(mean, ROUNDING)) {
                reached = new Reached(seconds, mean(iterations));
            }
        }
    }

    /**
     * The best mean over users of the target's metric, until the target was reached; NaN if there is no target or not
     * all users were evaluated.
     */
    synchronized double best() {
        return best;
    }

    /** Figures of all trust rows; to be read after the run. */
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
