package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The input of a mixing at the end of a turn.
 *
 * @param turn the turn that ended
 * @param seconds virtual time of the mixing in seconds
 * @param candidates newest snapshots in ascending order of users, including the user's own
 * @param ages staleness of each candidate in versions
 * @param earlier updates from earlier turns of each candidate, in ascending order of turns, that are mixed with its
 *     newest snapshot by the same weight, since an update does not include earlier ones; empty if no candidate has any
 */
public record MixingInput(
        int turn, double seconds, List<Snapshot> candidates, int[] ages, List<List<Snapshot>> earlier) {
    /** Creates an input without earlier updates. */
    public MixingInput(int turn, double seconds, List<Snapshot> candidates, int[] ages) {
        this(turn, seconds, candidates, ages, List.of());
    }

    /** Returns all snapshots of a candidate in ascending order of turns. */
    List<Snapshot> snapshots(int candidate) {
        Snapshot newest = candidates.get(candidate);
        if (earlier.isEmpty() || earlier.get(candidate).isEmpty()) {
            return List.of(newest);
        }
        List<Snapshot> all = new ArrayList<>(earlier.get(candidate));
        all.add(newest);
        return all;
    }
}
