package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import java.util.ArrayList;
import java.util.List;

/** Bytes and messages over time, by kind. */
final class Traffic {
    private static final int SAMPLES = 300;

    private record Sent(double seconds, long parameters, long predictions, long messages, long lost) {
        Sent plus(Observation.TurnEnded t) {
            return new Sent(
                    t.seconds(),
                    parameters + t.sent().parameterBytes(),
                    predictions + t.sent().predictionBytes(),
                    messages + t.sent().messages(),
                    lost + t.sent().lost());
        }
    }

    private final Thinned<Sent> samples = new Thinned<>(SAMPLES);
    private Sent sum = new Sent(0, 0, 0, 0, 0);

    void ended(Observation.TurnEnded t) {
        sum = sum.plus(t);
        samples.add(() -> sum);
    }

    void json(ObjectNode to) {
        ArrayNode at = to.putArray("at");
        ArrayNode parameters = to.putArray("parameters");
        ArrayNode predictions = to.putArray("predictions");
        ArrayNode messages = to.putArray("messages");
        ArrayNode lost = to.putArray("lost");
        List<Sent> all = new ArrayList<>(samples.kept());
        if (!all.isEmpty() && all.get(all.size() - 1) != sum) {
            all.add(sum);
        }
        for (Sent s : all) {
            Json.add(at, s.seconds);
            parameters.add(s.parameters);
            predictions.add(s.predictions);
            messages.add(s.messages);
            lost.add(s.lost);
        }
    }
}
