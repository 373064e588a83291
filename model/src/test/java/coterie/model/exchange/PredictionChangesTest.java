package coterie.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictionChangesTest {
    private static final int VOCABULARY = 12;

    /** Logits over the whole vocabulary, so that nothing is cut off. */
    private static Predictions logits(Random random, int positions) {
        long[] tokens = new long[positions * VOCABULARY];
        float[] logits = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % VOCABULARY;
            logits[i] = (float) random.nextGaussian() * 3;
        }
        return Predictions.of(VOCABULARY, VOCABULARY, tokens, logits);
    }

    private static double[] roots(Predictions p) {
        double[] out = new double[p.positions() * VOCABULARY];
        for (int at = 0; at < p.positions(); at++) {
            double sum = 0;
            for (int i = 0; i < VOCABULARY; i++) {
                sum += Math.exp(p.value(at, i));
            }
            for (int i = 0; i < VOCABULARY; i++) {
                out[at * VOCABULARY + i] = Math.sqrt(Math.exp(p.value(at, i)) / sum);
            }
        }
        return out;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Test
    void changesAreTheSumOverStretchesEachByItsSquare() {
        long seed = 11;
        Random random = new Random(seed);
        int m = 5;
        double[] expected = new double[m * VOCABULARY];
        PredictionChanges sum = null;
        for (int stretch = 0; stretch < 3; stretch++) {
            Predictions before = logits(random, m);
            Predictions after = logits(random, m);
            double[] from = roots(before);
            double[] to = roots(after);
            double square = 0;
            for (int i = 0; i < from.length; i++) {
                square += (to[i] - from[i]) * (to[i] - from[i]);
            }
            for (int i = 0; i < from.length; i++) {
                expected[i] += square / m * (to[i] - from[i]);
            }
            sum = PredictionChanges.plus(sum, before, after);
        }
        for (int p = 0; p < m; p++) {
            for (int i = 0; i < VOCABULARY; i++) {
                assertThat(Math.scalb((double) sum.numbers().value(p, i), sum.exponent()))
                        .as("seed %d, position %d, token %d", seed, p, i)
                        .isCloseTo(expected[p * VOCABULARY + sum.numbers().token(p, i)], within(6e-3));
            }
        }
    }

    @Test
    void ofTwoUsersTheCosineIsThatOfTheirChanges() {
        long seed = 12;
        Random random = new Random(seed);
        Predictions start = logits(random, 4);
        Predictions x = logits(random, 4);
        Predictions y = logits(random, 4);
        double[] base = roots(start);
        double[] dx = roots(x);
        double[] dy = roots(y);
        for (int i = 0; i < base.length; i++) {
            dx[i] -= base[i];
            dy[i] -= base[i];
        }
        Predictions changesX = PredictionChanges.plus(null, start, x).numbers();
        Predictions changesY = PredictionChanges.plus(null, start, y).numbers();
        double expected = dot(dx, dy) / Math.sqrt(dot(dx, dx) * dot(dy, dy));
        assertThat(PredictionChanges.cosine(changesX, changesY))
                .as("seed %d", seed)
                .isCloseTo(expected, within(2e-3));
        assertThat(PredictionChanges.cosine(changesX, changesX)).isCloseTo(1, within(1e-12));
        Predictions back = PredictionChanges.plus(null, x, start).numbers();
        assertThat(PredictionChanges.cosine(changesX, back)).isCloseTo(-1, within(1e-3));
    }

    @Test
    void ofManyNumbersTheLargestAreKept() {
        // Before: token 0 alone; after: token 3 alone. Of four kept numbers these two are not small.
        long[] tokens = {0, 1, 2, 3};
        Predictions before = Predictions.of(100, 4, tokens, new float[] {20, 0, 0, 0});
        Predictions after = Predictions.of(100, 4, new long[] {3, 50, 60, 70}, new float[] {20, 0, 0, 0});
        PredictionChanges sum = PredictionChanges.plus(null, before, after);
        Predictions changes = sum.numbers();
        assertThat(changes.k()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            double value = Math.scalb(changes.value(0, i), sum.exponent());
            double expected = changes.token(0, i) == 0 ? -2 : changes.token(0, i) == 3 ? 2 : 0;
            assertThat(value).as("token %d", changes.token(0, i)).isCloseTo(expected, within(2e-3));
        }
        assertThat(changes.token(0, 0)).isZero();
    }

    @Test
    void nothingChangedIsLikeNothing() {
        Predictions p = logits(new Random(13), 3);
        Predictions none = PredictionChanges.plus(null, p, p).numbers();
        Predictions some =
                PredictionChanges.plus(null, p, logits(new Random(14), 3)).numbers();
        assertThat(PredictionChanges.cosine(none, some)).isZero();
        assertThat(none.finite()).isTrue();
    }

    /** Logits that differ from others by a little. */
    private static Predictions near(Predictions p, Random random, double by) {
        long[] tokens = new long[p.positions() * VOCABULARY];
        float[] logits = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = p.token(i / VOCABULARY, i % VOCABULARY);
            logits[i] = p.value(i / VOCABULARY, i % VOCABULARY) + (float) (by * random.nextGaussian());
        }
        return Predictions.of(VOCABULARY, VOCABULARY, tokens, logits);
    }

    @Test
    void smallChangesOfUsersThatHaveNothingInCommonAreNoMoreAlikeThanLargeOnes() {
        long seed = 16;
        Random random = new Random(seed);
        Predictions start = logits(random, 40);
        for (double by : new double[] {1, 0.1, 0.03}) {
            Predictions x =
                    PredictionChanges.plus(null, start, near(start, random, by)).numbers();
            Predictions y =
                    PredictionChanges.plus(null, start, near(start, random, by)).numbers();
            assertThat(PredictionChanges.cosine(x, y))
                    .as("seed %d, by %s", seed, by)
                    .isBetween(-0.2, 0.2);
        }
    }

    @Test
    void theySurviveTheWire() {
        Random random = new Random(15);
        Predictions changes = PredictionChanges.plus(null, logits(random, 6), logits(random, 6))
                .numbers();
        assertThat(Predictions.decode(changes.encode())).isEqualTo(changes);
    }

    @Test
    void otherPositionsCannotBeCompared() {
        Predictions three = logits(new Random(1), 3);
        Predictions four = logits(new Random(1), 4);
        assertThatThrownBy(() -> PredictionChanges.plus(null, three, four))
                .hasMessageContaining("3")
                .hasMessageContaining("4");
        assertThatThrownBy(() -> PredictionChanges.cosine(three, four)).hasMessageContaining("cannot be compared");
    }
}
