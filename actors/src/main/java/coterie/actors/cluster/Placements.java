package coterie.actors.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.apache.pekko.dispatch.Futures;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Which shard is on which node: as planned by whoever starts a run, and never changed while it goes. Runs where the
 * shard coordinator does, beside the starter.
 */
final class Placements extends ShardCoordinator.AbstractShardAllocationStrategy {
    private final Map<String, Address> planned = new ConcurrentHashMap<>();

    void plan(String shard, Address node) {
        planned.put(shard, node);
    }

    @Override
    public Future<ActorRef> allocateShard(ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> current) {
        Address node = planned.get(shard);
        for (ActorRef region : current.keySet()) {
            if (region.path().address().equals(node)) {
                return Futures.successful(region);
            }
        }
        // Its region has not told of itself yet, or its run is over: whoever still wants the shard asks again.
        return Futures.<ActorRef>promise().future();
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> current, Set<String> inProgress) {
        return Futures.successful(Set.of());
    }
}
