package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.exchange.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {
    private final SnapshotStore store = new SnapshotStore();

    private static Snapshot of(int user) {
        return new Snapshot(user, 3, 30, new float[] {user}, null);
    }

    @Test
    void aSnapshotStaysUntilItsLastMessageIsHandedOn() {
        store.put(of(1), 2);
        store.put(of(1), 1);
        for (int k = 0; k < 3; k++) {
            assertThat(store.get(of(1).key())).isNotNull();
            store.handedOn(of(1).key());
        }
        assertThat(store.get(of(1).key())).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void messagesThatAreAheadOfTheFrameThatAnnouncesThemAreCounted() {
        // Sent twice, in two frames; both messages are delivered when the first frame has arrived.
        store.put(of(1), 1);
        store.handedOn(of(1).key());
        store.handedOn(of(1).key());
        assertThat(store.all()).isEmpty();
        store.begin(1);
        assertThat(store.toHandIn(List.of())).isEmpty();
        store.put(of(1), 1);
        assertThat(store.size()).isZero();
        store.handedOn(of(1).key());
        store.put(of(1), 3);
        assertThat(store.get(of(1).key())).isNotNull();
        store.handedOn(of(1).key());
        store.handedOn(of(1).key());
        assertThat(store.size()).isZero();
    }

    @Test
    void whatHasArrivedElsewhereIsKeptUntilTheClockWaitsForAnotherAnswer() {
        store.leave(1, List.of(of(1)));
        store.leave(2, List.of(of(2)));
        store.left(1);
        store.left(1);
        assertThat(store.size()).isEqualTo(2);
        store.answerAwaited();
        assertThat(store.size()).isEqualTo(1);
        store.left(2);
        store.begin(1);
        assertThat(store.toHandIn(List.of())).extracting(Snapshot::user).containsExactly(2);
        assertThat(store.size()).as("handed in, and there").isZero();
        store.left(3);
        store.begin(2);
        assertThat(store.toHandIn(List.of())).isEmpty();
    }

    @Test
    void whatNobodyExpectsIsForgottenAfterUsersAreRestored() {
        store.put(of(1), 0);
        store.put(of(2), 1);
        assertThat(store.all()).hasSize(2);
        store.forgetUnexpected();
        assertThat(store.all()).containsOnlyKeys(of(2).key());
    }

    @Test
    void eachIsHandedInOnceACheckpoint() {
        store.put(of(1), 1);
        store.leave(7, List.of(of(2)));
        for (long checkpoint = 1; checkpoint <= 2; checkpoint++) {
            store.begin(checkpoint);
            assertThat(store.toHandIn(List.of(of(3), of(1))))
                    .extracting(Snapshot::user)
                    .containsExactlyInAnyOrder(1, 2, 3);
            store.begin(checkpoint);
            assertThat(store.toHandIn(List.of(of(3), of(4))))
                    .extracting(Snapshot::user)
                    .containsExactly(4);
        }
        store.left(7);
        store.begin(3);
        assertThat(store.toHandIn(List.of())).extracting(Snapshot::user).containsExactlyInAnyOrder(1, 2);
        store.begin(4);
        assertThat(store.toHandIn(List.of())).extracting(Snapshot::user).containsExactly(1);
    }
}
