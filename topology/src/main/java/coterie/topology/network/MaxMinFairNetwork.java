package coterie.topology.network;

import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Transfers that share users' up- and down-links max–min fairly: the rate of a transfer can only be increased by
 * decreasing that of another with an equal or smaller rate (Bertsekas and Gallager, Data Networks, 6.5.2, progressive
 * filling). When a transfer begins or ends or a bandwidth changes, only the rates of transfers connected to the change
 * by links that may be saturated are recomputed.
 *
 * <p>A link cannot be saturated if its transfers would not fill it at their maximum rates. The minimum rate of a
 * transfer is the smaller of its links' fair shares (capacity / number of transfers); its maximum is what the
 * capacities of its links leave when all other transfers have their minimum. With slow up-links and fast down-links
 * most down-links are never saturated, so a change usually concerns the transfers of one user only.
 *
 * <p>Worked example: up-links of 1 and 10 MB/s lead to one down-link of 6 MB/s. The first transfer gets 1 MB/s, the
 * second the remaining 5. When the first has ended, the second gets 6.
 *
 * <p>Not thread-safe; ticks must not decrease.
 *
 * @param <M> type of messages
 */
public final class MaxMinFairNetwork<M extends Comparable<M>> {
    /** Receives the transfers that have ended. */
    public interface Arrivals<M> {
        /** @param tick tick at which the last byte arrived */
        void ended(M message, long tick);
    }

    private record Beginning<M>(long tick, int from, int to, long bytes, M message) {}

    private static final class Flow<M> {
        private final int from;
        private final int to;
        private final M message;
        private double left;
        private double rate;
        /** Tick for which {@link #left} holds. */
        private long since;

        private long end = Ticks.NEVER;
        private double filled;
        /** Minimum and maximum rate in bytes per second. */
        private double least;

        private double most;
        private boolean fixed;
        private boolean seen;

        Flow(int from, int to, M message, long bytes, long tick) {
            this.from = from;
            this.to = to;
            this.message = message;
            left = bytes;
            since = tick;
        }

        double leftAt(long tick) {
            return Math.max(0, left - rate * Ticks.span(since, tick));
        }
    }

    private static final long DONE = -1;
    private static final long LAST = Ticks.at(Ticks.LONGEST_SECONDS);
    /** Relative tolerance when deciding whether a link may be saturated, since sums are rounded. */
    private static final double SLACK = 1e-6;

    private final Bandwidth.Lines lines;
    private final int users;
    private final PriorityQueue<Beginning<M>> beginnings;
    /** The transfers on each link; the up-link of user u has index u, its down-link users + u. */
    private final List<List<Flow<M>>> byLink = new ArrayList<>();

    private final PriorityQueue<Ending<M>> endings = new PriorityQueue<>();
    private final PriorityQueue<long[]> changes =
            new PriorityQueue<>(Comparator.comparingLong((long[] c) -> c[0]).thenComparingLong(c -> c[1]));
    private final long[] changeOf;
    private final boolean[] linkSeen;
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
    private long now;
    private int underWay;
    /** Links and transfers affected by the current event; reused to avoid garbage. */
    private final Numbers links = new Numbers();

    private final List<Flow<M>> flows = new ArrayList<>();

    /** The end of a flow as predicted at creation; outdated if the flow has another end by now. */
    private record Ending<M extends Comparable<M>>(long tick, Flow<M> flow) implements Comparable<Ending<M>> {
        @Override
        public int compareTo(Ending<M> o) {
            int c = Long.compare(tick, o.tick);
            return c != 0 ? c : flow.message.compareTo(o.flow.message);
        }
    }

    public MaxMinFairNetwork(Bandwidth.Lines lines, int users) {
        this.lines = lines;
        this.users = users;
        beginnings = new PriorityQueue<>(
                Comparator.comparingLong((Beginning<M> b) -> b.tick).thenComparing(b -> b.message));
        for (int l = 0; l < 2 * users; l++) {
            byLink.add(new ArrayList<>(4));
        }
        changeOf = new long[users];
        Arrays.fill(changeOf, Ticks.NEVER);
        linkSeen = new boolean[2 * users];
        line = new double[2 * users];
        least = new double[2 * users];
        most = new double[2 * users];
        mayFill = new boolean[2 * users];
        capacity = new double[2 * users];
        unfixed = new int[2 * users];
    }

    /**
     * Schedules a transfer.
     *
     * @param tick start of the transfer, not before the last {@link #advance}
     * @param bytes positive
     * @param message payload, which also orders events at the same tick
     */
    public void send(long tick, int from, int to, long bytes, M message) {
        beginnings.add(new Beginning<>(tick, from, to, bytes, message));
    }

    /**
     * Returns the tick of the next event if nothing is sent before; {@link Ticks#NEVER} if there is none. No transfer
     * ends earlier, since rates change only at events.
     */
    public long next() {
        while (!endings.isEmpty() && endings.peek().tick != endings.peek().flow.end) {
            endings.poll();
        }
        long next = endings.isEmpty() ? Ticks.NEVER : endings.peek().tick;
        if (!beginnings.isEmpty()) {
            next = Math.min(next, beginnings.peek().tick);
        }
        return underWay == 0 || changes.isEmpty() ? next : Math.min(next, changes.peek()[0]);
    }

    /** The state of one transfer, for a checkpoint. */
    public record FlowState<M>(
            int from, int to, M message, double left, double rate, long since, long end, double least, double most) {}

    /**
     * The state of all transfers, once all scheduled ones have begun.
     *
     * @param byLink the transfers of each link as indices into {@code flows}, in the order in which they are summed
     */
    public record State<M>(
            List<FlowState<M>> flows,
            List<int[]> byLink,
            double[] line,
            double[] least,
            double[] most,
            boolean[] mayFill,
            long[] changeOf) {}

    public State<M> state() {
        Map<Flow<M>, Integer> places = new IdentityHashMap<>();
        List<FlowState<M>> all = new ArrayList<>();
        List<int[]> links = new ArrayList<>();
        for (List<Flow<M>> link : byLink) {
            int[] at = new int[link.size()];
            for (int k = 0; k < at.length; k++) {
                Flow<M> f = link.get(k);
                Integer place = places.putIfAbsent(f, all.size());
                if (place == null) {
                    place = all.size();
                    all.add(new FlowState<>(f.from, f.to, f.message, f.left, f.rate, f.since, f.end, f.least, f.most));
                }
                at[k] = place;
            }
            links.add(at);
        }
        return new State<>(all, links, line.clone(), least.clone(), most.clone(), mayFill.clone(), changeOf.clone());
    }

    /** Restores a state; no transfer may be in progress. */
    public void restore(State<M> s) {
        List<Flow<M>> all = new ArrayList<>();
        for (FlowState<M> x : s.flows) {
            Flow<M> f = new Flow<>(x.from, x.to, x.message, 0, x.since);
            f.left = x.left;
            f.rate = x.rate;
            f.end = x.end;
            f.least = x.least;
            f.most = x.most;
            all.add(f);
            if (f.end != Ticks.NEVER) {
                endings.add(new Ending<>(f.end, f));
            }
        }
        for (int l = 0; l < s.byLink.size(); l++) {
            for (int place : s.byLink.get(l)) {
                byLink.get(l).add(all.get(place));
            }
        }
        underWay = all.size();
        System.arraycopy(s.line, 0, line, 0, line.length);
        System.arraycopy(s.least, 0, least, 0, least.length);
        System.arraycopy(s.most, 0, most, 0, most.length);
        System.arraycopy(s.mayFill, 0, mayFill, 0, mayFill.length);
        for (int u = 0; u < users; u++) {
            changeOf[u] = s.changeOf[u];
            if (changeOf[u] != Ticks.NEVER) {
                changes.add(new long[] {changeOf[u], u});
            }
        }
    }

    /** Processes all events before a tick. */
    public void advance(long end, Arrivals<M> arrivals) {
        for (long tick = next(); tick < end; tick = next()) {
            now = tick;
            while (!endings.isEmpty()
                    && (endings.peek().tick == tick || endings.peek().tick != endings.peek().flow.end)) {
                Ending<M> e = endings.poll();
                if (e.tick == e.flow.end) {
                    remove(e.flow);
                    arrivals.ended(e.flow.message, tick);
                }
            }
            while (!changes.isEmpty() && changes.peek()[0] <= tick) {
                int user = (int) changes.poll()[1];
                changeOf[user] = Ticks.NEVER;
                join(user);
                join(users + user);
            }
            while (!beginnings.isEmpty() && beginnings.peek().tick == tick) {
                begin(beginnings.poll());
            }
            for (int k = 0; k < links.size; k++) {
                watch(links.at[k] % users);
            }
            share();
        }
    }

    private void begin(Beginning<M> b) {
        Flow<M> f = new Flow<>(b.from, b.to, b.message, b.bytes, now);
        byLink.get(b.from).add(f);
        byLink.get(users + b.to).add(f);
        underWay++;
        join(b.from);
        join(users + b.to);
    }

    private void remove(Flow<M> f) {
        f.end = DONE;
        for (int l : new int[] {f.from, users + f.to}) {
            byLink.get(l).remove(f);
            least[l] = byLink.get(l).isEmpty() ? 0 : least[l] - f.least;
            most[l] = byLink.get(l).isEmpty() ? 0 : most[l] - f.most;
            join(l);
        }
        underWay--;
    }

    /** Schedules the next bandwidth change of a user with transfers in progress. */
    private void watch(int user) {
        if (changeOf[user] == Ticks.NEVER
                && !(byLink.get(user).isEmpty() && byLink.get(users + user).isEmpty())) {
            long next = lines.change(user, now);
            if (next != Ticks.NEVER) {
                changeOf[user] = next;
                changes.add(new long[] {next, user});
            }
        }
    }

    /** Recomputes the rates of transfers connected to the links on which something changed. */
    private void share() {
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
            if (f.filled != f.rate) {
                f.left = f.leftAt(now);
                f.since = now;
                f.rate = f.filled;
                long end = f.rate == 0 ? Ticks.NEVER : Math.max(now + 1, Ticks.later(now, f.left / f.rate));
                // A transfer that would not end within virtual time never ends.
                f.end = end > LAST ? Ticks.NEVER : end;
                if (f.end != Ticks.NEVER) {
                    endings.add(new Ending<>(f.end, f));
                }
            }
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
