package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import java.util.Map;
import java.util.TreeMap;

/**
 * By turns: the mean over users of {@link TrustRow#change} between a row and the user's row before, and the mean of
 * {@link coterie.model.trust.Consensus#disagreement} with the users that are mixed.
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

    /** @param before the user's row before; null for none */
    void mixed(Observation.Mixed m, TrustRow before) {
        Step s = steps.computeIfAbsent(m.turn(), k -> new Step());
        s.seconds += m.seconds();
        s.mixings++;
        if (before != null) {
            s.change += m.row().change(before);
            s.changed++;
        }
        if (Double.isFinite(m.row().distance())) {
            s.distance += m.row().distance();
            s.distances++;
        }
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
            Json.add(change, s.changed == 0 ? Double.NaN : s.change / s.changed);
            Json.add(distance, s.distances == 0 ? Double.NaN : s.distance / s.distances);
        }
    }
}
