package coterie.actors.life;

import java.util.Objects;

/**
 * How a user's iterations are cut into turns.
 *
 * <p>Worked example: 500 iterations, the first collaboration after 100, then every 25 (the paper's) make 17 turns: one of 100 iterations and
 * 16 of 25, each followed by a collaboration, the last one at iteration 500.
 */
public final class TurnSchedule {
    /**
     * One turn.
     *
     * @param iterations local iterations in it
     * @param collaborates whether its end is an occasion to publish and mix
     * @param fineTune whether it trains on the data kept for fine-tuning
     * @param length its length in ordinary turns: iterations / every
     */
    public record Turn(int iterations, boolean collaborates, boolean fineTune, double length) {
    }

    private final int iterations;
    private final int first;
    private final int every;
    /** Iterations before fine-tuning. */
    private final int common;
    private final int collaborating;
    private final int turns;

    /**
     * Cuts.
     *
     * @param startAfter iterations before the first collaboration; 0 for {@code every}
     * @param every iterations between collaborations
     * @param fineTuneShare share of the iterations at the end that are local fine-tuning
     */
    public TurnSchedule(int iterations, int startAfter, int every, double fineTuneShare) {
        if (iterations < 1 || startAfter < 0 || every < 1) {
            throw new IllegalArgumentException("need iterations >= 1, start_after >= 0, every >= 1; found " + iterations + ", " + startAfter + ", " + every);
        }
        this.iterations = iterations;
        this.every = every;
        first = startAfter == 0 ? every : startAfter;
        common = iterations - (int) Math.round(fineTuneShare * iterations);
        collaborating = common < first ? 0 : 1 + (common - first) / every;
        turns = (int) (collaborating + (common > begin(collaborating) ? 1 : 0) + (iterations - common + every - 1L) / every);
    }

    /** The iteration at which a turn begins that collaborates, or follows the last one that does. */
    private int begin(int turn) {
        return turn == 0 ? 0 : first + (turn - 1) * every;
    }

    public int turns() {
        return turns;
    }

    /** A turn, counted from 0. @throws IndexOutOfBoundsException where there is none of this number */
    public Turn turn(int number) {
        Objects.checkIndex(number, turns);
        if (number < collaborating) {
            return new Turn(begin(number + 1) - begin(number), true, false, (double) (begin(number + 1) - begin(number)) / every);
        }
        int alone = common - begin(collaborating);
        if (number == collaborating && alone > 0) {
            return new Turn(alone, false, false, (double) alone / every);
        }
        int at = common + (number - collaborating - (alone > 0 ? 1 : 0)) * every;
        int n = Math.min(every, iterations - at);
        return new Turn(n, false, true, (double) n / every);
    }

    /** Iterations in all. */
    public int iterations() {
        return iterations;
    }
}
