package coterie.topology.network;

import coterie.topology.time.Ticks;

/** A transfer in progress. */
final class Flow<M> {
    final int from;
    final int to;
    final M message;
    double left;
    double rate;
    /** Tick for which {@code left} holds. */
    long since;

    long end = Ticks.NEVER;
    /** Rate that was computed last, see {@link FairShares#share}. */
    double filled;
    /** Minimum and maximum rate in bytes per second. */
    double least;

    double most;
    boolean fixed;
    boolean seen;

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
