package coterie.actors.message;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class InboxTest {
    /** A snapshot or, without values, the notice of its loss. */
    private static Message message(Payload.Kind kind, int from, int turn, long sent) {
        Snapshot s =
                kind == Payload.Kind.SNAPSHOT ? new Snapshot(from, turn, turn, new float[] {turn, sent}, null) : null;
        return new Message(new Payload(kind, sent, sent, from, turn, s, 8), 9, 0, sent + 5);
    }

    private static Message snapshot(int from, int turn, long sent) {
        return message(Payload.Kind.SNAPSHOT, from, turn, sent);
    }

    /** Senders and turns of what is mixed: "1:0 4:2". */
    private static String taken(Inbox inbox, int turn, int... among) {
        StringBuilder text = new StringBuilder();
        for (Inbox.Received r : inbox.take(turn, among.length == 0 ? null : among)) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(r.newest().from())
                    .append(":")
                    .append(r.newest().turn());
        }
        return text.toString();
    }

    @Test
    void theNewestOfEachSenderStaysInUse() {
        Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
        inbox.put(snapshot(4, 0, 10));
        inbox.put(snapshot(1, 0, 11));
        inbox.put(snapshot(4, 2, 30));
        inbox.put(snapshot(4, 1, 20));
        assertThat(taken(inbox, 3)).as("the one of turn 1 was overtaken").isEqualTo("1:0 4:2");
        inbox.mixed(3, false);
        assertThat(taken(inbox, 4)).isEqualTo("1:0 4:2");
        assertThat(taken(inbox, 4, 4)).isEqualTo("4:2");
    }

    @Test
    void onlyWhatArrivedSinceTheLastMixingIsFresh() {
        Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
        inbox.put(snapshot(1, 0, 10));
        inbox.put(snapshot(1, 1, 20));
        inbox.put(snapshot(2, 0, 10));
        assertThat(inbox.fresh(1, null)).isEqualTo(2);
        inbox.mixed(1, false);
        assertThat(inbox.fresh(1, null)).isZero();
        inbox.put(snapshot(2, 0, 10));
        assertThat(inbox.fresh(1, null)).as("a second copy is nothing new").isZero();
        inbox.put(snapshot(2, 1, 20));
        assertThat(inbox.fresh(1, null)).isEqualTo(1);
    }

    @Test
    void snapshotsOfRandomNeighboursAreUsedOnce() {
        Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
        inbox.put(snapshot(1, 0, 10));
        inbox.mixed(0, true);
        assertThat(taken(inbox, 1)).isEmpty();
    }

    @Test
    void inSynchronousModeEachTurnMixesItsOwnSnapshots() {
        Inbox inbox = new Inbox(Mode.SYNCHRONOUS, null);
        inbox.put(snapshot(1, 0, 10));
        inbox.put(snapshot(1, 1, 20));
        inbox.put(message(Payload.Kind.NOTICE, 2, 0, 12));
        assertThat(inbox.has(1, 0)).isTrue();
        assertThat(inbox.has(2, 0)).as("the notice of its loss").isTrue();
        assertThat(inbox.has(3, 0)).isFalse();
        assertThat(taken(inbox, 0)).isEqualTo("1:0");
        inbox.mixed(0, false);
        assertThat(inbox.has(2, 1)).isFalse();
        assertThat(taken(inbox, 1)).isEqualTo("1:1");
        inbox.mixed(1, false);
        assertThat(taken(inbox, 2)).isEmpty();
    }

    @Test
    void aSenderThatIsGoneIsNotAwaitedUntilItIsBack() {
        Inbox inbox = new Inbox(Mode.SYNCHRONOUS, null);
        inbox.put(message(Payload.Kind.GONE, 1, 3, 40));
        assertThat(inbox.has(1, 99)).isTrue();
        inbox.put(message(Payload.Kind.BACK, 1, 2, 60));
        assertThat(inbox.has(1, 2)).isTrue();
        assertThat(inbox.has(1, 3)).as("it begins again with turn 3").isFalse();
        inbox.put(message(Payload.Kind.GONE, 1, 3, 40));
        assertThat(inbox.has(1, 3)).as("a copy of an older notice").isFalse();
    }

    @Test
    void clearedItKnowsWhoIsGone() {
        Inbox inbox = new Inbox(Mode.SYNCHRONOUS, null);
        inbox.put(snapshot(2, 0, 10));
        inbox.put(message(Payload.Kind.GONE, 1, 0, 10));
        inbox.clear();
        assertThat(taken(inbox, 0)).isEmpty();
        assertThat(inbox.has(1, 5)).isTrue();
    }

    private record Arrival(int from, int turn, long sent) {}

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.longs().between(0, 30))
                .as(Arrival::new)
                .list()
                .ofMaxSize(30);
    }

    @Property
    void inWhateverOrderTheyArriveTheOneSentLastIsTaken(@ForAll("arrivals") List<Arrival> arrivals) {
        Inbox inbox = new Inbox(Mode.ASYNCHRONOUS, null);
        Map<Integer, Long> newest = new TreeMap<>();
        for (Arrival a : arrivals) {
            inbox.put(snapshot(a.from, a.turn, a.sent));
            newest.merge(a.from, a.sent, Math::max);
        }
        Map<Integer, Long> taken = new TreeMap<>();
        List<Integer> order = new ArrayList<>();
        for (Inbox.Received r : inbox.take(9, null)) {
            taken.put(r.newest().from(), r.newest().payload().sent());
            order.add(r.newest().from());
        }
        assertThat(taken).isEqualTo(newest);
        assertThat(order).isSorted();
        assertThat(inbox.fresh(9, null)).isEqualTo(newest.size());
    }

    @Property
    void fromACheckpointItGoesOnTheSame(
            @ForAll("arrivals") List<Arrival> before, @ForAll("arrivals") List<Arrival> after, @ForAll Mode mode)
            throws IOException {
        Inbox inbox = new Inbox(mode, null);
        before.forEach(a -> inbox.put(snapshot(a.from, a.turn, a.sent)));
        Inbox restored = new Inbox(mode, null);
        restored.restore((Inbox.State) RunCodec.STANDARD.readWhole(RunCodec.STANDARD.whole(inbox.state())));
        for (Inbox one : List.of(inbox, restored)) {
            one.mixed(1, false);
            after.forEach(a -> one.put(snapshot(a.from, a.turn, a.sent)));
        }
        assertThat(taken(restored, 2)).isEqualTo(taken(inbox, 2));
        assertThat(restored.fresh(2, null)).isEqualTo(inbox.fresh(2, null));
        for (int u = 0; u < 6; u++) {
            assertThat(restored.has(u, 3)).isEqualTo(inbox.has(u, 3));
        }
    }
}
