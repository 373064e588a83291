package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.scenarios.results.TrustInAttackers;
import coterie.topology.adversary.Adversaries;
import java.util.ArrayList;
import java.util.List;

/** Attackers in the report: who they are, and when attacks began and ended; the first ones if there are many. */
final class AttackMarks {
    private static final int MOST = 2000;
    private final Adversaries adversaries;
    private final List<Observation.Attacked> seen = new ArrayList<>();

    AttackMarks(Adversaries adversaries) {
        this.adversaries = adversaries;
    }

    boolean any() {
        return adversaries.any();
    }

    /** The weight of an honest user's row on users that attack; NaN of other rows, and if no user attacks. */
    double weight(Observation.Mixed m) {
        return TrustInAttackers.weight(adversaries, m);
    }

    void attacked(Observation.Attacked a) {
        if (seen.size() < MOST) {
            seen.add(a);
        }
    }

    /** Adds {@code attackers}, the users, and {@code attacks}; nothing if no user attacks. */
    void json(ObjectNode to) {
        if (!any()) {
            return;
        }
        ArrayNode users = to.putArray("attackers");
        for (int u = 0; u < adversaries.users().size(); u++) {
            if (adversaries.contains(u)) {
                users.add(u);
            }
        }
        ArrayNode all = to.putArray("attacks");
        for (Observation.Attacked a : seen) {
            ObjectNode one = all.addObject();
            one.put("user", a.user()).put("attack", a.attack()).put("begins", a.begins());
            Json.put(one, "at", a.seconds());
        }
    }
}
