package coterie.topology.graph;

import org.jgrapht.Graph;
import org.jgrapht.generate.CompleteGraphGenerator;
import org.jgrapht.generate.GraphGenerator;
import org.jgrapht.generate.LinearGraphGenerator;
import org.jgrapht.generate.RingGraphGenerator;
import org.jgrapht.generate.StarGraphGenerator;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleGraph;
import org.jgrapht.util.SupplierUtil;

/** A kind of graph, as a scenario names it. */
public sealed interface GraphModel {
    /**
     * The graph over so many users.
     *
     * @param seed for kinds that are drawn
     * @throws IllegalArgumentException where there is no such graph of this many users
     */
    Topology build(int users, long seed);

    /** Everybody has two neighbours: i − 1 and i + 1, round the circle. */
    record Ring() implements GraphModel {
        @Override
        public Topology build(int users, long seed) {
            return users == 2 ? generated(new LinearGraphGenerator<>(2), 2) : generated(new RingGraphGenerator<>(users), users);
        }
    }

    /** Everybody is joined to everybody. */
    record Full() implements GraphModel {
        @Override
        public Topology build(int users, long seed) {
            return generated(new CompleteGraphGenerator<>(users), users);
        }
    }

    /** A chain: a ring that is cut open. */
    record Line() implements GraphModel {
        @Override
        public Topology build(int users, long seed) {
            return generated(new LinearGraphGenerator<>(users), users);
        }
    }

    /** User 0 is joined to all, the others only to it. */
    record Star() implements GraphModel {
        @Override
        public Topology build(int users, long seed) {
            return generated(new StarGraphGenerator<>(users), users);
        }
    }

    private static Topology generated(GraphGenerator<Integer, DefaultEdge, Integer> generator, int users) {
        if (users < 1) {
            throw new IllegalArgumentException("a graph needs at least one user, found " + users);
        }
        Graph<Integer, DefaultEdge> graph = new SimpleGraph<>(SupplierUtil.createIntegerSupplier(), SupplierUtil.createDefaultEdgeSupplier(), false);
        if (users == 1) {
            graph.addVertex();
        } else {
            generator.generateGraph(graph);
        }
        return Topology.of(graph, users);
    }
}
