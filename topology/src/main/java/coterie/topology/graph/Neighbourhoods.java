package coterie.topology.graph;

import coterie.topology.random.KeyedPermutation;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The users that exchange snapshots, by turn and virtual time. Returned arrays are in ascending order and must not be
 * modified.
 */
public interface Neighbourhoods {
    int users();

    /** The users that receive what a user publishes at the end of a turn, at this tick. */
    int[] receivers(int user, int turn, long tick);

    /** The users whose snapshots of a turn reach a user; only supported if {@link #byTurns}. */
    int[] senders(int user, int turn);

    /**
     * Whether neighbours depend on the turn alone and not on the time, as required by users that wait for one another.
     */
    default boolean byTurns() {
        return true;
    }

    /** The graph at a tick; null if any two users may exchange. */
    Topology graph(long tick);

    /** Ticks at which the graph changes, beginning with 0; empty if any two users may exchange. */
    default long[] changes() {
        return graph(0) == null ? new long[0] : new long[] {0};
    }

    /** How users request snapshots from others; null if snapshots are sent unasked. */
    default Asking asking() {
        return null;
    }

    /**
     * Requests to the most trusted peers and to some random ones.
     *
     * @param peers number of most trusted peers
     * @param explore number of additional random peers
     */
    record Asking(int peers, int explore) {}

    /** Draws {@code count} distinct peers of a user for a turn, in the order of the draw. */
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

    /** A static graph. */
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

    /**
     * A graph for each interval; {@code fromSeconds} are the starts of the intervals in virtual seconds, the first 0.
     */
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
                throw new UnsupportedOperationException("senders depend on the time");
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

    /** {@code peers} random receivers for every user, drawn independently in every turn. */
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

    /** Users request snapshots from peers of their choice. */
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
