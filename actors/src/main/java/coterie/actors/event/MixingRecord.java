package coterie.actors.event;

import coterie.actors.message.Message;
import coterie.model.trust.TrustRow;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Collects the shares of a mixing that does not follow from trust, and records them. */
public final class MixingRecord {
    /** A share, and the newest message with it; null for the user itself. */
    private record Part(double weight, Message message) {}

    private final int me;
    private final int turn;
    private final long tick;
    private final Map<Integer, Part> parts = new TreeMap<>();

    /** @param turn after which, or during which, the user mixes */
    public MixingRecord(int me, int turn, long tick) {
        this.me = me;
        this.turn = turn;
        this.tick = tick;
    }

    /** Sets the user's own share. */
    public MixingRecord own(double weight) {
        parts.put(me, new Part(weight, null));
        return this;
    }

    /** Adds to the share of a message's sender. */
    public MixingRecord of(Message m, double weight) {
        parts.merge(m.from(), new Part(weight, m), (a, b) -> new Part(a.weight + b.weight, b.message));
        return this;
    }

    /** Multiplies all shares by a factor. */
    public MixingRecord diluted(double factor) {
        parts.replaceAll((user, p) -> new Part(factor * p.weight, p.message));
        return this;
    }

    /** Records the mixing. */
    public void observe(EventTrace trace) {
        if (!trace.recordsTurns()) {
            return;
        }
        int[] users = parts.keySet().stream().mapToInt(Integer::intValue).toArray();
        Part[] all = parts.values().toArray(new Part[0]);
        int[] versions = Arrays.stream(all)
                .mapToInt(p -> p.message == null ? turn : p.message.turn())
                .toArray();
        TrustRow row = TrustRow.given(
                turn,
                users,
                Arrays.stream(all).mapToDouble(Part::weight).toArray(),
                Arrays.stream(versions).map(v -> Math.max(0, turn - v)).toArray());
        trace.observe(
                tick,
                new Observation.Mixed(
                        Ticks.seconds(tick),
                        me,
                        turn,
                        row,
                        versions,
                        Arrays.stream(all)
                                .mapToDouble(p -> p.message == null
                                        ? 0
                                        : Ticks.span(p.message.payload().sent(), tick))
                                .toArray(),
                        Arrays.stream(all)
                                .mapToDouble(p -> p.message == null
                                        ? 0
                                        : Ticks.span(p.message.payload().began(), tick))
                                .toArray()));
    }
}
