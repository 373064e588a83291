package coterie.model.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.text.DataException;
import coterie.model.text.Partition;
import coterie.model.text.Partition.Arrangement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VectorPartitionTest {
    /** 60 rows of category a and 60 of b; the only number of a row is its place. */
    private static LabelledRows source() {
        int n = 120;
        float[] x = new float[n];
        int[] labels = new int[n];
        int[] category = new int[n];
        for (int k = 0; k < n; k++) {
            x[k] = k;
            labels[k] = k % 3 == 0 ? 0 : 1;
            category[k] = k % 2;
        }
        return new LabelledRows(List.of("x"), List.of("0", "1"), List.of("a", "b"), new Rows(1, x, labels), category);
    }

    private static int[] all(int users) {
        return IntStream.range(0, users).toArray();
    }

    @Test
    void everyRowIsDealtOnceAndMixturesAreKept() {
        double[][] low = Partition.low(4, 2, Arrangement.ALTERNATING);
        VectorDataset dealt = new VectorPartition(low, 20, 4, 4).deal(source(), 1, all(4));
        Set<Float> seen = new HashSet<>();
        for (int u = 0; u < 4; u++) {
            VectorUser user = dealt.users().get(u);
            assertThat(user.train().size()).isEqualTo(20);
            assertThat(user.validation().size()).isEqualTo(4);
            assertThat(user.test().size()).isEqualTo(4);
            for (Rows set : List.of(user.train(), user.validation(), user.test())) {
                for (float x : set.x()) {
                    assertThat(seen.add(x)).as("row %s is dealt once", x).isTrue();
                }
            }
            int own = u % 2;
            assertThat(IntStream.range(0, 20)
                            .filter(k -> (int) user.train().x()[k] % 2 == own)
                            .count())
                    .isEqualTo(15);
        }
        assertThat(dealt.mixtures()).isDeepEqualTo(low);
        assertThat(dealt.outline().users().get(3).train()).isEqualTo(20);
    }

    @Test
    void usersThatAreNotKeptHaveNoRowsAndTheOthersTheSame() {
        VectorPartition partition = new VectorPartition(Partition.high(3, 2, Arrangement.ALTERNATING), 5, 1, 2);
        VectorDataset whole = partition.deal(source(), 7, all(3));
        VectorDataset some = partition.deal(source(), 7, new int[] {2});
        assertThat(some.users().get(0).train().size()).isZero();
        assertThat(some.users().get(2).train().x())
                .isEqualTo(whole.users().get(2).train().x());
        assertThat(partition.deal(source(), 8, all(3)).users().get(2).train().x())
                .isNotEqualTo(whole.users().get(2).train().x());
    }

    @Test
    void laterPhasesHaveRowsOfTheirOwnAndTheFirstStaysTheSame() {
        double[][] first = Partition.high(3, 2, Arrangement.ALTERNATING);
        double[][][] later = {{{0, 1}, {1, 0}}, {}, {{0.5, 0.5}}};
        VectorPartition partition = new VectorPartition(first, later, Partition.filled(3, 6), 2, 4);
        VectorDataset drifting = partition.deal(source(), 7, all(3));
        VectorDataset constant = new VectorPartition(first, 6, 2, 4).deal(source(), 7, all(3));
        Set<Float> seen = new HashSet<>();
        for (int u = 0; u < 3; u++) {
            VectorUser user = drifting.users().get(u);
            assertThat(user.train().x())
                    .isEqualTo(constant.users().get(u).train().x());
            assertThat(user.phases()).hasSize(later[u].length + 1);
            for (VectorUser phase : user.phases()) {
                for (Rows set : List.of(phase.train(), phase.validation(), phase.test())) {
                    for (float x : set.x()) {
                        assertThat(seen.add(x)).as("row %s is dealt once", x).isTrue();
                    }
                }
            }
        }
        assertThat(seen).hasSize(6 * 12);
        for (float x : drifting.users().get(0).phase(1).test().x()) {
            assertThat((int) x % 2).as("category of row %s", x).isEqualTo(1);
        }
        VectorUser alone = partition.deal(source(), 7, new int[] {2}).users().get(2);
        assertThat(alone.phase(1).train().x())
                .isEqualTo(drifting.users().get(2).phase(1).train().x());
        VectorPartition huge = new VectorPartition(first, later, Partition.filled(3, 20), 2, 4);
        assertThatThrownBy(() -> huge.requireEnough(source()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("category a has 60 rows, the users need 91: ");
    }

    @Test
    void tooFewRowsAreRefused() {
        VectorPartition partition = new VectorPartition(Partition.high(4, 2, Arrangement.ALTERNATING), 25, 2, 4);
        assertThatThrownBy(() -> partition.deal(source(), 1, all(4)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("category a has 60 rows, the users need 62: ");
    }
}
