package coterie.actors.protocol.trust;

import coterie.actors.protocol.Collaboration;
import coterie.model.trust.TrustRow;
import coterie.topology.graph.Neighbourhoods;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Chooses which users one user asks for snapshots: those it has trusted most, and some random ones. */
final class AskedPeers {
    private final int me;
    private final Collaboration collaboration;

    AskedPeers(int me, Collaboration collaboration) {
        this.me = me;
        this.collaboration = collaboration;
    }

    /**
     * Remembers a row.
     *
     * @param trusted weight of each user, relative to the user's own
     */
    void learn(TrustRow row, Map<Integer, Double> trusted) {
        double mine = row.weight(me);
        for (int k = 0; k < row.users().length; k++) {
            if (row.users()[k] != me) {
                trusted.put(row.users()[k], mine > 0 ? row.weights()[k] / mine : row.weights()[k]);
            }
        }
    }

    /** The users to ask after a turn, in rising order. */
    int[] choose(int turn, Map<Integer, Double> trusted) {
        Neighbourhoods.Asking asking = collaboration.neighbourhoods().asking();
        List<Integer> chosen = new ArrayList<>(trusted.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<Integer, Double> e) -> -e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(asking.peers())
                .map(Map.Entry::getKey)
                .toList());
        // Random users fill up the places of trusted ones until enough users are known.
        int wanted = asking.peers() + asking.explore();
        int users = collaboration.users();
        for (int u : Neighbourhoods.drawn(users, collaboration.seed(), me, turn, users)) {
            if (chosen.size() >= wanted) {
                break;
            }
            if (!chosen.contains(u)) {
                chosen.add(u);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
