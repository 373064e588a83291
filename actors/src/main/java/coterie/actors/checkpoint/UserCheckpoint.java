package coterie.actors.checkpoint;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * One user in a checkpoint.
 *
 * @param state as {@link RunCodec} writes it
 * @param refersTo snapshots that the state refers to
 * @param snapshots those of them that were not handed in with other users
 */
public record UserCheckpoint(int user, byte[] state, List<Snapshot.Key> refersTo, List<Snapshot> snapshots) {}
