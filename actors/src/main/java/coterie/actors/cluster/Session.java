package coterie.actors.cluster;

import coterie.actors.clock.RunResult;
import coterie.actors.clock.UserActor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * One attempt to do a run over nodes. It ends when the run ends, or when the nodes change.
 *
 * @param number never used before
 * @param nodes that take part, if they are assigned users
 * @param result completed when the session ends
 * @param region through which users are woken
 */
record Session(
        long number,
        List<Address> nodes,
        CompletableFuture<RunResult> result,
        WeightedAllocation allocation,
        ActorRef<ShardingEnvelope<UserActor.Command>> region,
        Transports transports) {}
