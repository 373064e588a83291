package coterie.actors.cluster;

import coterie.actors.clock.UserActor;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The name of a user in cluster sharding. Shards keep their names over sessions, so that sharding moves them; users do
 * not, so that a message of an earlier session never reaches a user of a later one.
 */
record UserEntity(long session, int shard, int user) {
    static final EntityTypeKey<UserActor.Command> KEY = EntityTypeKey.create(UserActor.Command.class, "user");
    private static final String SEPARATOR = ":";

    /** The entity's id. */
    String id() {
        return session + SEPARATOR + shard + SEPARATOR + user;
    }

    /** @throws IllegalArgumentException if this is not the id of a user */
    static UserEntity of(String id) {
        String[] parts = id.split(SEPARATOR, -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not the id of a user: " + id);
        }
        return new UserEntity(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /** A message to the user, wherever it is. */
    ShardingEnvelope<UserActor.Command> envelope(UserActor.Command message) {
        return new ShardingEnvelope<>(id(), message);
    }

    /** Finds the shard in an entity's id. */
    static final class Extractor
            extends ShardingMessageExtractor<ShardingEnvelope<UserActor.Command>, UserActor.Command> {
        @Override
        public String entityId(ShardingEnvelope<UserActor.Command> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            return WeightedAllocation.name(of(entityId).shard());
        }

        @Override
        public UserActor.Command unwrapMessage(ShardingEnvelope<UserActor.Command> envelope) {
            return envelope.message();
        }
    }
}
