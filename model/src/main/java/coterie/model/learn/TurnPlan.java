package coterie.model.learn;

import coterie.model.exchange.Snapshot;
import coterie.model.trust.Mixing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a user is to do from the beginning of a turn to its end, in this order.
 *
 * @param turn number of the turn that begins, from 0
 * @param beginning what it begins from
 * @param evaluateFirst whether to evaluate before training
 * @param firstIteration iterations done before
 * @param iterations how many to train; 0 for none
 * @param fineTune whether to train on the data kept for fine-tuning
 * @param publish whether to make a snapshot at the end
 * @param save whether to save, before all else, what the turn before has left, for {@link Saved}. Not at a turn's end:
 *     a turn that a crash will cut is computed to its end all the same
 */
public record TurnPlan(
        int turn,
        Beginning beginning,
        boolean evaluateFirst,
        int firstIteration,
        int iterations,
        boolean fineTune,
        boolean publish,
        boolean save) {
    /** What a turn begins from. */
    public sealed interface Beginning {}

    /** What the turn before has left. */
    public record Own() implements Beginning {
        public static final Own INSTANCE = new Own();
    }

    /** What was saved last, or the start: parameters, moments, what is known of the others. */
    public record Saved() implements Beginning {}

    /** These parameters [P]; moments stay as they are. */
    public record Given(float[] parameters) implements Beginning {}

    /**
     * A mixture by trust of what is there at the end of a turn.
     *
     * @param turn the turn that ended
     * @param seconds virtual seconds of the mixing
     * @param candidates newest snapshots in rising order of users, the user's own among them
     * @param ages of the candidates, in versions
     * @param earlier of each candidate, updates of turns before that are mixed with it and by its weight, rising by
     *     turn: an update is a difference, and a later one does not contain it. Empty where no candidate has any
     */
    public record Mix(int turn, double seconds, List<Snapshot> candidates, int[] ages, List<List<Snapshot>> earlier)
            implements Beginning {
        /** With nothing but the newest of each. */
        public Mix(int turn, double seconds, List<Snapshot> candidates, int[] ages) {
            this(turn, seconds, candidates, ages, List.of());
        }

        /**
         * What is mixed: Σ_j w_j x_j [P], with x_j a candidate's parameters, or the sum of all its updates.
         *
         * @param weights of the candidates
         * @param before added in, where updates are exchanged: the parameters before the turn that ended [P]; null
         *     otherwise
         */
        public float[] sum(double[] weights, float[] before) {
            if (earlier.isEmpty()) {
                return Mixing.sum(weights, candidates, before);
            }
            List<Snapshot> all = new ArrayList<>();
            List<Double> each = new ArrayList<>();
            for (int k = 0; k < weights.length; k++) {
                all.addAll(earlier.get(k));
                all.add(candidates.get(k));
                each.addAll(Collections.nCopies(earlier.get(k).size() + 1, weights[k]));
            }
            return Mixing.sum(each.stream().mapToDouble(Double::doubleValue).toArray(), all, before);
        }
    }
}
