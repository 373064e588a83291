package coterie.topology.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;

/**
 * A graph of users 0 … N − 1. An edge i → j means that what i publishes is sent to j. Neighbours are in rising order, nobody is his own.
 */
public final class Topology {
    private final int[][] out;
    private final int[][] in;
    private final List<Set<Integer>> components;

    private Topology(int[][] out, int[][] in, List<Set<Integer>> components) {
        this.out = out;
        this.in = in;
        this.components = components;
    }

    /** The topology of a JGraphT graph whose vertices are 0 … users − 1; an undirected edge goes both ways. */
    static Topology of(Graph<Integer, DefaultEdge> graph, int users) {
        int[][] out = new int[users][];
        int[][] in = new int[users][];
        for (int u = 0; u < users; u++) {
            out[u] = sorted(Graphs.successorListOf(graph, u), u);
            in[u] = sorted(Graphs.predecessorListOf(graph, u), u);
        }
        List<Set<Integer>> components = new ArrayList<>();
        for (Set<Integer> c : new ConnectivityInspector<>(graph).connectedSets()) {
            components.add(new TreeSet<>(c));
        }
        return new Topology(out, in, components);
    }

    private static int[] sorted(List<Integer> neighbours, int self) {
        return neighbours.stream().mapToInt(Integer::intValue).filter(n -> n != self).distinct().sorted().toArray();
    }

    public int users() {
        return out.length;
    }

    /** Users to whom this user's snapshots are sent. Not to be changed. */
    public int[] outNeighbours(int user) {
        return out[user];
    }

    /** Users whose snapshots come to this user. Not to be changed. */
    public int[] inNeighbours(int user) {
        return in[user];
    }

    /** Which of two sides each user is on, so that all edges lead from one side to the other; null where the graph has no such sides. */
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
                for (int[] neighbours : new int[][] {out[u], in[u]}) {
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

    /** Whether every user can reach every other, the directions of edges aside. */
    public boolean connected() {
        return components.size() <= 1;
    }

    /** The parts of a graph that is not connected; one part otherwise. */
    public List<Set<Integer>> components() {
        return components;
    }
}
