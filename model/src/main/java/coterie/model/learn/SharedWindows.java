package coterie.model.learn;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The sequences of X_S on which users' predictions are compared: the same for all users, as many of every category,
 * drawn once for a run. Where the rules say so, as in the released code, they are drawn anew for every turn, from all
 * of X_S together, so that the categories' shares are left to chance.
 */
final class SharedWindows {
    private static final int ALL_TURNS = -1;
    private final int[][] shared;
    private final LearningRules rules;

    /** @param shared X_S, [categories][tokens]; each category has more tokens than a sequence */
    SharedWindows(int[][] shared, LearningRules rules) {
        this.shared = shared;
        this.rules = rules;
    }

    /** Those of a turn. Cut out again at every call, since they are needed rarely and are long. */
    TokenWindows at(int turn) {
        LearningRules.PredictionRules p = rules.predictions();
        if (p.anewEachTurn()) {
            int[] pile = Arrays.stream(shared).flatMapToInt(IntStream::of).toArray();
            return TokenWindows.random(
                    pile, p.windows(), rules.context(), RandomStream.of(rules.seed(), Purpose.SHARED, turn));
        }
        return TokenWindows.stratified(
                shared, p.windows(), rules.context(), c -> RandomStream.of(rules.seed(), Purpose.SHARED, ALL_TURNS, c));
    }
}
