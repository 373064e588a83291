package coterie.actors.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Allocates shards by the weight and room that nodes announce, and rebalances when these change. Runs beside the shard
 * coordinator, which is in the process that starts runs.
 *
 * <p>Weights change only when a session of a run begins, which is when users are at a checkpoint or have not begun. So
 * no shard moves while time passes.
 */
final class WeightedAllocation extends ShardCoordinator.AbstractShardAllocationStrategy {
    /**
     * What a node offers.
     *
     * @param weight users that it computes at once, compared with other nodes
     * @param room bytes of memory for users
     */
    record Capacity(Address node, double weight, long room) {}

    /** By shard; replaced as a whole. */
    private volatile Map<String, Address> homes = Map.of();

    /** The name by which sharding knows a shard. */
    static String name(int shard) {
        return String.valueOf(shard);
    }

    /**
     * Takes what nodes offer for a session. Shards are allocated and moved accordingly from now on.
     *
     * @param bytesPerUser memory that a user takes on a node
     * @return the node of each shard, by its place in {@code nodes}
     * @throws IllegalArgumentException if the nodes have too little room
     */
    int[] announce(UserShards shards, long bytesPerUser, List<Capacity> nodes) {
        List<Address> addresses = nodes.stream().map(Capacity::node).toList();
        int[] before = new int[shards.shards()];
        for (int s = 0; s < before.length; s++) {
            // A node that is gone is not found, and its shards are nowhere.
            before[s] = addresses.indexOf(homes.get(name(s)));
        }
        int[] nodeOf = ShardPlan.divide(
                shards,
                bytesPerUser,
                nodes.stream().map(Capacity::weight).toList(),
                nodes.stream().map(Capacity::room).toList(),
                before);
        Map<String, Address> next = new HashMap<>();
        for (int s = 0; s < nodeOf.length; s++) {
            next.put(name(s), addresses.get(nodeOf[s]));
        }
        homes = Map.copyOf(next);
        return nodeOf;
    }

    @Override
    public Future<ActorRef> allocateShard(ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> current) {
        ActorRef region = region(homes.get(shard), current.keySet());
        // If its region is not registered yet, the shard is asked for again.
        return region == null ? Futures.<ActorRef>promise().future() : Futures.successful(region);
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> current, Set<String> inProgress) {
        Set<String> moving = new HashSet<>();
        current.forEach((region, shards) -> CollectionConverters.asJava(shards).forEach(shard -> {
            ActorRef home = region(homes.get(shard), current.keySet());
            if (home != null && !home.equals(region) && !inProgress.contains(shard)) {
                moving.add(shard);
            }
        }));
        return Futures.successful(moving);
    }

    private static ActorRef region(Address node, Set<ActorRef> regions) {
        return regions.stream()
                .filter(r -> r.path().address().equals(node))
                .findFirst()
                .orElse(null);
    }
}
