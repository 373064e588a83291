package coterie.actors.message;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.checkpoint.RunCodec;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingUpdatesTest {
    private static final int[] ALL = null;

    /**
     * An update of a sender's turn.
     *
     * @param sent tick at which this version of it was sent
     */
    private static Message update(int from, int turn, long sent) {
        Snapshot s = Snapshot.ofUpdate(from, turn, turn, Snapshot.ONE_LAYOUT, new float[] {turn, sent}, null, null);
        return new Message(new Payload(Payload.Kind.SNAPSHOT, sent, sent - 1, from, turn, s, 8), 9, 0, sent + 5);
    }

    /** Each sender, with the ticks at which its mixed updates were sent. */
    private static String taken(PendingUpdates p, int turn, int[] among) {
        StringBuilder text = new StringBuilder();
        for (Inbox.Received h : p.take(turn, among)) {
            text.append(text.isEmpty() ? "" : ", ").append(h.newest().from()).append(":");
            h.earlier().forEach(m -> text.append(" ").append(m.payload().sent()));
            text.append(" ").append(h.newest().payload().sent());
        }
        return text.toString();
    }

    @Test
    void eachCountsOnceInTheOrderOfTurnsHoweverItComes() {
        PendingUpdates p = new PendingUpdates(false, false);
        p.put(update(2, 4, 40));
        p.put(update(1, 3, 30));
        p.put(update(2, 3, 31));
        p.put(update(2, 4, 40));
        assertThat(taken(p, 3, ALL)).isEqualTo("1: 30, 2: 31 40");
        assertThat(taken(p, 4, ALL)).isEmpty();
        // A second copy, one that was overtaken, and one that is new.
        p.put(update(1, 3, 30));
        p.put(update(1, 1, 10));
        p.put(update(2, 6, 60));
        assertThat(taken(p, 5, ALL)).isEqualTo("1: 10, 2: 60");
    }

    @Test
    void whatMayNotBeMixedYetIsKept() {
        PendingUpdates p = new PendingUpdates(false, false);
        p.put(update(1, 0, 1));
        p.put(update(2, 0, 2));
        assertThat(p.senders(0, new int[] {2, 3})).isEqualTo(1);
        assertThat(taken(p, 0, new int[] {2, 3})).isEqualTo("2: 2");
        p.put(update(1, 1, 11));
        assertThat(taken(p, 1, new int[] {1})).isEqualTo("1: 1 11");

        PendingUpdates rounds = new PendingUpdates(true, false);
        rounds.put(update(1, 5, 50));
        rounds.put(update(1, 6, 60));
        assertThat(taken(rounds, 5, ALL)).isEqualTo("1: 50");
        assertThat(taken(rounds, 6, ALL)).isEqualTo("1: 60");
    }

    @Test
    void ofATurnThatWasDoneTwiceOneVersionCounts() {
        PendingUpdates p = new PendingUpdates(false, false);
        p.put(update(1, 3, 90));
        p.put(update(1, 3, 30));
        assertThat(taken(p, 3, ALL)).isEqualTo("1: 90");
        p.put(update(1, 3, 95));
        p.put(update(1, 4, 99));
        assertThat(taken(p, 4, ALL)).isEqualTo("1: 99");
    }

    @Test
    void whatWasMixedAfterTheSaveIsNotMixedAfterACrash() throws IOException {
        for (boolean keeps : new boolean[] {true, false}) {
            PendingUpdates p = new PendingUpdates(false, keeps);
            p.put(update(1, 0, 1));
            taken(p, 0, ALL);
            p.deviceSaved();
            p.put(update(1, 1, 11));
            taken(p, 1, ALL);
            // Another version of a mixed turn is needed if the mixing is undone.
            p.put(update(1, 1, 15));
            p.put(update(1, 2, 21));
            PendingUpdates elsewhere = new PendingUpdates(false, keeps);
            elsewhere.restore(copy(p.state()));
            for (PendingUpdates one : List.of(p, elsewhere)) {
                if (!keeps) {
                    one.clear();
                }
                one.restored();
                assertThat(taken(one, 1, ALL)).isEqualTo(keeps ? "1: 15 21" : "");
                // Whether or not the crash lost a second copy of the first one: its effect is saved.
                one.put(update(1, 0, 1));
                one.put(update(1, 1, 15));
                assertThat(taken(one, 2, ALL)).isEqualTo(keeps ? "" : "1: 15");
            }
        }
    }

    /** A state, encoded and decoded as in a checkpoint. */
    private static PendingUpdates.State copy(PendingUpdates.State state) throws IOException {
        return (PendingUpdates.State) RunCodec.STANDARD.readWhole(RunCodec.STANDARD.whole(state));
    }
}
