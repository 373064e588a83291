package coterie.actors.cluster;

import java.util.List;

/**
 * Who lives where: users in the order of their ids, so that neighbours on a ring are mostly neighbours on a node, each
 * node as many as its share of all weights, and none more than it has room for.
 */
record Plan(int[] first) {
    /**
     * Divides users among nodes.
     *
     * @param bytesPerUser memory that one takes
     * @param weights of the nodes, positive
     * @param room of the nodes, in bytes
     * @throws IllegalArgumentException where there is not enough room
     */
    static Plan of(int users, long bytesPerUser, List<Double> weights, List<Long> room) {
        int nodes = weights.size();
        long[] most = new long[nodes];
        long all = 0;
        for (int k = 0; k < nodes; k++) {
            most[k] = Math.min(users, room.get(k) / Math.max(1, bytesPerUser));
            all += most[k];
        }
        if (all < users) {
            throw new IllegalArgumentException(users + " users of about " + bytesPerUser / 1_000_000
                    + " MB each do not fit on " + nodes + " nodes with room for " + all + ": use more or larger nodes");
        }
        int[] has = new int[nodes];
        for (int u = 0; u < users; u++) {
            int best = -1;
            for (int k = 0; k < nodes; k++) {
                if (has[k] < most[k]
                        && (best < 0 || (has[k] + 1) / weights.get(k) < (has[best] + 1) / weights.get(best))) {
                    best = k;
                }
            }
            has[best]++;
        }
        int[] first = new int[nodes + 1];
        for (int k = 0; k < nodes; k++) {
            first[k + 1] = first[k] + has[k];
        }
        return new Plan(first);
    }

    int from(int node) {
        return first[node];
    }

    int to(int node) {
        return first[node + 1];
    }
}
