package coterie.actors.cluster;

import coterie.actors.clock.UserActor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/** The users of a run that are awake on this node, and the way by which messages reach them. */
final class LocalUsers {
    private final long session;
    private final UserShards shards;
    private final int[] hosted;
    private final ActorRef<ShardingEnvelope<UserActor.Command>> region;
    private final Map<Integer, ActorRef<UserActor.Command>> references = new HashMap<>();

    /**
     * @param hosted users of this node, ascending
     * @param region where every message goes as an envelope; null to use the users' references, which is faster
     */
    LocalUsers(long session, UserShards shards, int[] hosted, ActorRef<ShardingEnvelope<UserActor.Command>> region) {
        this.session = session;
        this.shards = shards;
        this.hosted = hosted;
        this.region = region;
    }

    /**
     * A user is awake.
     *
     * @return whether it is the first time and all are awake now
     */
    boolean awake(int user, ActorRef<UserActor.Command> reference) {
        ActorRef<UserActor.Command> before = references.get(user);
        if (before != null && !before.equals(reference) || Arrays.binarySearch(hosted, user) < 0) {
            reference.tell(UserActor.Stop.INSTANCE);
            return false;
        }
        references.put(user, reference);
        return before == null && references.size() == hosted.length;
    }

    void tell(int user, UserActor.Command message) {
        if (region == null) {
            references.get(user).tell(message);
        } else {
            region.tell(new UserEntity(session, shards.shard(user), user).envelope(message));
        }
    }

    void stop() {
        references.values().forEach(r -> r.tell(UserActor.Stop.INSTANCE));
    }
}
