package coterie.model.learn;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The sequences of X_S on which users' predictions are compared. They are the same for all users, equally many of each
 * category, and drawn once for a run. As in the released code, they can instead be drawn again for every turn, from all
 * of X_S, so that the share of each category is random.
 */
final class SharedWindows {
    private static final int ALL_TURNS = -1;
    private final int[][] shared;
    private final LearningRules rules;
    private final LearningRules.PredictionRules predictions;

    /**
     * @param shared X_S, [categories][tokens]; each category has more tokens than a sequence
     * @param predictions how many sequences, and how they are drawn
     */
    SharedWindows(int[][] shared, LearningRules rules, LearningRules.PredictionRules predictions) {
        this.shared = shared;
        this.rules = rules;
        this.predictions = predictions;
    }

    /** The sequences of a turn. They are long and rarely needed, so they are not kept. */
    TokenWindows at(int turn) {
        if (predictions.anewEachTurn()) {
            int[] pile = Arrays.stream(shared).flatMapToInt(IntStream::of).toArray();
            return TokenWindows.random(
                    pile, predictions.windows(), rules.context(), RandomStream.of(rules.seed(), Purpose.SHARED, turn));
        }
        return TokenWindows.stratified(
                shared,
                predictions.windows(),
                rules.context(),
                c -> RandomStream.of(rules.seed(), Purpose.SHARED, ALL_TURNS, c));
    }
}
