package coterie.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PredictionsTest {
    private static Predictions drawn(int vocabulary, int k, int positions, long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.SHARED);
        long[] tokens = new long[k * positions];
        float[] logits = new float[tokens.length];
        for (int p = 0; p < positions; p++) {
            int[] order = s.permutation(vocabulary);
            for (int i = 0; i < k; i++) {
                tokens[p * k + i] = order[i];
                logits[p * k + i] = (float) (-60 + 8 * s.gaussian());
            }
        }
        return Predictions.of(vocabulary, k, tokens, logits);
    }

    @Property(tries = 60)
    void encodingLosesNothingAndIsAsLongAsItSays(
            @ForAll @IntRange(min = 1, max = 60) int k, @ForAll @IntRange(max = 9) int positions, @ForAll long seed) {
        Predictions p = drawn(500, k, positions, seed);
        byte[] bytes = p.encode();
        assertThat(bytes).hasSize((int) p.bytes());
        assertThat(Predictions.decode(bytes)).isEqualTo(p);
    }

    @Test
    void anEntryTakesFourBytesAndSixWhereTheVocabularyIsLarge() {
        assertThat(drawn(60_000, 100, 2, 1).bytes()).isEqualTo(12 + 2 * (4 + 400));
        Predictions large = drawn(70_000, 100, 2, 1);
        assertThat(large.bytes()).isEqualTo(12 + 2 * (4 + 600));
        assertThat(Predictions.decode(large.encode())).isEqualTo(large);
    }

    @Test
    void thePapersTwoHundredPositionsTakeASeventhOfItsBytes() {
        assertThat(drawn(50_257, 100, 200, 1).bytes()).isEqualTo(80_812).isLessThan(560_000 / 6);
        assertThat(drawn(50_257, 100, 200, 1).encode()).hasSize(80_812);
    }

    /** The table of docs/results.md: GPT-2, the 100 largest logits, sequences of 512. */
    @Test
    void allPositionsCostWhatTheResultsSay() {
        assertThat(Predictions.bytes(200, 100, 50_257)).isEqualTo(80_812);
        assertThat(Predictions.bytes(200 * 512, 100, 50_257)).isEqualTo(41_369_612);
        assertThat(Predictions.bytes(4 * 512, 100, 50_257)).isEqualTo(827_404);
    }

    @Test
    void roundingStaysFarBelowWhatTellsUsersApart() {
        long[] tokens = {1, 2, 3};
        float[] logits = {-31.1f, -33.37f, -48.9f};
        Predictions p = Predictions.of(10, 3, tokens, logits);
        assertThat(p.distance(
                        Predictions.of(10, 3, tokens, new float[] {-31.1f, -31.1f, -31.1f}), Predictions.Missing.FLOOR))
                .isCloseTo(2.27 + 17.8, within(0.02));
    }

    @Test
    void aLogitThatOnlyOneHasIsComparedWithTheOthersSmallest() {
        Predictions a = Predictions.of(10, 2, new long[] {1, 2}, new float[] {5, 4});
        Predictions b = Predictions.of(10, 2, new long[] {2, 7}, new float[] {6, 3});
        // token 1: |5 − 3|, token 2: |4 − 6|, token 7: |4 − 3|
        assertThat(a.distance(b, Predictions.Missing.FLOOR)).isCloseTo(5, within(1e-6));
        // released: token 1: |5 − 0|, token 2: |4 − 6|, token 7: |0 − 3|
        assertThat(a.distance(b, Predictions.Missing.ZERO)).isCloseTo(10, within(1e-6));
        assertThat(b.distance(a, Predictions.Missing.FLOOR)).isEqualTo(a.distance(b, Predictions.Missing.FLOOR));
        assertThat(a.distance(a, Predictions.Missing.ZERO)).isZero();
    }

    @Test
    void garbageIsRefused() {
        byte[] bytes = drawn(100, 3, 2, 1).encode();
        assertThatThrownBy(() -> Predictions.decode(java.util.Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(IllegalArgumentException.class);
        bytes[0] = 100;
        assertThatThrownBy(() -> Predictions.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Predictions.decode(new byte[5])).isInstanceOf(IllegalArgumentException.class);
    }
}
