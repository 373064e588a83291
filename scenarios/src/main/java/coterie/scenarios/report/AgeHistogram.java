package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import java.util.Arrays;

/** Ages of what was mixed: counts by versions behind, and by seconds in six classes a decade, with round edges. */
final class AgeHistogram {
    private static final int VERSIONS = 32;
    /** Upper edges of the classes, in hundredths of a second: 1, 1.5, 2, 3, 5, 7, 10, 15, ... */
    private static final double[] MANTISSAS = {1, 1.5, 2, 3, 5, 7};

    private static final double HUNDREDTHS = 100;
    private static final int CLASSES = 80;
    private static final double[] UP_TO = new double[CLASSES];

    static {
        double power = 1;
        for (int k = 0; k < CLASSES; k++) {
            UP_TO[k] = MANTISSAS[k % MANTISSAS.length] * power / HUNDREDTHS;
            power *= k % MANTISSAS.length == MANTISSAS.length - 1 ? 10 : 1;
        }
    }

    /** The last counts all that are older. */
    private final long[] versions = new long[VERSIONS + 1];

    private final long[] seconds = new long[CLASSES];

    void mixed(Observation.Mixed m) {
        int[] users = m.row().users();
        for (int k = 0; k < users.length; k++) {
            if (users[k] != m.user()) {
                versions[Math.min(VERSIONS, m.row().ages()[k])]++;
                int found = Arrays.binarySearch(UP_TO, m.secondsOld()[k]);
                seconds[Math.min(CLASSES - 1, found >= 0 ? found : -found - 1)]++;
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
        for (int k = 0; k < CLASSES; k++) {
            Json.add(upTo, UP_TO[k]);
            count.add(seconds[k]);
        }
    }
}
