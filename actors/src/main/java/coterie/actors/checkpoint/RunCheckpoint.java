package coterie.actors.checkpoint;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * A checkpoint of a run. Its parts are read on demand and from any thread. Methods throw
 * {@link java.io.UncheckedIOException} if a part cannot be read.
 */
public interface RunCheckpoint {
    int users();

    ClockState clock();

    /** The clock with {@link Snapshot#absent} snapshots: for a clock whose users are on other nodes. */
    ClockState clockWithoutSnapshots();

    /** A user's state as {@link RunCodec} wrote it. */
    byte[] user(int user);

    /** Snapshots that a user's state refers to. */
    List<Snapshot.Key> refersTo(int user);

    Snapshot snapshot(Snapshot.Key key);
}
