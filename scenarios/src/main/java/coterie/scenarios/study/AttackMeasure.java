package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.task.Metric;
import coterie.scenarios.results.AttackCurve;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.StaysAbove;
import coterie.scenarios.results.TrustInAttackers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Trust in attackers over virtual time, see {@link AttackCurve}: one number of each run. */
sealed interface AttackMeasure extends Measure {
    /** What can be measured at an instant. */
    enum Figure {
        WEIGHT,
        INFLUENCE,
        AUC;

        double of(AttackCurve.Point p) {
            return switch (this) {
                case WEIGHT -> p.weight();
                case INFLUENCE -> p.influence();
                case AUC -> p.auc();
            };
        }

        /** @param name {@code weight}, {@code influence} or {@code auc} */
        static Figure of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** A figure of the rows in use at an instant. */
    record FigureAt(Figure figure, double instant) implements AttackMeasure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            if (StudyRuns.diverged(summary)) {
                return Double.NaN;
            }
            if (Measure.endedBefore(summary, instant)) {
                return StudyTable.NEVER;
            }
            double[] newest = {Double.NaN};
            boolean any = follow(summary, folder, p -> {
                if (p.seconds() <= instant) {
                    newest[0] = figure.of(p);
                }
            });
            return any && !Double.isNaN(newest[0]) ? newest[0] : null;
        }

        @Override
        public Metric.Direction better() {
            return figure == Figure.AUC ? Metric.Direction.HIGHER : Metric.Direction.LOWER;
        }
    }

    /**
     * Virtual seconds from the begin of the first attack to the instant from which on the AUC stays at a bound or above
     * it.
     */
    record TimeToAuc(double bound) implements AttackMeasure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            if (StudyRuns.diverged(summary)) {
                return Double.NaN;
            }
            StaysAbove found = new StaysAbove(bound);
            boolean any = follow(summary, folder, p -> found.at(p.seconds(), p.auc()));
            if (!any) {
                return null;
            }
            double begin = TrustInAttackers.read(folder).adversaries().begin();
            return Double.isFinite(found.since()) ? found.since() - begin : StudyTable.NEVER;
        }

        @Override
        public Metric.Direction better() {
            return Metric.Direction.LOWER;
        }
    }

    /** Follows trust in attackers over time; returns false if no user attacks. */
    private static boolean follow(JsonNode summary, Path folder, Consumer<AttackCurve.Point> to) throws IOException {
        if (!summary.has("attackers")) {
            return false;
        }
        TrustInAttackers trust = TrustInAttackers.read(folder);
        AttackCurve curve = new AttackCurve(summary.path("users").asInt(), to);
        Records.mixings(folder, m -> curve.mixed(m, trust.row(m)));
        curve.close();
        return true;
    }
}
