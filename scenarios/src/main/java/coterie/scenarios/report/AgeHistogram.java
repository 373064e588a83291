package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;

/** Ages of what was mixed: counts by versions behind, and by seconds on a logarithmic scale. */
final class AgeHistogram {
    private static final int VERSIONS = 32;
    private static final double FIRST_SECONDS = 0.01;
    private static final double RATIO = Math.sqrt(2);
    private static final int CLASSES = 80;
    /** The last counts all that are older. */
    private final long[] versions = new long[VERSIONS + 1];

    private final long[] seconds = new long[CLASSES + 1];

    void mixed(Observation.Mixed m) {
        int[] users = m.row().users();
        for (int k = 0; k < users.length; k++) {
            if (users[k] != m.user()) {
                versions[Math.min(VERSIONS, m.row().ages()[k])]++;
                double s = m.secondsOld()[k];
                int at = s <= FIRST_SECONDS ? 0 : 1 + (int) (Math.log(s / FIRST_SECONDS) / Math.log(RATIO));
                seconds[Math.min(CLASSES, at)]++;
            }
        }
    }

    void json(ObjectNode to) {
        ArrayNode v = to.putArray("versions");
        for (long n : versions) {
            v.add(n);
        }
        ObjectNode s = to.putObject("seconds");
        ArrayNode upTo = s.putArray("up_to");
        ArrayNode count = s.putArray("count");
        for (int k = 0; k <= CLASSES; k++) {
            Json.add(upTo, FIRST_SECONDS * Math.pow(RATIO, k));
            count.add(seconds[k]);
        }
    }
}
