package coterie.topology.world;

import coterie.topology.random.Purpose;
import coterie.topology.random.Stream;

/**
 * All links of a run: what becomes of a message from one user to another.
 *
 * @param loss probability that a message does not arrive, in [0, 1)
 */
public record Links(Latency latency, double loss) {
    public Links {
        if (!(loss >= 0 && loss < 1)) {
            throw new IllegalArgumentException("loss must lie in [0, 1), found " + loss);
        }
    }

    /**
     * What becomes of one message.
     *
     * @param seconds until it arrives, or, lost, until it would have
     */
    public record Transit(double seconds, boolean lost) {
    }

    /** The fate of the message that {@code from} sends to {@code to} at the end of its turn number {@code turn}. */
    public Transit transit(long seed, int from, int to, long turn) {
        boolean lost = loss > 0 && Stream.of(seed, Purpose.LOSS, from, to, turn).chance(loss);
        return new Transit(latency.seconds(seed, from, to, turn), lost);
    }
}
