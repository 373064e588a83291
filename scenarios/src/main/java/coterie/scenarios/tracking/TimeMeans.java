package coterie.scenarios.tracking;

import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.results.HeldValues;
import coterie.scenarios.results.Statistics;
import coterie.topology.adversary.Adversaries;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The mean over all users by virtual time, of each reported metric, at most once in a second of virtual time; and, if
 * users attack, the mean over honest users.
 */
final class TimeMeans {
    /** Receives the means. */
    interface Receiver {
        /** @param honest whether the mean is over honest users only */
        void mean(Metric metric, boolean honest, double seconds, double mean);
    }

    private final Task task;
    private final Map<Metric, HeldValues> held = new LinkedHashMap<>();

    TimeMeans(Task task, int users, Adversaries adversaries, Receiver to) {
        this.task = task;
        task.reported()
                .forEach(m -> held.put(m, new HeldValues(users, new HeldValues.Curve() {
                    private double next;

                    @Override
                    public void at(double seconds, double[] values) {
                        if (seconds >= next) {
                            next = Math.floor(seconds) + 1;
                            to.mean(m, false, seconds, Statistics.mean(values));
                            double honest = honest(values, adversaries);
                            if (Double.isFinite(honest)) {
                                to.mean(m, true, seconds, honest);
                            }
                        }
                    }

                    @Override
                    public void beginsAgain() {
                        // Every user of a run of this version is evaluated when it begins.
                    }
                })));
    }

    /** The mean over users that never attack; NaN if no user attacks. */
    private static double honest(double[] values, Adversaries adversaries) {
        return adversaries.any()
                ? Statistics.mean(IntStream.range(0, values.length)
                        .filter(u -> !adversaries.contains(u))
                        .mapToDouble(u -> values[u])
                        .toArray())
                : Double.NaN;
    }

    void observed(Observation o) {
        if (o instanceof Observation.Evaluated e) {
            held.forEach((m, values) ->
                    values.evaluated(e.user(), e.seconds(), e.values().get(task.indexOf(m))));
        } else if (o instanceof Observation.Diverged d) {
            held.values().forEach(values -> values.diverged(d.user(), d.seconds()));
        }
    }

    /** Sends the last means. */
    void close() {
        held.values().forEach(HeldValues::close);
    }
}
