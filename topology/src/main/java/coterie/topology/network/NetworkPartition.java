package coterie.topology.network;

import coterie.topology.settings.Checks;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A temporary network partition: messages between groups are lost. Users that no group lists form a further group.
 *
 * @param fromSeconds start in virtual seconds
 * @param untilSeconds end in virtual seconds, exclusive
 */
public record NetworkPartition(double fromSeconds, double untilSeconds, List<List<Integer>> groups) {
    public NetworkPartition {
        Checks.notNegative("from_seconds", fromSeconds);
        Checks.atMost("from_seconds", fromSeconds, Ticks.LONGEST_SECONDS);
        if (!(untilSeconds > fromSeconds)) {
            throw new IllegalArgumentException(
                    "until_seconds must be later than from_seconds (" + fromSeconds + "), found " + untilSeconds);
        }
        if (groups == null || groups.isEmpty()) {
            throw new IllegalArgumentException("groups must list at least one group of users");
        }
        Set<Integer> seen = new HashSet<>();
        List<List<Integer>> copy = new ArrayList<>();
        for (List<Integer> g : groups) {
            for (int u : g) {
                if (u < 0 || !seen.add(u)) {
                    throw new IllegalArgumentException(
                            "groups must name each user at most once, found " + u + (u < 0 ? "" : " twice"));
                }
            }
            copy.add(List.copyOf(g));
        }
        groups = List.copyOf(copy);
    }

    /** Whether a message sent at this time is lost. */
    boolean severs(int from, int to, double seconds) {
        return seconds >= fromSeconds && seconds < untilSeconds && group(from) != group(to);
    }

    private int group(int user) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).contains(user)) {
                return g;
            }
        }
        return -1;
    }
}
