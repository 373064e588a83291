package coterie.topology.graph;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Locale;
import java.util.Random;
import org.jgrapht.Graph;
import org.jgrapht.generate.GnpRandomGraphGenerator;
import org.jgrapht.generate.GraphGenerator;
import org.jgrapht.generate.LinearGraphGenerator;
import org.jgrapht.generate.RandomRegularGraphGenerator;
import org.jgrapht.generate.RingGraphGenerator;
import org.jgrapht.generate.StarGraphGenerator;
import org.jgrapht.generate.WattsStrogatzGraphGenerator;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;
import org.jgrapht.graph.SimpleGraph;
import org.jgrapht.util.SupplierUtil;

/** A kind of static graph, as configured in a scenario. */
public interface GraphModel extends TopologyModel {
    /**
     * Builds the graph.
     *
     * @param members the users and what graph kinds may need of them
     * @throws IllegalArgumentException if the graph does not exist for this number of users or its file cannot be read
     */
    Topology build(Members members);

    /** Builds the graph over users without categories. */
    default Topology build(int users, long seed) {
        return build(Members.alike(users, seed));
    }

    /**
     * The number of edges over {@code users} users: the expectation for random graphs, a lower bound if categories
     * decide, and 0 if the number is only known from a file.
     */
    double edges(int users);

    /** Bytes of heap per edge while the graph is built: JGraphT keeps an object and two map entries per edge. */
    default int bytesAnEdge() {
        return 200;
    }

    /** @throws IllegalArgumentException if the graph does not exist or does not fit into the heap */
    @Override
    default Neighbourhoods over(Members members) {
        return Neighbourhoods.fixed(built(members));
    }

    /** Same as {@link #build}, but fails early if the graph would not fit into the heap. */
    default Topology built(Members members) {
        double bytes = edges(members.users()) * bytesAnEdge();
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the graph has %.0f edges over %d users, which take %.1f GB; Java has %.1f GB of memory",
                    edges(members.users()),
                    members.users(),
                    bytes / 1e9,
                    most / 1e9));
        }
        return build(members);
    }

    /** User i has the neighbours i − 1 and i + 1 modulo N. */
    @Component(name = "ring", about = "each user has two neighbours")
    record Ring() implements GraphModel {
        @Override
        public double edges(int users) {
            return users;
        }

        @Override
        public Topology build(Members m) {
            return generated(
                    m.users() == 2 ? new LinearGraphGenerator<>(2) : new RingGraphGenerator<>(m.users()),
                    m.users(),
                    false);
        }
    }

    /** The complete graph. */
    @Component(name = "full", about = "all users are neighbours of one another")
    record Full() implements GraphModel {
        @Override
        public double edges(int users) {
            return users * (users - 1.0) / 2;
        }

        /** Built without edge objects: two numbers per edge. */
        @Override
        public int bytesAnEdge() {
            return 2 * Integer.BYTES;
        }

        @Override
        public Topology build(Members m) {
            return Topology.full(m.users());
        }
    }

    /** A path: a ring without the edge between the last user and the first. */
    @Component(name = "line", about = "a ring without the edge between the last user and the first")
    record Line() implements GraphModel {
        @Override
        public double edges(int users) {
            return users;
        }

        @Override
        public Topology build(Members m) {
            return generated(new LinearGraphGenerator<>(m.users()), m.users(), false);
        }
    }

    /** User 0 is the neighbour of all others, and their only one. */
    @Component(name = "star", about = "user 0 is the neighbour of all others")
    record Star() implements GraphModel {
        @Override
        public double edges(int users) {
            return users;
        }

        @Override
        public Topology build(Members m) {
            return generated(new StarGraphGenerator<>(m.users()), m.users(), false);
        }
    }

    /**
     * A grid whose opposite borders are joined.
     *
     * @param rows rows of the grid, a divisor of the number of users; 0 for the largest divisor not above its square
     *     root
     */
    @Component(name = "torus", about = "a grid whose opposite borders meet; rows 0 makes it as square as possible")
    record Torus(@Setting("0") int rows) implements GraphModel {
        public Torus {
            if (rows < 0) {
                throw new IllegalArgumentException("rows must not be negative (0 chooses), found " + rows);
            }
        }

        @Override
        public double edges(int users) {
            return 2.0 * users;
        }

        @Override
        public Topology build(Members m) {
            int n = m.users();
            int r = rows == 0 ? (int) Math.sqrt(n) : rows;
            while (rows == 0 && n % r != 0) {
                r--;
            }
            if (n % r != 0) {
                throw new IllegalArgumentException("rows must divide the number of users (" + n + "), found " + rows);
            }
            Graph<Integer, DefaultEdge> g = empty(n, false);
            int columns = n / r;
            for (int u = 0; u < n; u++) {
                join(g, u, u / columns * columns + (u + 1) % columns);
                join(g, u, (u + columns) % n);
            }
            return Topology.of(g, n);
        }
    }

    /** A random graph in which all users have the same degree. */
    @Component(name = "k-regular", about = "a random graph in which all users have the same degree")
    record KRegular(@Setting("4") int degree) implements GraphModel {
        public KRegular {
            if (degree < 1) {
                throw new IllegalArgumentException("degree must be at least 1, found " + degree);
            }
        }

        @Override
        public double edges(int users) {
            return users * (double) degree / 2;
        }

        @Override
        public Topology build(Members m) {
            if (degree >= m.users() || m.users() * (long) degree % 2 != 0) {
                throw new IllegalArgumentException(
                        "degree must be smaller than the number of users, and one of the two even; found degree "
                                + degree + " of " + m.users() + " users");
            }
            if (degree == m.users() - 1) {
                return new Full().build(m);
            }
            return generated(new RandomRegularGraphGenerator<>(m.users(), degree, random(m)), m.users(), false);
        }
    }

    /** The Erdős–Rényi graph G(N, p): each edge exists independently with the same probability. */
    @Component(name = "erdos-renyi", about = "each edge exists with the same probability")
    record ErdosRenyi(
            @Setting("0.5") double probability,
            @Setting("false") boolean directed) implements GraphModel {
        public ErdosRenyi {
            inUnit("probability", probability);
        }

        @Override
        public double edges(int users) {
            return probability * users * (users - 1.0) / 2;
        }

        @Override
        public Topology build(Members m) {
            return generated(
                    new GnpRandomGraphGenerator<>(m.users(), probability, random(m), false), m.users(), directed);
        }
    }

    /**
     * The small-world graph of Watts and Strogatz: a ring in which each user is joined to its nearest users and some
     * edges are rewired.
     *
     * @param neighbours neighbours of each user before rewiring; even, at least 2
     * @param rewire probability that an edge is rewired
     */
    @Component(name = "small-world", about = "a ring of near neighbours, some edges rewired (Watts and Strogatz)")
    record SmallWorld(
            @Setting("4") int neighbours, @Setting("0.1") double rewire) implements GraphModel {
        public SmallWorld {
            if (neighbours < 2 || neighbours % 2 != 0) {
                throw new IllegalArgumentException("neighbours must be even and at least 2, found " + neighbours);
            }
            inUnit("rewire", rewire);
        }

        @Override
        public double edges(int users) {
            return users * (neighbours / 2.0);
        }

        @Override
        public Topology build(Members m) {
            if (neighbours >= m.users()) {
                throw new IllegalArgumentException(
                        "neighbours must be smaller than the number of users (" + m.users() + "), found " + neighbours);
            }
            return generated(
                    new WattsStrogatzGraphGenerator<>(m.users(), neighbours, rewire, false, random(m)),
                    m.users(),
                    false);
        }
    }

    /**
     * The stochastic block model: the probability of an edge depends on whether the two users are of the same category.
     *
     * @param within probability of an edge within a category
     * @param between probability of an edge between categories
     */
    @Component(
            name = "stochastic-block",
            about = "the probability of an edge depends on whether two users' data are of one category")
    record StochasticBlock(
            @Setting("0.8") double within, @Setting("0.1") double between) implements GraphModel {
        public StochasticBlock {
            inUnit("within", within);
            inUnit("between", between);
        }

        @Override
        public boolean needsCategories() {
            return true;
        }

        @Override
        public double edges(int users) {
            return Math.min(within, between) * users * (users - 1.0) / 2;
        }

        @Override
        public Topology build(Members m) {
            Graph<Integer, DefaultEdge> g = empty(m.users(), false);
            for (int i = 0; i < m.users(); i++) {
                for (int j = 0; j < i; j++) {
                    if (RandomStream.of(m.seed(), Purpose.GRAPH, i, j)
                            .chance(m.category(i) == m.category(j) ? within : between)) {
                        g.addEdge(i, j);
                    }
                }
            }
            return Topology.of(g, m.users());
        }
    }

    /**
     * The exponential graph: user i sends to i + 1, i + 2, i + 4, i + 8, … modulo N. Directed; its diameter and degree
     * are log₂ N.
     */
    @Component(name = "exponential", about = "directed: to the users 1, 2, 4, 8, ... places ahead")
    record Exponential() implements GraphModel {
        @Override
        public double edges(int users) {
            return users * Math.ceil(Math.log(users) / Math.log(2));
        }

        @Override
        public Topology build(Members m) {
            Graph<Integer, DefaultEdge> g = empty(m.users(), true);
            for (int u = 0; u < m.users(); u++) {
                for (int hop = 1; hop < m.users(); hop *= 2) {
                    join(g, u, (u + hop) % m.users());
                }
            }
            return Topology.of(g, m.users());
        }
    }

    /**
     * A graph from a file: GraphML if the name ends in .graphml; adjacency lists if lines begin with "user:"; otherwise
     * one edge per line.
     *
     * @param directed whether edges are directed; null to follow the file, or undirected if the file does not say
     */
    @Component(
            name = "file",
            about = "an edge list, adjacency lists (0: 1 2) or GraphML; `directed` says whether edges go one way"
                    + " (unset: as the file says)")
    record FromFile(
            @Setting(file = true) String path, @Setting Boolean directed) implements GraphModel {
        public FromFile {
            if (path == null || path.isBlank()) {
                throw new IllegalArgumentException("path must name a file");
            }
        }

        @Override
        public double edges(int users) {
            return 0;
        }

        @Override
        public Topology build(Members m) {
            return Topology.of(GraphFile.read(path, directed, m.users()), m.users());
        }
    }

    private static void inUnit(String name, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1], found " + p);
        }
    }

    private static Random random(Members m) {
        return new Random(RandomStream.name(m.seed(), Purpose.GRAPH));
    }

    private static void join(Graph<Integer, DefaultEdge> g, int a, int b) {
        if (a != b) {
            g.addEdge(a, b);
        }
    }

    /** A graph without edges. */
    static Graph<Integer, DefaultEdge> empty(int users, boolean directed) {
        Graph<Integer, DefaultEdge> g = directed
                ? new SimpleDirectedGraph<>(
                        SupplierUtil.createIntegerSupplier(), SupplierUtil.createDefaultEdgeSupplier(), false)
                : new SimpleGraph<>(
                        SupplierUtil.createIntegerSupplier(), SupplierUtil.createDefaultEdgeSupplier(), false);
        for (int u = 0; u < users; u++) {
            g.addVertex();
        }
        return g;
    }

    private static Topology generated(
            GraphGenerator<Integer, DefaultEdge, Integer> generator, int users, boolean directed) {
        Graph<Integer, DefaultEdge> g = empty(users == 1 ? 1 : 0, directed);
        if (users > 1) {
            generator.generateGraph(g);
        }
        return Topology.of(g, users);
    }
}
