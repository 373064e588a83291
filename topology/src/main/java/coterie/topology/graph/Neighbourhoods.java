package coterie.topology.graph;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who exchanges with whom: at an instant, in a turn. Arrays that are given are in rising order and not to be changed.
 */
public interface Neighbourhoods {
    int users();

    /** To whom a user sends what it publishes at the end of a turn, at this tick. */
    int[] receivers(int user, int turn, long tick);

    /** Whose snapshots of a turn come to a user; only where {@link #byTurns} holds. */
    int[] senders(int user, int turn);

    /** Whether turns alone decide, and not the time: what users that wait for one another need. */
    default boolean byTurns() {
        return true;
    }

    /** The graph at a tick; null where everybody may meet everybody. */
    Topology graph(long tick);

    /** Ticks at which another graph begins to count, the first of them 0; empty where everybody may meet everybody. */
    default long[] changes() {
        return graph(0) == null ? new long[0] : new long[] {0};
    }

    /** Where users ask others for snapshots: how; null where they send theirs unasked. */
    default Asking asking() {
        return null;
    }

    /**
     * Asking whom one trusts, and some others.
     *
     * @param peers how many of the most trusted
     * @param explore how many drawn at random besides
     */
    record Asking(int peers, int explore) {}

    /** A user's so many others in a turn, drawn without repetition; in the order of the draw. */
    static int[] drawn(int users, long seed, int user, int turn, int count) {
        if (users == 1) {
            return new int[0];
        }
        KeyedPermutation order = new KeyedPermutation(users - 1, RandomStream.name(seed, Purpose.PEERS, user, turn));
        return IntStream.range(0, Math.min(count, users - 1))
                .map(order::place)
                .map(p -> p < user ? p : p + 1)
                .toArray();
    }

    /** A graph that stays as it is. */
    static Neighbourhoods fixed(Topology graph) {
        return new Neighbourhoods() {
            @Override
            public int users() {
                return graph.users();
            }

            @Override
            public int[] receivers(int user, int turn, long tick) {
                return graph.outNeighbours(user);
            }

            @Override
            public int[] senders(int user, int turn) {
                return graph.inNeighbours(user);
            }

            @Override
            public Topology graph(long tick) {
                return graph;
            }
        };
    }

    /** Another graph from each of these virtual seconds on. */
    static Neighbourhoods scheduled(double[] fromSeconds, List<Topology> graphs) {
        long[] from = Arrays.stream(fromSeconds).mapToLong(Ticks::at).toArray();
        return new Neighbourhoods() {
            @Override
            public int users() {
                return graphs.get(0).users();
            }

            @Override
            public int[] receivers(int user, int turn, long tick) {
                return graph(tick).outNeighbours(user);
            }

            @Override
            public int[] senders(int user, int turn) {
                throw new UnsupportedOperationException("who sends depends on the time");
            }

            @Override
            public boolean byTurns() {
                return false;
            }

            @Override
            public long[] changes() {
                return from.clone();
            }

            @Override
            public Topology graph(long tick) {
                int found = Arrays.binarySearch(from, tick);
                return graphs.get(found >= 0 ? found : -found - 2);
            }
        };
    }

    /** So many others, drawn anew in every turn. */
    static Neighbourhoods sampled(int users, long seed, int peers) {
        return new Neighbourhoods() {
            @Override
            public int users() {
                return users;
            }

            @Override
            public int[] receivers(int user, int turn, long tick) {
                int[] drawn = drawn(users, seed, user, turn, peers);
                Arrays.sort(drawn);
                return drawn;
            }

            @Override
            public int[] senders(int user, int turn) {
                return IntStream.range(0, users)
                        .filter(u -> u != user && Arrays.binarySearch(receivers(u, turn, 0), user) >= 0)
                        .toArray();
            }

            @Override
            public Topology graph(long tick) {
                return null;
            }
        };
    }

    /** Users ask whom they want. */
    static Neighbourhoods asked(int users, Asking asking) {
        return new Neighbourhoods() {
            @Override
            public int users() {
                return users;
            }

            @Override
            public int[] receivers(int user, int turn, long tick) {
                return new int[0];
            }

            @Override
            public int[] senders(int user, int turn) {
                return new int[0];
            }

            @Override
            public boolean byTurns() {
                return false;
            }

            @Override
            public Topology graph(long tick) {
                return null;
            }

            @Override
            public Asking asking() {
                return asking;
            }
        };
    }
}
