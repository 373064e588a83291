package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.life.Observation;
import coterie.model.trust.TrustRow;
import java.util.Map;
import java.util.TreeMap;

/**
 * By turns: how much trust still changes, ‖W_t − W_{t−1}‖ (Frobenius) with users' rows of the t-th turn and those they mixed with before, and how far users
 * are from those they mix with, the mean of {@link coterie.model.trust.Consensus#disagreement}.
 */
final class MixingSteps {
    private static final int SAMPLES = 400;

    private static final class Step {
        private double change;
        private int changed;
        private double distance;
        private int distances;
        private double seconds;
        private int mixings;
    }

    private final Map<Integer, Step> steps = new TreeMap<>();

    /** @param before the row the user mixed with before; null for none */
    void mixed(Observation.Mixed m, TrustRow before) {
        Step s = steps.computeIfAbsent(m.turn(), k -> new Step());
        s.seconds += m.seconds();
        s.mixings++;
        if (before != null) {
            s.change += squaredChange(before, m.row());
            s.changed++;
        }
        if (Double.isFinite(m.row().distance())) {
            s.distance += m.row().distance();
            s.distances++;
        }
    }

    /** ‖a − b‖² where candidates that are not in a row have weight 0. Both rows' users rise. */
    static double squaredChange(TrustRow a, TrustRow b) {
        double sum = 0;
        int i = 0;
        int j = 0;
        while (i < a.users().length || j < b.users().length) {
            int left = i < a.users().length ? a.users()[i] : Integer.MAX_VALUE;
            int right = j < b.users().length ? b.users()[j] : Integer.MAX_VALUE;
            double d = (left <= right ? a.weights()[i] : 0) - (right <= left ? b.weights()[j] : 0);
            sum += d * d;
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
        }
        return sum;
    }

    void json(ObjectNode to) {
        ArrayNode turn = to.putArray("turn");
        ArrayNode at = to.putArray("at");
        ArrayNode change = to.putArray("change");
        ArrayNode distance = to.putArray("distance");
        Thinned<Map.Entry<Integer, Step>> some = new Thinned<>(SAMPLES);
        steps.entrySet().forEach(e -> some.add(() -> e));
        for (Map.Entry<Integer, Step> e : some.kept()) {
            Step s = e.getValue();
            turn.add(e.getKey());
            Json.add(at, s.seconds / s.mixings);
            Json.add(change, s.changed == 0 ? Double.NaN : Math.sqrt(s.change));
            Json.add(distance, s.distances == 0 ? Double.NaN : s.distance / s.distances);
        }
    }
}
