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
 * What is under way, sharing users' up- and down-links max–min fairly: no transfer can be given more without taking
 * from one that has no more (Bertsekas and Gallager, Data Networks, 6.5.2, by progressive filling). Whenever a transfer
 * begins or ends or a line changes, the rates of those that are joined to it by links that may be full are computed
 * anew, and of nobody else.
 *
 * <p>A link cannot be full where its transfers could not fill it if each had the most it can get. Each gets at the
 * least the smaller of its links' fair shares, capacity over number, and so at the most what its links' capacities
 * leave when all others have their least. Most links of a society with slow up-links and fast down-links are told apart
 * by this, and a change then concerns one user's transfers and not everybody's.
 *
 * <p>Worked example: up-links of 1 and 10 MB/s lead to one down-link of 6 MB/s. The first transfer gets 1, the second
 * what is left, 5. When the first has ended, the second gets 6.
 *
 * <p>Not thread-safe; ticks only ever rise.
 *
 * @param <M> what is sent
 */
public final class MaxMinFairNetwork<M extends Comparable<M>> {
    /** What is told of a transfer that has ended. */
    public interface Arrivals<M> {
        /** @param tick at which its last byte was through */
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
        /** Bytes a second it has at the least, and at the most. */
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
    /** Links that would be left with less than this share of themselves are taken to be full: sums are rounded. */
    private static final double SLACK = 1e-6;

    private final Bandwidth.Lines lines;
    private final int users;
    private final PriorityQueue<Beginning<M>> beginnings;
    /** By links: up-link of user u is u, its down-link users + u. */
    private final List<List<Flow<M>>> byLink = new ArrayList<>();

    private final PriorityQueue<Ending<M>> endings = new PriorityQueue<>();
    private final PriorityQueue<long[]> changes =
            new PriorityQueue<>(Comparator.comparingLong((long[] c) -> c[0]).thenComparingLong(c -> c[1]));
    private final long[] changeOf;
    private final boolean[] linkSeen;
    /** What a link carries now. */
    private final double[] line;
    /** Sums of the least, and of the most, that its transfers have. */
    private final double[] least;

    private final double[] most;
    /** Whether it may be full. */
    private final boolean[] mayFill;
    /** While rates are computed: what is left of a link, and for how many. */
    private final double[] capacity;

    private final int[] unfixed;
    private long now;
    private int underWay;
    /** Links that are looked at, and transfers; kept, so that an event makes no garbage. */
    private final Numbers links = new Numbers();

    private final List<Flow<M>> flows = new ArrayList<>();

    /** A flow and a tick that counted for it when this was made: outdated where the flow has another by now. */
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
     * Begins a transfer when its time has come.
     *
     * @param tick not before what was {@link #advance}d to
     * @param bytes positive
     * @param message decides the order of what happens at the same tick
     */
    public void send(long tick, int from, int to, long bytes, M message) {
        beginnings.add(new Beginning<>(tick, from, to, bytes, message));
    }

    /**
     * Tick of the next thing that happens here if nobody sends anything before; {@link Ticks#NEVER} for nothing. No
     * transfer ends earlier, since rates change only when something happens.
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

    /** One transfer, for a checkpoint. */
    public record FlowState<M>(
            int from, int to, M message, double left, double rate, long since, long end, double least, double most) {}

    /**
     * Everything that is under way, when all that was to begin has begun.
     *
     * @param byLink of each link its transfers, by their place in {@code flows}: the order in which they are added up
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

    /** Goes on from a state; nothing may be under way yet. */
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

    /** Everything before a tick happens. */
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

    /** Lines that carry something are watched for their next change. */
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

    /** New rates for all that is joined to some links on which something has changed. */
    private void share() {
        int own = links.size;
        for (int k = 0; k < own; k++) {
            int l = links.at[k];
            line[l] = l < users ? lines.up(l, now) : lines.down(l - users, now);
        }
        // Who has another least changes its links' sums, these what others on them have at the most, and that whether
        // links may be full.
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

    /** Rates of all transfers on some links, and on those that may be full to which they lead. */
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
                // What would not be through within the longest span of time never is: it stays under way.
                f.end = end > LAST ? Ticks.NEVER : end;
                if (f.end != Ticks.NEVER) {
                    endings.add(new Ending<>(f.end, f));
                }
            }
        }
    }

    /** Adds a link to those that are looked at, once. */
    private void join(int link) {
        if (!linkSeen[link]) {
            linkSeen[link] = true;
            links.add(link);
        }
    }

    /** A list of numbers. */
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
     * Progressive filling: the link with the smallest fair share fixes its flows, again and again. Shares only grow, so
     * that an old one is a bound.
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
                    // A link that cannot be full is left out, and has no account to keep.
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
