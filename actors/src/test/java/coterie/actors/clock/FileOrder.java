package coterie.actors.clock;

import coterie.actors.event.Observation;
import java.util.Comparator;
import java.util.List;

/**
 * The order of observations in a run's files: each kind has a file, and observations of one instant are read file by
 * file.
 */
final class FileOrder {
    private FileOrder() {}

    /**
     * The same in that order.
     *
     * @param messages whether they are recorded
     */
    static List<Observation> of(List<Observation> seen, boolean messages) {
        return seen.stream()
                .filter(o -> messages || rank(o) == 0 || rank(o) > 2)
                .sorted(Comparator.comparingDouble(Observation::seconds).thenComparingInt(FileOrder::rank))
                .toList();
    }

    private static int rank(Observation o) {
        return o instanceof Observation.Sent
                ? 1
                : o instanceof Observation.Received
                        ? 2
                        : o instanceof Observation.TurnEnded
                                ? 3
                                : o instanceof Observation.Mixed ? 4 : o instanceof Observation.Evaluated ? 5 : 0;
    }
}
