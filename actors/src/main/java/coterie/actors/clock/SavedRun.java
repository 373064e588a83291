package coterie.actors.clock;

import coterie.model.trust.Snapshot;
import java.util.List;

/**
 * A run that was saved: read piece by piece, by whoever needs a piece, from any thread. What cannot be read any more is
 * an {@link java.io.UncheckedIOException}.
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
