package coterie.topology.world;

import coterie.topology.random.Purpose;
import coterie.topology.random.Stream;

/** Who takes part in the collaboration at the end of a turn: who does not neither publishes nor mixes. */
public sealed interface Participation {
    boolean takesPart(long seed, int user, int turn);

    /** Everybody, always. */
    record Always() implements Participation {
        @Override
        public boolean takesPart(long seed, int user, int turn) {
            return true;
        }
    }

    /** Each user in each turn with the same probability, independently. */
    record Bernoulli(double probability) implements Participation {
        public Bernoulli {
            if (!(probability > 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability must lie in (0, 1], found " + probability);
            }
        }

        @Override
        public boolean takesPart(long seed, int user, int turn) {
            return Stream.of(seed, Purpose.PARTICIPATION, user, turn).chance(probability);
        }
    }
}
