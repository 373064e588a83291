package coterie.actors.cluster;

import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.model.exchange.Snapshot;
import java.util.List;
import java.util.Map;

/**
 * One user of a saved run as its node received it.
 *
 * @param bytes its state
 * @param snapshots of this node, by key
 */
record RestoredUser(byte[] bytes, Map<Snapshot.Key, Snapshot> snapshots) implements RunCheckpoint {
    @Override
    public int users() {
        return 1;
    }

    @Override
    public ClockState clock() {
        throw new UnsupportedOperationException("the clock is with the starter");
    }

    @Override
    public ClockState clockWithoutSnapshots() {
        return clock();
    }

    @Override
    public byte[] user(int user) {
        return bytes;
    }

    @Override
    public List<Snapshot.Key> refersTo(int user) {
        return List.copyOf(snapshots.keySet());
    }

    @Override
    public Snapshot snapshot(Snapshot.Key key) {
        return snapshots.get(key);
    }
}
