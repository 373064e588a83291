package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user mixes at the end of a turn.
 *
 * @param turn the turn that ended
 * @param seconds virtual seconds of the mixing
 * @param candidates newest snapshots in rising order of users, the user's own among them
 * @param ages of the candidates, in versions
 * @param earlier updates of each candidate's earlier turns that are mixed with the newest, by its weight, in rising
 *     order of turns: an update is a difference, and a later one does not contain it. Empty where no candidate has any
 */
public record MixingInput(
        int turn, double seconds, List<Snapshot> candidates, int[] ages, List<List<Snapshot>> earlier) {
    /** Of the newest snapshots alone. */
    public MixingInput(int turn, double seconds, List<Snapshot> candidates, int[] ages) {
        this(turn, seconds, candidates, ages, List.of());
    }

    /** All that is mixed of a candidate, in rising order of turns. */
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
