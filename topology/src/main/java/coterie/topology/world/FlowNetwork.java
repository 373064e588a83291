package coterie.topology.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What is under way, sharing users' up- and down-links max–min fairly: no transfer can be given more without taking from one that has no more
 * (Bertsekas and Gallager, Data Networks, 6.5.2, by progressive filling). Whenever a transfer begins or ends or a line changes, the rates of those
 * that are joined to it by common links are computed anew, and of nobody else.
 *
 * <p>Worked example: up-links of 1 and 10 MB/s lead to one down-link of 6 MB/s. The first transfer gets 1, the second what is left, 5. When the
 * first has ended, the second gets 6.
 *
 * <p>Not thread-safe; ticks only ever rise.
 *
 * @param <M> what is sent
 */
public final class FlowNetwork<M extends Comparable<M>> {
    /** What is told of a transfer that has ended. */
    public interface Arrivals<M> {
        /** @param tick at which its last byte was through */
        void ended(M message, long tick);
    }

    private record Beginning<M>(long tick, int from, int to, long bytes, M message) {
    }

    private static final class Flow<M> {
        private final int from;
        private final int to;
        private final M message;
        /** Bytes a second it can have at the very most. */
        private final double most;
        private double left;
        private double rate;
        /** Tick for which {@link #left} holds. */
        private long since;
        private long end = Ticks.NEVER;
        private long earliest;
        private double filled;
        private boolean fixed;
        private boolean seen;

        Flow(int from, int to, M message, long bytes, double most, long tick) {
            this.from = from;
            this.to = to;
            this.message = message;
            this.most = most;
            left = bytes;
            since = tick;
            earliest = tick;
        }

        double leftAt(long tick) {
            return Math.max(0, left - rate * Ticks.span(since, tick));
        }
    }

    private final Bandwidth.Lines lines;
    private final int users;
    private final PriorityQueue<Beginning<M>> beginnings;
    /** By links: up-link of user u is u, its down-link users + u. */
    private final List<List<Flow<M>>> byLink = new ArrayList<>();
    private final PriorityQueue<Ending<M>> endings = new PriorityQueue<>();
    private final PriorityQueue<Ending<M>> bounds = new PriorityQueue<>();
    private final PriorityQueue<long[]> changes = new PriorityQueue<>(Comparator.comparingLong((long[] c) -> c[0]).thenComparingLong(c -> c[1]));
    private final long[] changeOf;
    private final boolean[] linkSeen;
    private final double[] capacity;
    private final int[] unfixed;
    private long now;
    private int underWay;

    /** A flow and a tick that counted for it when this was made: outdated where the flow has another by now. */
    private record Ending<M extends Comparable<M>>(long tick, Flow<M> flow) implements Comparable<Ending<M>> {
        @Override
        public int compareTo(Ending<M> o) {
            int c = Long.compare(tick, o.tick);
            return c != 0 ? c : flow.message.compareTo(o.flow.message);
        }
    }

    public FlowNetwork(Bandwidth.Lines lines, int users) {
        this.lines = lines;
        this.users = users;
        beginnings = new PriorityQueue<>(Comparator.comparingLong((Beginning<M> b) -> b.tick).thenComparing(b -> b.message));
        for (int l = 0; l < 2 * users; l++) {
            byLink.add(new ArrayList<>(4));
        }
        changeOf = new long[users];
        Arrays.fill(changeOf, Ticks.NEVER);
        linkSeen = new boolean[2 * users];
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

    /** Tick of the next thing that happens here if nobody sends anything; {@link Ticks#NEVER} for nothing. */
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

    /**
     * No transfer under way ends before this tick, whatever else begins meanwhile.
     *
     * @param from nothing begins before this tick
     */
    public long earliestEnd(long from) {
        while (!bounds.isEmpty()) {
            Ending<M> first = bounds.peek();
            Flow<M> f = first.flow;
            if (first.tick != f.earliest || f.end == DONE) {
                bounds.poll();
            } else if (first.tick < from) {
                bounds.poll();
                bound(f, from);
            } else {
                return first.tick;
            }
        }
        return Ticks.NEVER;
    }

    private static final long DONE = -1;

    private void bound(Flow<M> f, long tick) {
        // A tick less: the division may have rounded up.
        f.earliest = Math.max(tick, Ticks.later(tick, f.leftAt(tick) / f.most) - (1 << 8));
        bounds.add(new Ending<>(f.earliest, f));
    }

    /** Everything before a tick happens. */
    public void advance(long end, Arrivals<M> arrivals) {
        List<Integer> touched = new ArrayList<>();
        for (long tick = next(); tick < end; tick = next()) {
            now = tick;
            touched.clear();
            while (!endings.isEmpty() && (endings.peek().tick == tick || endings.peek().tick != endings.peek().flow.end)) {
                Ending<M> e = endings.poll();
                if (e.tick == e.flow.end) {
                    e.flow.end = DONE;
                    remove(e.flow, touched);
                    arrivals.ended(e.flow.message, tick);
                }
            }
            while (!changes.isEmpty() && changes.peek()[0] <= tick) {
                int user = (int) changes.poll()[1];
                changeOf[user] = Ticks.NEVER;
                touched.add(user);
                touched.add(users + user);
            }
            while (!beginnings.isEmpty() && beginnings.peek().tick == tick) {
                begin(beginnings.poll(), touched);
            }
            for (int link : touched) {
                watch(link % users);
            }
            share(touched);
        }
    }

    private void begin(Beginning<M> b, List<Integer> touched) {
        Flow<M> f = new Flow<>(b.from, b.to, b.message, b.bytes, Math.min(lines.most(b.from), lines.most(b.to)), now);
        byLink.get(b.from).add(f);
        byLink.get(users + b.to).add(f);
        underWay++;
        bound(f, now);
        touched.add(b.from);
        touched.add(users + b.to);
    }

    private void remove(Flow<M> f, List<Integer> touched) {
        byLink.get(f.from).remove(f);
        byLink.get(users + f.to).remove(f);
        underWay--;
        touched.add(f.from);
        touched.add(users + f.to);
    }

    /** Lines that carry something are watched for their next change. */
    private void watch(int user) {
        if (changeOf[user] == Ticks.NEVER && !(byLink.get(user).isEmpty() && byLink.get(users + user).isEmpty())) {
            long next = lines.change(user, now);
            if (next != Ticks.NEVER) {
                changeOf[user] = next;
                changes.add(new long[] {next, user});
            }
        }
    }

    /** New rates for all that is joined to some links. */
    private void share(List<Integer> touched) {
        List<Integer> links = new ArrayList<>();
        List<Flow<M>> flows = new ArrayList<>();
        for (int l : touched) {
            if (!linkSeen[l]) {
                linkSeen[l] = true;
                links.add(l);
            }
        }
        for (int k = 0; k < links.size(); k++) {
            for (Flow<M> f : byLink.get(links.get(k))) {
                if (!f.seen) {
                    f.seen = true;
                    f.fixed = false;
                    flows.add(f);
                    join(f.from, links);
                    join(users + f.to, links);
                }
            }
        }
        fill(links, flows);
        for (int l : links) {
            linkSeen[l] = false;
        }
        for (Flow<M> f : flows) {
            f.seen = false;
            if (f.filled != f.rate) {
                f.left = f.leftAt(now);
                f.since = now;
                f.rate = f.filled;
                f.end = f.rate == 0 ? Ticks.NEVER : Math.max(now + 1, Ticks.later(now, f.left / f.rate));
                if (f.end != Ticks.NEVER) {
                    endings.add(new Ending<>(f.end, f));
                }
            }
        }
    }

    private void join(int link, List<Integer> links) {
        if (!linkSeen[link]) {
            linkSeen[link] = true;
            links.add(link);
        }
    }

    private record Share(double each, int link) implements Comparable<Share> {
        @Override
        public int compareTo(Share o) {
            int c = Double.compare(each, o.each);
            return c != 0 ? c : Integer.compare(link, o.link);
        }
    }

    /** Progressive filling: the link with the smallest fair share fixes its flows, again and again. Shares only grow, so that an old one is a bound. */
    private void fill(List<Integer> links, List<Flow<M>> flows) {
        PriorityQueue<Share> shares = new PriorityQueue<>();
        for (int l : links) {
            int n = byLink.get(l).size();
            unfixed[l] = n;
            capacity[l] = l < users ? lines.up(l, now) : lines.down(l - users, now);
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
                    capacity[other] -= each;
                    unfixed[other]--;
                }
            }
            unfixed[l] = 0;
        }
    }
}
