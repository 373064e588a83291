package coterie.topology.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Data that a GraphML file attaches to nodes and edges. Only two kinds matter: weights, which would change the result,
 * and node names that are numbers, which may be the intended user numbers. A key describes its data and may follow them
 * in the file.
 */
final class GraphMlData {
    private static final Pattern WEIGHT = Pattern.compile("(edge[ _-]?)?weights?");
    private static final Set<String> NAMES = Set.of("name", "label");
    private static final String DRAWN_BY_YED = "nodegraphics";
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private record Weight(String text, long line) {}

    /** The whole numbers that nodes have under one key: their count and the first that differs from the user. */
    private static final class Numbers {
        private int count;
        private int user = -1;
        private int other;
        private long line;
    }

    private final String path;
    private final Set<String> weights = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, Weight> ofEdges = new HashMap<>();
    private final Map<String, Numbers> ofNodes = new HashMap<>();

    GraphMlData(String path) {
        this.path = path;
    }

    static boolean isWeight(String name) {
        return name != null
                && WEIGHT.matcher(name.strip().toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean isName(String name) {
        return name != null && NAMES.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** Records a key and returns whether it declares a weight. */
    boolean key(String id, String of, String name, String yed) {
        boolean ofNode = "node".equals(of);
        boolean ofEdge = "edge".equals(of);
        boolean any = of == null || of.equals("all");
        boolean weight = (any || ofEdge) && isWeight(name == null && yed == null ? id : name);
        known.add(id);
        if (weight) {
            weights.add(id);
        }
        if ((any || ofNode) && (isName(name == null ? id : name) || DRAWN_BY_YED.equals(yed))) {
            names.add(id);
        }
        return weight;
    }

    /** Keeps the first value of each key that is not 1, since only such a weight is rejected. */
    void ofEdge(String key, String text, long line) {
        if (key != null && !ofEdges.containsKey(key) && !GraphFile.isOne(text)) {
            ofEdges.put(key, new Weight(GraphFile.shown(text), line));
        }
    }

    void ofNode(String key, String text, int user, long line) {
        if (key != null && WHOLE.matcher(text).matches()) {
            Numbers n = ofNodes.computeIfAbsent(key, k -> new Numbers());
            n.count++;
            int other = Integer.parseInt(text);
            if (n.user < 0 && other != user) {
                n.user = user;
                n.other = other;
                n.line = line;
            }
        }
    }

    /**
     * @throws IllegalArgumentException if an edge has a weight other than 1 or the names of the nodes are other user
     *     numbers
     */
    void check(int nodes) {
        ofEdges.forEach((key, w) -> {
            if (weights.contains(key) || !known.contains(key) && isWeight(key)) {
                GraphFile.weight(path, w.line, w.text);
            }
        });
        ofNodes.forEach((key, n) -> {
            if (n.count == nodes && n.user >= 0 && (names.contains(key) || !known.contains(key) && isName(key))) {
                throw GraphFile.wrong(
                        path,
                        n.line,
                        "this node is " + n.user + " by its id and " + n.other
                                + " by its name: which of the two is the user? Make both agree, or remove the names");
            }
        });
    }
}
