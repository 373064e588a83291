package coterie.topology.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.graph.DefaultEdge;

/**
 * A graph over the users 0 … N − 1. An edge i → j means that j receives what i publishes. Neighbours are in ascending
 * order; no user is its own neighbour.
 */
public final class Topology {
    private final int[][] out;
    private final int[][] in;

    private Topology(int[][] out, int[][] in) {
        this.out = out;
        this.in = in;
    }

    /** Converts a JGraphT graph whose vertices are 0 … users − 1; an undirected edge goes both ways. */
    static Topology of(Graph<Integer, DefaultEdge> graph, int users) {
        int[][] out = lists(users, u -> Graphs.successorListOf(graph, u));
        return new Topology(
                out, graph.getType().isUndirected() ? out : lists(users, u -> Graphs.predecessorListOf(graph, u)));
    }

    /** The complete graph, built without the N (N − 1) / 2 edge objects. */
    static Topology full(int users) {
        int[][] others = new int[users][users - 1];
        for (int u = 0; u < users; u++) {
            for (int k = 0; k < users - 1; k++) {
                others[u][k] = k < u ? k : k + 1;
            }
        }
        return new Topology(others, others);
    }

    private static int[][] lists(int users, IntFunction<List<Integer>> neighbours) {
        int[][] lists = new int[users][];
        for (int u = 0; u < users; u++) {
            lists[u] = neighbours.apply(u).stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
        }
        return lists;
    }

    public int users() {
        return out.length;
    }

    /** Users that receive the snapshots of this user. Must not be modified. */
    public int[] outNeighbours(int user) {
        return out[user];
    }

    /** Users whose snapshots this user receives. Must not be modified. */
    public int[] inNeighbours(int user) {
        return in[user];
    }

    /** The side, 0 or 1, of each user [N] if the graph is bipartite; null otherwise. Directions are ignored. */
    public int[] sides() {
        int[] side = new int[users()];
        Arrays.fill(side, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int start = 0; start < side.length; start++) {
            if (side[start] < 0) {
                side[start] = 0;
                queue.add(start);
            }
            while (!queue.isEmpty()) {
                int u = queue.poll();
                for (int[] neighbours : adjacent(u)) {
                    for (int v : neighbours) {
                        if (side[v] == side[u]) {
                            return null;
                        }
                        if (side[v] < 0) {
                            side[v] = 1 - side[u];
                            queue.add(v);
                        }
                    }
                }
            }
        }
        return side;
    }

    /** Number of directed edges. */
    public long edges() {
        return Arrays.stream(out).mapToLong(n -> n.length).sum();
    }

    /** Whether the graph is connected, ignoring directions. */
    public boolean connected() {
        return components().size() <= 1;
    }

    /** The connected components, each in ascending order. */
    public List<List<Integer>> components() {
        List<List<Integer>> components = new ArrayList<>();
        BitSet seen = new BitSet(users());
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int start = seen.nextClearBit(0); start < users(); start = seen.nextClearBit(start)) {
            List<Integer> part = new ArrayList<>();
            seen.set(start);
            queue.add(start);
            while (!queue.isEmpty()) {
                int u = queue.poll();
                part.add(u);
                for (int[] neighbours : adjacent(u)) {
                    for (int v : neighbours) {
                        if (!seen.get(v)) {
                            seen.set(v);
                            queue.add(v);
                        }
                    }
                }
            }
            Collections.sort(part);
            components.add(part);
        }
        return components;
    }

    /** The out-neighbours and, if they differ, the in-neighbours of a user. */
    private int[][] adjacent(int user) {
        return out == in ? new int[][] {out[user]} : new int[][] {out[user], in[user]};
    }
}
