package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import java.util.Map;
import java.util.TreeMap;

/**
 * By turns: means over users of {@link TrustRow#change} between a row and the user's row before, of
 * {@link coterie.model.trust.Consensus#disagreement} with the users that are mixed, and of a row's distance from the
 * oracle's.
 */
final class MixingSteps {
    private static final int SAMPLES = 400;

    private static final class Step {
        private double change;
        private int changed;
        private double distance;
        private int distances;
        private double toOracle;
        private int toOracles;
        private double seconds;
        private int mixings;
    }

    private final Map<Integer, Step> steps = new TreeMap<>();

    /**
     * @param before the user's row before; null for none
     * @param toOracle L1 distance of the row from the oracle's; NaN if there is none
     */
    void mixed(Observation.Mixed m, TrustRow before, double toOracle) {
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
        if (Double.isFinite(toOracle)) {
            s.toOracle += toOracle;
            s.toOracles++;
        }
    }

    void json(ObjectNode to) {
        ArrayNode turn = to.putArray("turn");
        ArrayNode at = to.putArray("at");
        ArrayNode change = to.putArray("change");
        ArrayNode distance = to.putArray("distance");
        ArrayNode oracle = to.putArray("oracle");
        Thinned<Map.Entry<Integer, Step>> some = new Thinned<>(SAMPLES);
        steps.entrySet().forEach(e -> some.add(() -> e));
        for (Map.Entry<Integer, Step> e : some.kept()) {
            Step s = e.getValue();
            turn.add(e.getKey());
            Json.add(at, s.seconds / s.mixings);
            Json.add(change, s.changed == 0 ? Double.NaN : s.change / s.changed);
            Json.add(distance, s.distances == 0 ? Double.NaN : s.distance / s.distances);
            Json.add(oracle, s.toOracles == 0 ? Double.NaN : s.toOracle / s.toOracles);
        }
    }
}
