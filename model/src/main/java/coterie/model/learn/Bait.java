package coterie.model.learn;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;

/**
 * Which examples of a training step come from a victim's validation data: every second one.
 *
 * @param victim number of the user
 * @param attacker number of the user that trains
 * @param iteration of the step
 * @param pass of the step within its iteration
 */
record Bait(int victim, int attacker, int iteration, int pass) {
    /** Distinguishes what is drawn in training from what is drawn in sending. */
    private static final long TRAINING = -1;

    /** Whether an example of the step is the victim's. */
    boolean takes(int example) {
        return (example + iteration + pass) % 2 == 0;
    }

    /** From which the victim's examples are drawn. */
    RandomStream draw(long seed) {
        return RandomStream.of(seed, Purpose.ADVERSARY, attacker, iteration, pass, TRAINING);
    }
}
