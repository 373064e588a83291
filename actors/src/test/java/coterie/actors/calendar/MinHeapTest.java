package coterie.actors.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

class MinHeapTest {
    private static final int IDS = 7;

    @Test
    void theSmallestValueIsFirstAndOfEqualOnesTheLowerId() {
        MinHeap heap = new MinHeap(4, 10);
        assertThat(heap.first()).isZero();
        heap.set(2, 5);
        assertThat(heap.first()).isEqualTo(2);
        assertThat(heap.min()).isEqualTo(5);
        heap.set(1, 5);
        assertThat(heap.first()).as("the lower id").isEqualTo(1);
        heap.set(1, 20);
        heap.set(2, 11);
        assertThat(heap.first()).as("values may grow").isZero();
        assertThat(heap.get(1)).isEqualTo(20);
    }

    @Property
    void whateverIsChangedTheFirstIsThatOfAPlainSearch(@ForAll("changes") List<Tuple2<Integer, Long>> changes) {
        MinHeap heap = new MinHeap(IDS, 3);
        long[] plain = new long[IDS];
        Arrays.fill(plain, 3);
        for (Tuple2<Integer, Long> c : changes) {
            heap.set(c.get1(), c.get2());
            plain[c.get1()] = c.get2();
            int first = 0;
            for (int k = 1; k < IDS; k++) {
                first = plain[k] < plain[first] ? k : first;
            }
            assertThat(heap.first()).isEqualTo(first);
            assertThat(heap.min()).isEqualTo(plain[first]);
            for (int k = 0; k < IDS; k++) {
                assertThat(heap.get(k)).isEqualTo(plain[k]);
            }
        }
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, Long>>> changes() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, IDS - 1);
        Arbitrary<Long> values = Arbitraries.longs().between(0, 6);
        return ids.flatMap(id -> values.map(v -> Tuple.of(id, v))).list().ofMaxSize(40);
    }
}
