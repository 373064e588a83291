package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.event.Observation;
import coterie.actors.message.Refusal;
import coterie.model.learn.Divergence;
import java.util.Locale;

/** Reads lines of {@code events.jsonl}. */
final class EventLines {
    private EventLines() {}

    /** @throws RuntimeException if the line is none that a run writes */
    static Observation event(JsonNode n) {
        int user = n.get("user").asInt();
        int turn = n.get("turn").asInt();
        return switch (n.get("event").asText()) {
            case "crashed" ->
                new Observation.Crashed(
                        Records.seconds(n),
                        user,
                        turn,
                        n.get("saved_turn").asInt(),
                        Records.number(n, "until_seconds", Double.POSITIVE_INFINITY));
            case "restarted" ->
                new Observation.Restarted(
                        Records.seconds(n), user, turn, n.get("iteration").asInt());
            case "slept" ->
                new Observation.Slept(
                        Records.seconds(n), user, turn, Records.number(n, "until_seconds", Double.POSITIVE_INFINITY));
            case "absent" ->
                new Observation.Absent(
                        Records.seconds(n),
                        user,
                        turn,
                        Records.number(n, "until_seconds", Double.POSITIVE_INFINITY),
                        n.get("trains").asBoolean());
            case "drifted" ->
                new Observation.Drifted(
                        Records.seconds(n),
                        user,
                        turn,
                        n.get("phase").asInt(),
                        n.get("since_seconds").asDouble(),
                        n.get("over_seconds").asDouble());
            case "attack_began", "attack_ended" ->
                new Observation.Attacked(
                        Records.seconds(n),
                        user,
                        turn,
                        n.get("entry").asInt(),
                        n.get("attack").asText(),
                        n.get("event").asText().equals("attack_began"));
            case "refused" ->
                new Observation.Refused(
                        Records.seconds(n),
                        user,
                        n.get("from").asInt(),
                        n.get("number").asLong(),
                        n.get("copy").asBoolean(),
                        Records.kind(n),
                        turn,
                        Refusal.labelled(n.get("reason").asText()));
            case "diverged" ->
                new Observation.Diverged(
                        Records.seconds(n),
                        user,
                        turn,
                        n.get("iteration").asInt(),
                        Divergence.Symptom.valueOf(n.get("symptom")
                                .asText()
                                .toUpperCase(Locale.ROOT)
                                .replace('-', '_')));
            default -> throw new IllegalArgumentException("an event " + n.get("event"));
        };
    }
}
