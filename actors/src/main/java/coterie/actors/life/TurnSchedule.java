package coterie.actors.life;

import java.util.ArrayList;
import java.util.List;

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

    private final List<Turn> turns = new ArrayList<>();
    private final int iterations;

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
        int common = iterations - (int) Math.round(fineTuneShare * iterations);
        int at = 0;
        int next = startAfter == 0 ? every : startAfter;
        while (next <= common) {
            add(next - at, true, false, every);
            at = next;
            next += every;
        }
        add(common - at, false, false, every);
        for (at = common; at < iterations; at += every) {
            add(Math.min(every, iterations - at), false, true, every);
        }
    }

    private void add(int n, boolean collaborates, boolean fineTune, int every) {
        if (n > 0) {
            turns.add(new Turn(n, collaborates, fineTune, (double) n / every));
        }
    }

    public int turns() {
        return turns.size();
    }

    public Turn turn(int number) {
        return turns.get(number);
    }

    /** Iterations in all. */
    public int iterations() {
        return iterations;
    }
}
