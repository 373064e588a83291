package coterie.topology.network;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Population;
import java.util.List;

/**
 * What a scenario says of all links: how long a message is under way, and what can go wrong.
 *
 * @param loss probability that a message does not arrive, in [0, 1)
 * @param duplication probability that it arrives twice, the second time with a delay of its own
 * @param reordering probability that it is held up, so that later ones overtake it
 * @param reorderingMs by how much
 * @param cuts partitions
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

    /** Links on which nothing goes wrong but loss. */
    public Links(Latency latency, double loss) {
        this(latency, loss, 0, 0, 0, List.of());
    }

    /**
     * The links of a population.
     *
     * @throws IllegalArgumentException where a file that is named cannot be read
     */
    public Network of(Population population) {
        return new Network(this, population, latency.of(population));
    }

    /** Links that are concrete: the fate of every message. */
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
         * Virtual seconds until a message arrives, the time for its bytes aside.
         *
         * @param number of the message, counted by its sender
         * @param copy 0 for the message itself, 1 for its double
         */
        public double delay(int from, int to, long number, int copy) {
            double seconds = delays.seconds(from, to, 2 * number + copy);
            boolean held = links.reordering > 0
                    && RandomStream.of(seed, Purpose.REORDERING, from, to, number, copy)
                            .chance(links.reordering);
            return held ? seconds + links.reorderingMs / 1000 : seconds;
        }

        /** Whether a message that is sent at this instant never arrives. */
        public boolean lost(int from, int to, long number, double seconds) {
            for (NetworkPartition c : links.cuts) {
                if (c.severs(from, to, seconds)) {
                    return true;
                }
            }
            return links.loss > 0
                    && RandomStream.of(seed, Purpose.LOSS, from, to, number).chance(links.loss);
        }

        /** Whether a message arrives twice. */
        public boolean doubled(int from, int to, long number) {
            return links.duplication > 0
                    && RandomStream.of(seed, Purpose.DUPLICATION, from, to, number)
                            .chance(links.duplication);
        }

        /** The shortest time that any message is under way. */
        public double least() {
            return delays.least();
        }
    }
}
