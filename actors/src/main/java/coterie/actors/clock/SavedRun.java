package coterie.actors.clock;

import coterie.model.exchange.Snapshot;
import java.util.List;

/**
 * A saved run. Its pieces are read on demand and from any thread. Methods throw {@link java.io.UncheckedIOException}
 * where a piece cannot be read any more.
 */
public interface SavedRun {
    int users();

    ClockState clock();

    /** The same, its snapshots {@link Snapshot#absent}: for a clock that has no users beside it. */
    ClockState clockWithoutSnapshots();

    /** A user, as {@link RunCodec} wrote it. */
    byte[] life(int user);

    /** Snapshots that a user's life refers to. */
    List<Snapshot.Key> refersTo(int user);

    Snapshot snapshot(Snapshot.Key key);
}
