package coterie.topology.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The max–min fair rates of transfers, see {@link MaxMinFairNetwork}. The up-link of user u has index u, its down-link
 * index N + u.
 *
 * @param <M> type of messages
 */
final class FairShares<M> {
    /** Relative tolerance when deciding whether a link may be saturated, since sums are rounded. */
    private static final double SLACK = 1e-6;

    private final Bandwidth.Lines lines;
    private final int users;
    /** The transfers on each link. */
    private final List<List<Flow<M>>> byLink = new ArrayList<>();
    /** Current capacity of each link in bytes per second. */
    private final double[] line;
    /** Sums of the minimum and maximum rates of the transfers on each link. */
    private final double[] least;

    private final double[] most;
    /** Whether each link may be saturated. */
    private final boolean[] mayFill;
    /** During rate computation: the remaining capacity of each link and its transfers without a rate. */
    private final double[] capacity;

    private final int[] unfixed;
    private final boolean[] linkSeen;
    /** Links and transfers affected by the current event; reused to avoid garbage. */
    private final Numbers links = new Numbers();

    private final List<Flow<M>> flows = new ArrayList<>();

    FairShares(Bandwidth.Lines lines, int users) {
        this.lines = lines;
        this.users = users;
        for (int l = 0; l < 2 * users; l++) {
            byLink.add(new ArrayList<>(4));
        }
        line = new double[2 * users];
        least = new double[2 * users];
        most = new double[2 * users];
        mayFill = new boolean[2 * users];
        capacity = new double[2 * users];
        unfixed = new int[2 * users];
        linkSeen = new boolean[2 * users];
    }

    /** The transfers on a link, in the order in which they are summed. */
    List<Flow<M>> on(int link) {
        return byLink.get(link);
    }

    double[] line() {
        return line;
    }

    double[] least() {
        return least;
    }

    double[] most() {
        return most;
    }

    boolean[] mayFill() {
        return mayFill;
    }

    void add(Flow<M> f) {
        byLink.get(f.from).add(f);
        byLink.get(users + f.to).add(f);
        join(f.from);
        join(users + f.to);
    }

    void remove(Flow<M> f) {
        for (int l : new int[] {f.from, users + f.to}) {
            byLink.get(l).remove(f);
            least[l] = byLink.get(l).isEmpty() ? 0 : least[l] - f.least;
            most[l] = byLink.get(l).isEmpty() ? 0 : most[l] - f.most;
            join(l);
        }
    }

    /** The bandwidth of a user's links has changed. */
    void changed(int user) {
        join(user);
        join(users + user);
    }

    /** Number of links on which something has changed since the last {@link #share}. */
    int affected() {
        return links.size;
    }

    /** The user of an affected link. */
    int affectedUser(int k) {
        return links.at[k] % users;
    }

    /**
     * Recomputes the rates of transfers connected to the links on which something changed.
     *
     * @return those transfers, with {@link Flow#filled}; valid until the next call
     */
    List<Flow<M>> share(long now) {
        int own = links.size;
        for (int k = 0; k < own; k++) {
            int l = links.at[k];
            line[l] = l < users ? lines.up(l, now) : lines.down(l - users, now);
        }
        // A changed minimum changes the sums of its links, hence the maxima of other transfers on them, hence whether
        // links may be saturated.
        for (int k = 0; k < own; k++) {
            for (Flow<M> f : byLink.get(links.at[k])) {
                int u = f.from;
                int d = users + f.to;
                double atLeast = Math.min(
                        line[u] / byLink.get(u).size(), line[d] / byLink.get(d).size());
                if (atLeast != f.least) {
                    least[u] += atLeast - f.least;
                    least[d] += atLeast - f.least;
                    f.least = atLeast;
                    join(u);
                    join(d);
                }
            }
        }
        int near = links.size;
        for (int k = 0; k < near; k++) {
            for (Flow<M> f : byLink.get(links.at[k])) {
                int u = f.from;
                int d = users + f.to;
                double atMost = Math.min(line[u] - (least[u] - f.least), line[d] - (least[d] - f.least));
                if (atMost != f.most) {
                    most[u] += atMost - f.most;
                    most[d] += atMost - f.most;
                    f.most = atMost;
                    join(u);
                    join(d);
                }
            }
        }
        int changed = own;
        for (int k = 0; k < links.size; k++) {
            int l = links.at[k];
            linkSeen[l] = false;
            boolean may = most[l] >= line[l] * (1 - SLACK);
            if (k < own || may != mayFill[l]) {
                mayFill[l] = may;
                links.at[k < own ? k : changed++] = l;
            }
        }
        links.size = changed;
        rates();
        return flows;
    }

    /** Computes the rates of all transfers on the given links and on the saturable links reachable from them. */
    private void rates() {
        for (int k = 0; k < links.size; k++) {
            linkSeen[links.at[k]] = true;
        }
        flows.clear();
        for (int k = 0; k < links.size; k++) {
            for (Flow<M> f : byLink.get(links.at[k])) {
                if (!f.seen) {
                    f.seen = true;
                    f.fixed = false;
                    flows.add(f);
                    if (mayFill[f.from]) {
                        join(f.from);
                    }
                    if (mayFill[users + f.to]) {
                        join(users + f.to);
                    }
                }
            }
        }
        fill();
        for (int k = 0; k < links.size; k++) {
            linkSeen[links.at[k]] = false;
        }
        links.size = 0;
        for (Flow<M> f : flows) {
            f.seen = false;
        }
    }

    /** Adds a link to the affected ones, once. */
    private void join(int link) {
        if (!linkSeen[link]) {
            linkSeen[link] = true;
            links.add(link);
        }
    }

    /** A growable list of ints. */
    private static final class Numbers {
        private int[] at = new int[64];
        private int size;

        void add(int x) {
            if (size == at.length) {
                at = Arrays.copyOf(at, 2 * size);
            }
            at[size++] = x;
        }
    }

    private record Share(double each, int link) implements Comparable<Share> {
        @Override
        public int compareTo(Share o) {
            int c = Double.compare(each, o.each);
            return c != 0 ? c : Integer.compare(link, o.link);
        }
    }

    /**
     * Progressive filling: repeatedly, the link with the smallest fair share fixes the rates of its flows. Shares never
     * decrease, so an outdated share is a lower bound.
     */
    private void fill() {
        PriorityQueue<Share> shares = new PriorityQueue<>();
        for (int k = 0; k < links.size; k++) {
            int l = links.at[k];
            int n = byLink.get(l).size();
            unfixed[l] = n;
            capacity[l] = line[l];
            if (n > 0) {
                shares.add(new Share(capacity[l] / n, l));
            }
        }
        int open = flows.size();
        while (open > 0) {
            Share s = shares.poll();
            int l = s.link;
            if (unfixed[l] == 0) {
                continue;
            }
            double each = Math.max(0, capacity[l]) / unfixed[l];
            if (each > s.each) {
                shares.add(new Share(each, l));
                continue;
            }
            for (Flow<M> f : byLink.get(l)) {
                if (!f.fixed) {
                    f.fixed = true;
                    f.filled = each;
                    open--;
                    int other = l < users ? users + f.to : f.from;
                    // A link that cannot be saturated takes no part and needs no bookkeeping.
                    if (linkSeen[other]) {
                        capacity[other] -= each;
                        unfixed[other]--;
                    }
                }
            }
            unfixed[l] = 0;
        }
    }
}
