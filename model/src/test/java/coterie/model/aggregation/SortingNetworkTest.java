package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SortingNetworkTest {
    /** A network sorts all numbers if it sorts all sequences of zeros and ones. */
    @Test
    void everySequenceOfZerosAndOnesIsSorted() {
        for (int n = 1; n <= 10; n++) {
            for (int from = 0; from < n; from++) {
                sorts(n, from, n - from / 2);
            }
        }
    }

    private static void sorts(int n, int from, int to) {
        int size = 1 << n;
        float[][] rows = new float[n][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < n; j++) {
                rows[j][i] = i >> j & 1;
            }
        }
        SortingNetwork.of(n, from, to).sort(rows, new float[size], size);
        for (int i = 0; i < size; i++) {
            for (int k = from; k < to; k++) {
                int sorted = k < n - Integer.bitCount(i) ? 0 : 1;
                assertThat(rows[k][i])
                        .as("%d rows, sequence %d, place %d", n, i, k)
                        .isEqualTo(sorted);
            }
        }
    }

    @Test
    void comparisonsThatNoWantedPlaceNeedsAreLeftOut() {
        assertThat(SortingNetwork.of(4, 0, 4).length()).isEqualTo(5);
        assertThat(SortingNetwork.of(4, 0, 1).length()).isEqualTo(3);
        assertThat(SortingNetwork.of(20, 9, 11).length())
                .isLessThan(SortingNetwork.of(20, 0, 20).length());
    }
}
