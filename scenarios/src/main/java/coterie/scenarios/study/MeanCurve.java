package coterie.scenarios.study;

import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.scenarios.results.HeldValues;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.Statistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The mean of a metric over users by virtual time: it changes at evaluations, and holds in between.
 *
 * <p>Worked example: 6 from 0 s and 5 from 4 s is 6 at 3 s and 5 at 4 s; the area until 10 s is 6 · 4 + 5 · 6 = 54, and
 * 5.5 is reached at 4 s.
 *
 * @param at virtual seconds, rising
 * @param mean from each of them on
 */
record MeanCurve(double[] at, double[] mean) {
    /**
     * The curve of a run, from its files.
     *
     * @param counts which users the mean is over
     */
    static MeanCurve read(Path folder, Task task, Metric metric, int users, IntPredicate counts) throws IOException {
        List<double[]> points = new ArrayList<>();
        HeldValues held = new HeldValues(users, new HeldValues.Curve() {
            @Override
            public void at(double seconds, double[] values) {
                points.add(new double[] {seconds, Statistics.mean(values)});
            }

            @Override
            public void beginsAgain() {
                points.clear();
            }
        });
        int place = task.indexOf(metric);
        Records.curves(folder, task, o -> {
            if (!counts.test(o.user())) {
                return;
            }
            if (o instanceof Observation.Evaluated e) {
                held.evaluated(e.user(), e.seconds(), e.values().get(place));
            } else if (o instanceof Observation.Diverged d) {
                held.diverged(d.user(), d.seconds());
            }
        });
        held.close();
        return new MeanCurve(
                points.stream().mapToDouble(p -> p[0]).toArray(),
                points.stream().mapToDouble(p -> p[1]).toArray());
    }

    /** The mean at an instant; NaN before the first evaluations. */
    double value(double seconds) {
        int k = Arrays.binarySearch(at, seconds);
        int held = k >= 0 ? k : -k - 2;
        return held < 0 ? Double.NaN : mean[held];
    }

    /** The area under the curve, from its beginning until an instant. */
    double area(double until) {
        double area = 0;
        for (int k = 0; k < at.length && at[k] < until; k++) {
            area += mean[k] * ((k + 1 < at.length ? Math.min(at[k + 1], until) : until) - at[k]);
        }
        return at.length == 0 ? Double.NaN : area;
    }

    /** Virtual seconds at which the mean first reaches a target; infinity if it never does. */
    double reaches(Target target) {
        for (int k = 0; k < at.length; k++) {
            if (target.isReachedBy(mean[k])) {
                return at[k];
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
