package coterie.topology.graph;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.List;

/** The users that exchange snapshots, as configured in a scenario: a static graph or changing neighbours. */
public interface TopologyModel {
    /**
     * Returns the neighbourhoods of these users.
     *
     * @throws IllegalArgumentException if the graph does not exist for this number of users or its file cannot be read
     */
    Neighbourhoods over(Members members);

    /** Whether the graph depends on the categories of the users. */
    default boolean needsCategories() {
        return false;
    }

    /** Graphs that replace one another at given times. */
    @Component(
            name = "schedule",
            about = "graphs that replace one another: [{from_seconds: 0, graph: {kind: ring}}, ...]")
    record Schedule(@Setting("[]") List<Phase> phases) implements TopologyModel {
        /**
         * A graph and the time from which it applies.
         *
         * @param fromSeconds start in virtual seconds; 0 for the first phase
         */
        public record Phase(double fromSeconds, GraphModel graph) {}

        public Schedule {
            if (phases == null || phases.isEmpty() || phases.get(0).fromSeconds() != 0) {
                throw new IllegalArgumentException(
                        "phases must list at least one graph, the first with from_seconds: 0");
            }
            for (int k = 1; k < phases.size(); k++) {
                if (!(phases.get(k).fromSeconds() > phases.get(k - 1).fromSeconds())) {
                    throw new IllegalArgumentException("phases must follow one another in time, found from_seconds "
                            + phases.get(k).fromSeconds() + " after "
                            + phases.get(k - 1).fromSeconds());
                }
            }
            phases = List.copyOf(phases);
        }

        @Override
        public boolean needsCategories() {
            return phases.stream().anyMatch(p -> p.graph().needsCategories());
        }

        @Override
        public Neighbourhoods over(Members members) {
            double[] from = phases.stream().mapToDouble(Phase::fromSeconds).toArray();
            return Neighbourhoods.scheduled(
                    from, phases.stream().map(p -> p.graph().built(members)).toList());
        }
    }

    /** Random peers, drawn in every turn, as in Epidemic Learning and gossip peer sampling. */
    @Component(name = "random-peers", about = "other users drawn at random at every turn")
    record RandomPeers(@Setting("2") int peers) implements TopologyModel {
        public RandomPeers {
            if (peers < 1) {
                throw new IllegalArgumentException("peers must be at least 1, found " + peers);
            }
        }

        @Override
        public Neighbourhoods over(Members members) {
            return Neighbourhoods.sampled(members.users(), members.seed(), peers);
        }
    }

    /**
     * Users request snapshots from the peers they have trusted most so far and from a few random ones.
     *
     * @param peers number of most trusted peers
     * @param explore number of additional random peers
     */
    @Component(name = "trusted-peers", about = "users ask the peers they have trusted most so far, and some at random")
    record TrustedPeers(
            @Setting("2") int peers, @Setting("1") int explore) implements TopologyModel {
        public TrustedPeers {
            if (peers < 0 || explore < 0 || peers + explore < 1) {
                throw new IllegalArgumentException(
                        "peers and explore must not be negative and must sum to at least 1, found " + peers + " and "
                                + explore);
            }
        }

        @Override
        public Neighbourhoods over(Members members) {
            return Neighbourhoods.asked(members.users(), new Neighbourhoods.Asking(peers, explore));
        }
    }
}
