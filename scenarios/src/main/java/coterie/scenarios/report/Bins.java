package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Users in the order in which matrices show them: by category; if there are many, several share a row. */
final class Bins {
    static final int MOST = 64;
    private final int[] order;
    private final int[] bin;
    private final int count;

    /** @param categories of the users, by number */
    Bins(int[] categories) {
        int n = categories.length;
        order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingInt(u -> categories[u]))
                .mapToInt(u -> u)
                .toArray();
        count = Math.min(n, MOST);
        bin = new int[n];
        for (int k = 0; k < n; k++) {
            bin[order[k]] = (int) ((long) k * count / n);
        }
    }

    int count() {
        return count;
    }

    int users() {
        return bin.length;
    }

    /** The row of a user. */
    int of(int user) {
        return bin[user];
    }

    void json(ObjectNode to) {
        to.put("count", count);
        ArrayNode users = to.putArray("order");
        for (int u : order) {
            users.add(u);
        }
    }
}
