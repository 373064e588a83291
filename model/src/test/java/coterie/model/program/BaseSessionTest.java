package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.WEIGHTS;
import static coterie.model.program.DecoderFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A base by itself, against the float64 reference. */
class BaseSessionTest {
    private final ReferenceGpt2 reference = new ReferenceGpt2(WEIGHTS, LAYOUT);
    private final double[] none = new double[LAYOUT.size()];

    @Test
    void theLossIsThatOfTheTokensAfterTheFirst() {
        long[] tokens = ids(1, 10, 3);
        double mean = reference.loss(
                new long[][] {Arrays.copyOf(tokens, 9)}, new long[][] {Arrays.copyOfRange(tokens, 1, 10)}, none);
        try (BaseSession session = new BaseSession(WEIGHTS, Precision.FLOAT32, "cpu")) {
            double loss = session.loss(
                    Arrays.stream(tokens).mapToInt(Math::toIntExact).toArray());
            assertThat(loss).isCloseTo(9 * mean, within(1e-4));
        }
    }

    @Test
    void aTextGoesOnWithTheMostLikelyTokensUpToTheContext() {
        try (BaseSession session = new BaseSession(WEIGHTS, Precision.FLOAT32, "cpu")) {
            long[] text = {5, 17};
            for (int next : session.continued(new int[] {5, 17}, 4)) {
                double[][] logits = reference.logits(text, none);
                double[] last = logits[logits.length - 1];
                for (double other : last) {
                    assertThat(last[next]).isGreaterThan(other - 1e-4);
                }
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = next;
            }
            assertThat(text).hasSize(6);
            assertThat(session.continued(new int[] {5, 17}, 99)).hasSize(SHAPE.context() - 2);
            assertThat(session.continued(new int[SHAPE.context()], 3)).isEmpty();
        }
    }
}
