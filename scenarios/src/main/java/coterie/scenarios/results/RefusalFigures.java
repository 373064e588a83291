package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.message.Refusal;
import coterie.topology.adversary.Adversaries;
import java.util.Locale;

/** How many messages were refused, why, and whose. */
final class RefusalFigures {
    private final Adversaries adversaries;
    private final long[] byReason = new long[Refusal.values().length];
    private long messages;
    private long ofAttackers;

    RefusalFigures(Adversaries adversaries) {
        this.adversaries = adversaries;
    }

    void refused(Observation.Refused r) {
        messages++;
        byReason[r.reason().ordinal()]++;
        ofAttackers += adversaries.contains(r.from()) ? 1 : 0;
    }

    /** Adds {@code refused}. */
    void write(ObjectNode to) {
        ObjectNode n = to.putObject("refused").put("messages", messages).put("of_attackers", ofAttackers);
        for (Refusal reason : Refusal.values()) {
            n.put(reason.name().toLowerCase(Locale.ROOT), byReason[reason.ordinal()]);
        }
    }
}
