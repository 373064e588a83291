package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixPeakTest {
    @ParameterizedTest
    @ValueSource(longs = {MatrixPeak.FLOAT32, MatrixPeak.BFLOAT16})
    void isMeasuredInBothTypesOnEveryProcessor(long type) {
        try (MatrixPeak peak = new MatrixPeak("cpu", 2, type, 64)) {
            assertThat(peak.gigaflops()).isPositive().isFinite();
        }
    }
}
