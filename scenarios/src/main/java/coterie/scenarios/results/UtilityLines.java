package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.event.Observation;
import coterie.model.utility.Evidence;
import java.io.IOException;

/**
 * Lines of {@code utility.jsonl}. Evidence that a run does not measure has no field; null stands for a value that is
 * not finite.
 */
final class UtilityLines {
    private UtilityLines() {}

    static void write(JsonGenerator to, Observation.Utility m) throws IOException {
        to.writeStartObject();
        to.writeNumberField("virtual_seconds", m.seconds());
        to.writeNumberField("user", m.user());
        to.writeNumberField("turn", m.turn());
        to.writeNumberField("neighbour", m.neighbour());
        to.writeNumberField("version", m.version());
        to.writeNumberField("age", m.age());
        to.writeNumberField("age_seconds", m.ageSeconds());
        Recorder.number(to, "utility", m.utility());
        for (Evidence e : Evidence.values()) {
            if (!Double.isNaN(m.evidence(e))) {
                Recorder.number(to, e.label(), m.evidence(e));
            }
        }
        Recorder.end(to);
    }

    /** @throws RuntimeException if the line is none that a run writes */
    static Observation read(JsonNode n) {
        Evidence[] kinds = Evidence.values();
        double[] evidence = new double[kinds.length];
        for (Evidence e : kinds) {
            evidence[e.ordinal()] =
                    n.has(e.label()) ? Records.number(n, e.label(), Double.NEGATIVE_INFINITY) : Double.NaN;
        }
        return new Observation.Utility(
                Records.seconds(n),
                n.get("user").asInt(),
                n.get("turn").asInt(),
                n.get("neighbour").asInt(),
                n.get("version").asInt(),
                n.get("age").asInt(),
                n.get("age_seconds").asDouble(),
                Records.number(n, "utility", Double.NEGATIVE_INFINITY),
                evidence);
    }
}
