package coterie.actors.cluster;

import coterie.actors.clock.UserActor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * A user as an entity of cluster sharding. A shard is what one node has of a run, so that there are as many shards as
 * nodes, and each is where the run's plan says. What a user lives by is given to it by its node; from then on it is a
 * {@link UserActor} like any other.
 */
final class UserEntity {
    static final EntityTypeKey<Object> KEY = EntityTypeKey.create(Object.class, "user");
    private static final String SEPARATOR = "/";

    /** Its node gives it a life. */
    record Move(long session, int user, Behavior<UserActor.Command> life) {}

    /** It is not wanted any more. */
    enum Stop {
        STOP
    }

    private UserEntity() {}

    /** Envelopes are for {@code SESSION/NODE/USER}. */
    static final class Extractor extends ShardingMessageExtractor<ShardingEnvelope<Object>, Object> {
        @Override
        public String entityId(ShardingEnvelope<Object> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            return entityId.substring(0, entityId.lastIndexOf(SEPARATOR));
        }

        @Override
        public Object unwrapMessage(ShardingEnvelope<Object> envelope) {
            return envelope.message();
        }
    }

    /** An envelope for a user. */
    static ShardingEnvelope<Object> envelope(long session, int node, Handshake.Live message) {
        return new ShardingEnvelope<>(shard(session, node) + SEPARATOR + message.user(), message);
    }

    static String shard(long session, int node) {
        return session + SEPARATOR + node;
    }

    /**
     * Tells its node that it is there, as often as it is told to live, and is given a life, which its node then speaks
     * to.
     */
    static Behavior<Object> create(ActorRef<NodeActor.Command> node) {
        return Behaviors.setup(context -> Behaviors.receive(Object.class)
                .onMessage(Handshake.Live.class, l -> {
                    node.tell(new NodeActor.Settled(l.session(), l.user(), context.getSelf()));
                    return Behaviors.same();
                })
                .onMessage(Move.class, m -> {
                    node.tell(new NodeActor.Living(m.session(), m.user(), context.spawn(m.life(), "life")));
                    return Behaviors.same();
                })
                .onMessage(Stop.class, s -> Behaviors.stopped())
                .build());
    }
}
