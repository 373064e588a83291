package coterie.topology.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamTest {
    @Test
    void streamsAreEqualIfAndOnlyIfTheirNamesAre() {
        Set<Long> seen = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            for (Purpose p : Purpose.values()) {
                for (long key = 0; key < 50; key++) {
                    assertThat(RandomStream.of(seed, p, key).nextLong())
                            .isEqualTo(RandomStream.of(seed, p, key).nextLong());
                    assertThat(seen.add(RandomStream.of(seed, p, key).nextLong()))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void theOrderOfKeysMatters() {
        assertThat(RandomStream.name(1, Purpose.LATENCY, 2, 3))
                .isNotEqualTo(RandomStream.name(1, Purpose.LATENCY, 3, 2));
    }

    @Test
    void gaussiansHaveMeanZeroAndVarianceOne() {
        RandomStream s = RandomStream.of(4, Purpose.INITIAL_WEIGHTS);
        double sum = 0;
        double squares = 0;
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double z = s.gaussian();
            sum += z;
            squares += z * z;
        }
        assertThat(sum / n).isCloseTo(0, within(0.01));
        assertThat(squares / n).isCloseTo(1, within(0.02));
    }

    @Test
    void aPermutationContainsEveryNumberOnce() {
        int[] p = RandomStream.of(1, Purpose.DOCUMENTS).permutation(1000);
        int[] sorted = p.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            assertThat(sorted[i]).isEqualTo(i);
        }
        assertThat(p).isNotEqualTo(sorted);
    }

    /** Recorded runs depend on these numbers, which must never change. */
    @Test
    void goldenNumbers() {
        assertThat(RandomStream.mix(1)).isEqualTo(6238072747940578789L);
        assertThat(RandomStream.of(1, Purpose.COMPUTE_TIME, 2, 3).nextLong()).isEqualTo(4522217809722725417L);
    }

    @Test
    void aKeyedPermutationIsABijection() {
        for (int n : new int[] {1, 2, 3, 7, 64, 65, 1000}) {
            boolean[] taken = new boolean[n];
            KeyedPermutation p = new KeyedPermutation(n, RandomStream.name(n, Purpose.PEERS, 1));
            for (int k = 0; k < n; k++) {
                assertThat(taken[p.place(k)]).isFalse();
                taken[p.place(k)] = true;
            }
        }
        int[] counts = new int[5];
        for (int key = 0; key < 5000; key++) {
            counts[new KeyedPermutation(5, RandomStream.name(1, Purpose.PEERS, key)).place(2)]++;
        }
        assertThat(counts)
                .satisfies(o ->
                        java.util.Arrays.stream(o).forEach(x -> assertThat(x).isBetween(900, 1100)));
    }
}
