package coterie.actors.message;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.message.Payload.Kind;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Turns take at least 10 s, links at least 0.5 s, a user has five turns, and has sent values of norm 5 itself. */
class DoorTest {
    private static final DoorRules RULES = new DoorRules(true, 10, 10.0, 5, 0.5, true, true);

    private final Door door = withOwn(RULES);

    private static Door withOwn(DoorRules rules) {
        Door door = new Door(rules);
        door.own(new Snapshot(0, 0, 0, new float[] {0, 1}, null));
        door.own(new Snapshot(0, 1, 1, new float[] {3, 4}, null));
        door.own(null);
        return door;
    }

    private static Message message(Kind kind, int turn, double arrival, Snapshot s) {
        return new Message(new Payload(kind, 0, 0, s.user(), turn, s, 8), 0, 0, Ticks.at(arrival));
    }

    private static Message message(Kind kind, int turn, double arrival, float... values) {
        return message(kind, turn, arrival, new Snapshot(4, turn, turn, values, null));
    }

    private Refusal late(float... values) {
        return door.check(message(Kind.REPLY, 0, 1000, values));
    }

    @Test
    void theNormIsComparedWithTheLargestThatTheUserHasHadToSend() {
        assertThat(late(30, 40)).isNull();
        assertThat(late(30, 41)).isEqualTo(Refusal.NORM);
        assertThat(late(Float.MAX_VALUE, 0)).isEqualTo(Refusal.NORM);
        assertThat(new Door(RULES).check(message(Kind.REPLY, 0, 1000, 1e30f, 0)))
                .as("before the user has sent anything")
                .isNull();
    }

    @Test
    void numbersMustBeFinite() {
        assertThat(late(0, Float.NaN)).isEqualTo(Refusal.NOT_FINITE);
        assertThat(late(Float.NEGATIVE_INFINITY, 0)).isEqualTo(Refusal.NOT_FINITE);
        Snapshot update = Snapshot.ofUpdate(4, 0, 0, "", new float[] {1, 1}, new float[] {1, Float.NaN}, null);
        assertThat(door.check(message(Kind.SNAPSHOT, 0, 1000, update))).isEqualTo(Refusal.NOT_FINITE);
        Predictions p = Predictions.of(10, 2, new long[] {1, 4}, new float[] {Float.NaN, 2});
        Snapshot predicting = new Snapshot(4, 0, 0, new float[] {1, 1}, p);
        assertThat(door.check(message(Kind.SNAPSHOT, 0, 1000, predicting))).isEqualTo(Refusal.NOT_FINITE);
    }

    @Test
    void aVersionCannotRunAheadOfTurnsAndLinks() {
        assertThat(door.check(message(Kind.SNAPSHOT, 2, 30.4, 1, 1))).isEqualTo(Refusal.AGE);
        assertThat(door.check(message(Kind.REPLY, 2, 30.4, 1, 1))).isEqualTo(Refusal.AGE);
        assertThat(door.check(message(Kind.SNAPSHOT, 2, 30.5, 1, 1))).isNull();
        assertThat(door.check(message(Kind.SNAPSHOT, 0, 500, 1, 1)))
                .as("no version is too old")
                .isNull();
        assertThat(door.check(message(Kind.SNAPSHOT, 5, 1000, 1, 1)))
                .as("there are five turns")
                .isEqualTo(Refusal.AGE);
        assertThat(door.check(message(Kind.REQUEST, 7, 1, 1, 1)))
                .as("the number of a request may be another")
                .isNull();
        DoorRules unknown = new DoorRules(true, 10, null, 5, 0.5, true, true);
        assertThat(unknown.possible(Kind.SNAPSHOT, 4, 0.5)).isTrue();
        assertThat(unknown.possible(Kind.SNAPSHOT, 5, 1000)).isFalse();
    }

    @Test
    void aTurnIsLetInOnceUntilTheDeviceFails() throws IOException {
        assertThat(door.check(message(Kind.SNAPSHOT, 1, 1000, 30, 41))).isEqualTo(Refusal.NORM);
        assertThat(door.check(message(Kind.SNAPSHOT, 1, 1000, 1, 1)))
                .as("one that was refused does not count")
                .isNull();
        assertThat(door.check(message(Kind.SNAPSHOT, 1, 1000, 2, 2))).isEqualTo(Refusal.REPEATED);
        assertThat(door.check(message(Kind.SNAPSHOT, 2, 1000, 2, 2))).isNull();
        assertThat(door.check(message(Kind.REPLY, 1, 1000, 2, 2))).isNull();
        Snapshot other = new Snapshot(3, 1, 1, new float[] {1, 1}, null);
        assertThat(door.check(message(Kind.SNAPSHOT, 1, 1000, other)))
                .as("of another sender")
                .isNull();
        Door again = new Door(RULES);
        again.restore((Door.State) RunCodec.STANDARD.readWhole(RunCodec.STANDARD.whole(door.state())));
        assertThat(again.check(message(Kind.SNAPSHOT, 1, 1000, 2, 2)))
                .as("a checkpoint remembers")
                .isEqualTo(Refusal.REPEATED);
        assertThat(again.check(message(Kind.REPLY, 1, 1000, 30, 41))).isEqualTo(Refusal.NORM);
        door.forget();
        assertThat(door.check(message(Kind.SNAPSHOT, 1, 1000, 2, 2))).isNull();
    }

    @Test
    void withoutChecksNothingIsRefused() {
        Door open = withOwn(DoorRules.NONE);
        assertThat(open.check(message(Kind.SNAPSHOT, 9, 1, Float.NaN, 1e30f))).isNull();
        assertThat(open.state()).isNull();
        assertThat(door.check(new Message(new Payload(Kind.NOTICE, 0, 0, 4, 9, null, 0), 0, 0, 1)))
                .as("a message without a snapshot")
                .isNull();
    }

    @Test
    void reasonsHaveNamesInFiles() {
        for (Refusal r : Refusal.values()) {
            assertThat(Refusal.labelled(r.label())).isEqualTo(r);
        }
        assertThat(Refusal.NOT_FINITE.label()).isEqualTo("not-finite");
    }
}
