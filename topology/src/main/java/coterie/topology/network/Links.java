package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Population;
import java.util.List;

/**
 * The latency and the faults of all links, as configured in a scenario.
 *
 * @param loss probability that a message is lost, in [0, 1)
 * @param duplication probability that a message arrives twice, each copy with its own delay
 * @param reordering probability that a message is delayed by {@code reorderingMs}, so that later ones may overtake it
 * @param reorderingMs additional delay of a reordered message in milliseconds
 * @param cuts network partitions
 */
public record Links(
        Latency latency,
        double loss,
        double duplication,
        double reordering,
        double reorderingMs,
        List<NetworkPartition> cuts) {
    public Links {
        Checks.probability("loss", loss);
        Checks.probability("duplication", duplication);
        Checks.probability("reordering", reordering);
        Checks.milliseconds("reordering_ms", reorderingMs);
        cuts = List.copyOf(cuts);
    }

    /** Links whose only fault is loss. */
    public Links(Latency latency, double loss) {
        this(latency, loss, 0, 0, 0, List.of());
    }

    /**
     * Applies the model to a population.
     *
     * @throws IllegalArgumentException if a configured file cannot be read
     */
    public Network of(Population population) {
        return new Network(this, population, latency.of(population));
    }

    /** The fate of every message of a population. */
    public static final class Network {
        private final Links links;
        private final long seed;
        private final Latency.Delays delays;

        private Network(Links links, Population population, Latency.Delays delays) {
            this.links = links;
            seed = population.seed();
            this.delays = delays;
        }

        /**
         * Returns the delay of a message in virtual seconds, excluding the transfer time of its bytes.
         *
         * @param number sequence number of the message at its sender
         * @param copy 0 for the message itself, 1 for its duplicate
         */
        public double delay(int from, int to, long number, int copy) {
            double seconds = delays.seconds(from, to, 2 * number + copy);
            boolean held = links.reordering > 0
                    && RandomStream.of(seed, Purpose.REORDERING, from, to, number, copy)
                            .chance(links.reordering);
            return held ? seconds + links.reorderingMs / 1000 : seconds;
        }

        /** Whether a message sent at this time, in virtual seconds, is lost. */
        public boolean lost(int from, int to, long number, double seconds) {
            for (NetworkPartition c : links.cuts) {
                if (c.severs(from, to, seconds)) {
                    return true;
                }
            }
            return links.loss > 0
                    && RandomStream.of(seed, Purpose.LOSS, from, to, number).chance(links.loss);
        }

        /** Whether a message is duplicated. */
        public boolean doubled(int from, int to, long number) {
            return links.duplication > 0
                    && RandomStream.of(seed, Purpose.DUPLICATION, from, to, number)
                            .chance(links.duplication);
        }

        /** The minimum delay of a message in virtual seconds. */
        public double least() {
            return delays.least();
        }
    }
}
