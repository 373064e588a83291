package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Wall-clock time per virtual time. */
final class WallTimes {
    private static final int SAMPLES = 300;

    private record Sample(double wall, double virtual) {}

    private final Thinned<Sample> samples = new Thinned<>(SAMPLES);
    private Sample last;

    void at(double wall, double virtual) {
        last = new Sample(wall, virtual);
        samples.add(() -> last);
    }

    void json(ObjectNode to) {
        ArrayNode wall = to.putArray("wall");
        ArrayNode virtual = to.putArray("virtual");
        List<Sample> all = new ArrayList<>(samples.kept());
        if (last != null && all.get(all.size() - 1) != last) {
            all.add(last);
        }
        for (Sample s : all) {
            Json.add(wall, s.wall);
            Json.add(virtual, s.virtual);
        }
    }
}
