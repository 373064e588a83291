package coterie.actors.protocol.trust;

import coterie.actors.message.Inbox;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.MixingInput;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The candidates of one mixing, with their ages: the user's own snapshot and what was received, in rising order of
 * users.
 */
final class Candidates {
    private final List<Inbox.Received> received;
    private final List<Snapshot> snapshots;
    private final int[] ages;
    /** Index of the user's own snapshot. */
    private int own;

    private boolean newestOnly = true;

    /**
     * Collects the candidates.
     *
     * @param ended turn after which they are mixed
     */
    Candidates(Snapshot mine, List<Inbox.Received> received, int ended) {
        this.received = received;
        int size = received.size() + 1;
        snapshots = new ArrayList<>(size);
        ages = new int[size];
        own = received.size();
        for (int k = 0; k < received.size(); k++) {
            Inbox.Received r = received.get(k);
            Message m = r.newest();
            if (own > k && m.from() > mine.user()) {
                own = k;
                snapshots.add(mine);
            }
            Snapshot s = m.snapshot();
            ages[snapshots.size()] = Math.max(0, ended - s.turn());
            snapshots.add(s);
            newestOnly &= r.earlier().isEmpty();
        }
        if (own == received.size()) {
            snapshots.add(mine);
        }
    }

    int size() {
        return snapshots.size();
    }

    /** What was received of a candidate; null of the user's own snapshot. */
    private Inbox.Received received(int k) {
        return k == own ? null : received.get(k < own ? k : k - 1);
    }

    /** Updates of a candidate that are mixed with its newest. */
    private List<Message> earlier(int k) {
        return k == own ? List.of() : received(k).earlier();
    }

    /** The mixture that the next turn begins from. */
    TurnPlan.Mix mix(long tick, int ended) {
        List<List<Snapshot>> earlier = newestOnly
                ? List.of()
                : IntStream.range(0, size())
                        .mapToObj(
                                k -> earlier(k).stream().map(Message::snapshot).toList())
                        .toList();
        return new TurnPlan.Mix(new MixingInput(ended, Ticks.seconds(tick), snapshots, ages, earlier));
    }

    /**
     * What is recorded of the mixing when its row is known.
     *
     * @param updates whether updates are exchanged
     */
    TrustParticipant.Pending pending(long tick, int ended, boolean updates) {
        int[] versions = snapshots.stream().mapToInt(Snapshot::turn).toArray();
        double[] secondsOld = new double[size()];
        double[] informationAge = new double[size()];
        List<int[]> turns = new ArrayList<>();
        for (int k = 0; k < size(); k++) {
            if (k != own) {
                Payload payload = received(k).newest().payload();
                secondsOld[k] = Ticks.span(payload.sent(), tick);
                informationAge[k] = Ticks.span(payload.began(), tick);
            }
            if (updates) {
                turns.add(IntStream.concat(earlier(k).stream().mapToInt(Message::turn), IntStream.of(versions[k]))
                        .toArray());
            }
        }
        return new TrustParticipant.Pending(tick, ended, versions, turns, secondsOld, informationAge);
    }
}
