package coterie.actors.schedule;

import java.util.Objects;

/**
 * Divides a user's iterations into turns.
 *
 * <p>Worked example: 500 iterations, the first collaboration after 100, then every 25 (the paper's) make 17 turns: one
 * of 100 iterations and 16 of 25, each followed by a collaboration, the last one at iteration 500.
 */
public final class TurnSchedule {
    /**
     * One turn.
     *
     * @param iterations local iterations in it
     * @param collaborates whether users publish and mix after it
     * @param fineTune whether it trains on the data that is kept for fine-tuning
     * @param length in ordinary turns: iterations / every
     */
    public record Turn(int iterations, boolean collaborates, boolean fineTune, double length) {}

    private final int iterations;
    /** Number of turns that end in a collaboration: {@link #first} and {@link #ordinary} ones. */
    private final int collaborations;

    private final Turn first;
    private final Turn ordinary;
    /** The turn after the last collaboration; null if no iterations are left. */
    private final Turn rest;

    private final int fineTuning;
    private final Turn fineTune;
    private final Turn lastFineTune;

    /**
     * Creates a schedule.
     *
     * @param startAfter iterations before the first collaboration; 0 for {@code every}
     * @param every iterations between collaborations
     * @param fineTuneShare share of the iterations, at the end, that are local fine-tuning
     */
    public TurnSchedule(int iterations, int startAfter, int every, double fineTuneShare) {
        if (iterations < 1 || startAfter < 0 || every < 1) {
            throw new IllegalArgumentException("need iterations >= 1, start_after >= 0, every >= 1; found " + iterations
                    + ", " + startAfter + ", " + every);
        }
        this.iterations = iterations;
        // There may be 2·10⁹ turns: they are computed when asked for.
        int common = iterations - (int) Math.round(fineTuneShare * iterations);
        int begin = startAfter == 0 ? every : startAfter;
        collaborations = begin > common ? 0 : 1 + (common - begin) / every;
        first = new Turn(begin, true, false, (double) begin / every);
        ordinary = new Turn(every, true, false, 1);
        int left = collaborations == 0 ? common : (common - begin) % every;
        rest = left == 0 ? null : new Turn(left, false, false, (double) left / every);
        int fine = iterations - common;
        fineTuning = fine / every + (fine % every == 0 ? 0 : 1);
        fineTune = new Turn(every, false, true, 1);
        lastFineTune =
                fine % every == 0 ? fineTune : new Turn(fine % every, false, true, (double) (fine % every) / every);
    }

    public int turns() {
        return collaborations + (rest == null ? 0 : 1) + fineTuning;
    }

    /** @throws IndexOutOfBoundsException if there is no such turn */
    public Turn turn(int number) {
        Objects.checkIndex(number, turns());
        if (number < collaborations) {
            return number == 0 ? first : ordinary;
        }
        if (rest != null && number == collaborations) {
            return rest;
        }
        return number == turns() - 1 ? lastFineTune : fineTune;
    }

    /** Total number of iterations. */
    public int iterations() {
        return iterations;
    }
}
