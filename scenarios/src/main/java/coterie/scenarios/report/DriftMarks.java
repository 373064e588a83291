package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import java.util.ArrayList;
import java.util.List;

/** Changes of users' data, as marks in charts over time; the first ones if there are many. */
final class DriftMarks {
    private static final int MOST = 2000;
    private final RunParticipants cast;
    private final List<Observation.Drifted> seen = new ArrayList<>();

    DriftMarks(RunParticipants cast) {
        this.cast = cast;
    }

    void drifted(Observation.Drifted d) {
        if (seen.size() < MOST) {
            seen.add(d);
        }
    }

    /** Adds {@code drifts}; nothing if there are none. */
    void json(ObjectNode to) {
        if (seen.isEmpty()) {
            return;
        }
        ArrayNode all = to.putArray("drifts");
        for (Observation.Drifted d : seen) {
            ObjectNode one = all.addObject();
            one.put("user", d.user()).put("mixture", cast.mixture(d.user(), d.phase()));
            Json.put(one, "at", d.since());
            Json.put(one, "over", d.over());
        }
    }
}
