package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import coterie.actors.cluster.WeightedAllocation.Capacity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Vector;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/** Allocation, called as the shard coordinator calls it. */
class WeightedAllocationTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("""
            pekko.actor.provider = remote
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            """).withFallback(ConfigFactory.load()));
    private static final UserShards SHARDS = UserShards.of(12, 1000);
    private final WeightedAllocation allocation = new WeightedAllocation();
    private final Address one = node(1);
    private final Address two = node(2);
    private final Map<ActorRef, IndexedSeq<String>> current = new HashMap<>();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static Address node(int port) {
        return new Address("pekko", "coterie", "127.0.0.1", port);
    }

    private static ActorRef region(Address node) {
        return Adapter.toClassic(ActorRefResolver.get(KIT.system()).resolveActorRef(node + "/system/sharding/user"));
    }

    private void has(Address node, String... shards) {
        current.put(region(node), Vector.from(CollectionConverters.asScala(List.of(shards))));
    }

    private static Capacity of(Address node, double weight) {
        return new Capacity(node, weight, Long.MAX_VALUE);
    }

    private static <T> T now(Future<T> future) {
        return future.value().get().get();
    }

    private String[] shardsOf(int[] nodeOf, int node) {
        List<String> all = new ArrayList<>();
        for (int s = 0; s < nodeOf.length; s++) {
            if (nodeOf[s] == node) {
                all.add(WeightedAllocation.name(s));
            }
        }
        return all.toArray(String[]::new);
    }

    @Test
    void aShardGoesWhereWeightsPutIt() {
        has(one);
        has(two);
        int[] nodeOf = allocation.announce(SHARDS, 1, List.of(of(one, 1), of(two, 3)));
        assertThat(shardsOf(nodeOf, 0)).containsExactly("0", "1", "2");
        assertThat(now(allocation.allocateShard(region(two), "2", current))).isEqualTo(region(one));
        assertThat(now(allocation.allocateShard(region(one), "3", current))).isEqualTo(region(two));
    }

    @Test
    void aShardWaitsForTheRegionOfItsNode() {
        has(one);
        allocation.announce(SHARDS, 1, List.of(of(one, 1), of(two, 1)));
        assertThat(allocation.allocateShard(region(one), "11", current).isCompleted())
                .isFalse();
        assertThat(allocation.allocateShard(region(one), "unknown", current).isCompleted())
                .isFalse();
    }

    @Test
    void shardsMoveOnlyWhenWeightsHaveChanged() {
        int[] alone = allocation.announce(SHARDS, 1, List.of(of(one, 1)));
        has(one, shardsOf(alone, 0));
        has(two);
        assertThat(now(allocation.rebalance(current, Set.of()))).isEmpty();
        int[] both = allocation.announce(SHARDS, 1, List.of(of(one, 1), of(two, 1)));
        Set<String> moving = now(allocation.rebalance(current, Set.of()));
        assertThat(moving).hasSize(6).containsExactlyInAnyOrder(shardsOf(both, 1));
        assertThat(now(allocation.rebalance(current, moving))).isEmpty();
        has(one, shardsOf(both, 0));
        has(two, shardsOf(both, 1));
        assertThat(now(allocation.rebalance(current, Set.of()))).isEmpty();
    }
}
