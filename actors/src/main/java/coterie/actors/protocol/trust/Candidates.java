package coterie.actors.protocol.trust;

import coterie.actors.message.Inbox;
import coterie.actors.message.Message;
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
    private final List<Snapshot> snapshots;
    /** Of each candidate, updates that are mixed with the newest. */
    private final List<List<Message>> earlier;

    private boolean newestOnly = true;

    private final int[] ages;
    private final int[] versions;
    private final double[] secondsOld;
    private final double[] informationAge;

    /**
     * Collects the candidates.
     *
     * @param ended turn after which they are mixed
     */
    Candidates(Snapshot own, List<Inbox.Received> received, long tick, int ended) {
        int size = received.size() + 1;
        snapshots = new ArrayList<>(size);
        earlier = new ArrayList<>(size);
        ages = new int[size];
        versions = new int[size];
        secondsOld = new double[size];
        informationAge = new double[size];
        boolean placed = false;
        for (Inbox.Received r : received) {
            Message m = r.newest();
            if (!placed && m.from() > own.user()) {
                add(own);
                placed = true;
            }
            int k = snapshots.size();
            ages[k] = Math.max(0, ended - m.snapshot().turn());
            versions[k] = m.snapshot().turn();
            secondsOld[k] = Ticks.span(m.payload().sent(), tick);
            informationAge[k] = Ticks.span(m.payload().began(), tick);
            snapshots.add(m.snapshot());
            earlier.add(r.earlier());
            newestOnly &= r.earlier().isEmpty();
        }
        if (!placed) {
            add(own);
        }
    }

    private void add(Snapshot own) {
        versions[snapshots.size()] = own.turn();
        snapshots.add(own);
        earlier.add(List.of());
    }

    int size() {
        return snapshots.size();
    }

    /** The mixture that the next turn begins from. */
    TurnPlan.Mix mix(long tick, int ended) {
        return new TurnPlan.Mix(new MixingInput(
                ended,
                Ticks.seconds(tick),
                snapshots,
                ages,
                newestOnly
                        ? List.of()
                        : earlier.stream()
                                .map(of -> of.stream().map(Message::snapshot).toList())
                                .toList()));
    }

    /**
     * What is recorded of the mixing when its row is known.
     *
     * @param updates whether updates are exchanged
     */
    TrustParticipant.Pending pending(long tick, int ended, boolean updates) {
        List<int[]> turns = new ArrayList<>();
        for (int k = 0; updates && k < snapshots.size(); k++) {
            turns.add(IntStream.concat(earlier.get(k).stream().mapToInt(Message::turn), IntStream.of(versions[k]))
                    .toArray());
        }
        return new TrustParticipant.Pending(tick, ended, versions, turns, secondsOld, informationAge);
    }
}
