package coterie.actors.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which node hosts which shard. Each node gets its share by weight, but no more than it has room for. A shard stays
 * where it is as long as its node's share allows, since a node that gains a user has to read that user's text.
 */
final class ShardPlan {
    /** A shard that no node hosts yet. */
    static final int NOWHERE = -1;

    private ShardPlan() {}

    /**
     * Divides shards among nodes. Shards that are nowhere go to nodes in the order of both, so that nodes get
     * consecutive users.
     *
     * @param bytesPerUser memory that a user takes on a node
     * @param weights of the nodes, positive
     * @param room of the nodes, in bytes
     * @param before node of each shard up to now, or {@link #NOWHERE}
     * @return node of each shard
     * @throws IllegalArgumentException if the nodes have too little room
     */
    static int[] divide(UserShards shards, long bytesPerUser, List<Double> weights, List<Long> room, int[] before) {
        int[] left = shares(shards, bytesPerUser, weights, room);
        int[] nodeOf = new int[shards.shards()];
        Arrays.fill(nodeOf, NOWHERE);
        for (int s = 0; s < nodeOf.length; s++) {
            if (before[s] != NOWHERE && left[before[s]] > 0) {
                left[before[s]]--;
                nodeOf[s] = before[s];
            }
        }
        int node = 0;
        for (int s = 0; s < nodeOf.length; s++) {
            if (nodeOf[s] == NOWHERE) {
                while (left[node] == 0) {
                    node++;
                }
                left[node]--;
                nodeOf[s] = node;
            }
        }
        return nodeOf;
    }

    /** How many shards each node gets. */
    private static int[] shares(UserShards shards, long bytesPerUser, List<Double> weights, List<Long> room) {
        int nodes = weights.size();
        int[] most = new int[nodes];
        long all = 0;
        for (int k = 0; k < nodes; k++) {
            long users = Math.min(shards.users(), room.get(k) / Math.max(1, bytesPerUser));
            all += users;
            most[k] = users == shards.users() ? shards.shards() : (int) users / shards.largest();
        }
        if (IntStream.of(most).asLongStream().sum() < shards.shards()) {
            throw new IllegalArgumentException(shards.users() + " users of about " + bytesPerUser / 1_000_000
                    + " MB each do not fit on " + nodes + " nodes with room for " + all + ": use more or larger nodes");
        }
        int[] has = new int[nodes];
        for (int s = 0; s < shards.shards(); s++) {
            int best = NOWHERE;
            for (int k = 0; k < nodes; k++) {
                if (has[k] < most[k]
                        && (best == NOWHERE || (has[k] + 1) / weights.get(k) < (has[best] + 1) / weights.get(best))) {
                    best = k;
                }
            }
            has[best]++;
        }
        return has;
    }
}
