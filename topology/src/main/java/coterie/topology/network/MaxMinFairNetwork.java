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

    private static final long DONE = -1;
    private static final long LAST = Ticks.at(Ticks.LONGEST_SECONDS);

    private final Bandwidth.Lines lines;
    private final int users;
    private final PriorityQueue<Beginning<M>> beginnings;

    private final PriorityQueue<Ending<M>> endings = new PriorityQueue<>();
    private final PriorityQueue<long[]> changes =
            new PriorityQueue<>(Comparator.comparingLong((long[] c) -> c[0]).thenComparingLong(c -> c[1]));
    private final long[] changeOf;
    private final FairShares<M> shares;
    private long now;
    private int underWay;
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
        shares = new FairShares<>(lines, users);
        beginnings = new PriorityQueue<>(
                Comparator.comparingLong((Beginning<M> b) -> b.tick).thenComparing(b -> b.message));
        changeOf = new long[users];
        Arrays.fill(changeOf, Ticks.NEVER);
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
        for (int l = 0; l < 2 * users; l++) {
            List<Flow<M>> link = shares.on(l);
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
        return new State<>(
                all,
                links,
                shares.line().clone(),
                shares.least().clone(),
                shares.most().clone(),
                shares.mayFill().clone(),
                changeOf.clone());
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
                shares.on(l).add(all.get(place));
            }
        }
        underWay = all.size();
        System.arraycopy(s.line, 0, shares.line(), 0, s.line.length);
        System.arraycopy(s.least, 0, shares.least(), 0, s.least.length);
        System.arraycopy(s.most, 0, shares.most(), 0, s.most.length);
        System.arraycopy(s.mayFill, 0, shares.mayFill(), 0, s.mayFill.length);
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
                shares.changed(user);
            }
            while (!beginnings.isEmpty() && beginnings.peek().tick == tick) {
                begin(beginnings.poll());
            }
            for (int k = 0; k < shares.affected(); k++) {
                watch(shares.affectedUser(k));
            }
            adopt(shares.share(now));
        }
    }

    private void begin(Beginning<M> b) {
        shares.add(new Flow<>(b.from, b.to, b.message, b.bytes, now));
        underWay++;
    }

    private void remove(Flow<M> f) {
        f.end = DONE;
        shares.remove(f);
        underWay--;
    }

    /** Schedules the next bandwidth change of a user with transfers in progress. */
    private void watch(int user) {
        if (changeOf[user] == Ticks.NEVER
                && !(shares.on(user).isEmpty() && shares.on(users + user).isEmpty())) {
            long next = lines.change(user, now);
            if (next != Ticks.NEVER) {
                changeOf[user] = next;
                changes.add(new long[] {next, user});
            }
        }
    }

    /** Gives flows their new rates, and schedules their new ends. */
    private void adopt(List<Flow<M>> flows) {
        for (Flow<M> f : flows) {
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
}
