package coterie.model.learn;

import coterie.model.trust.Snapshot;
import java.util.List;

/**
 * What a user is to do from the beginning of a turn to its end, in this order.
 *
 * @param turn number of the turn that begins, from 0
 * @param mixing what to mix first; null for nothing
 * @param evaluateFirst whether to evaluate after mixing and before training
 * @param firstIteration iterations done before
 * @param iterations how many to train; 0 for none
 * @param fineTune whether to train on the data kept for fine-tuning
 * @param publish whether to make a snapshot at the end
 */
public record TurnPlan(int turn, Mix mixing, boolean evaluateFirst, int firstIteration, int iterations, boolean fineTune, boolean publish) {
    /**
     * What is there to be mixed at the end of a turn.
     *
     * @param turn the turn that ended
     * @param candidates newest snapshots in rising order of users, the user's own among them
     * @param ages of the candidates, in versions
     */
    public record Mix(int turn, List<Snapshot> candidates, int[] ages) {
    }
}
