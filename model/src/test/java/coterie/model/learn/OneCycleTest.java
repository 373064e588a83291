package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Golden values from PyTorch 2.13's OneCycleLR. */
class OneCycleTest {
    @Test
    void thePapersScheduleIsPyTorchs() {
        OneCycle s = new OneCycle(500, 2e-3, 0.02, 100, 0.05);
        int[] steps = {0, 1, 5, 9, 10, 100, 250, 499};
        double[] golden = {
            2.0000000000000052e-05,
            7.970430542195064e-05,
            0.0011819116958902611,
            0.002,
            0.001999983557566693,
            0.0018676586029770421,
            0.0012205142745744765,
            0.0004
        };
        for (int i = 0; i < steps.length; i++) {
            assertThat(s.rate(steps[i])).isCloseTo(golden[i], within(1e-15));
        }
        assertThat(s.rate(9999)).isEqualTo(s.rate(499));
    }

    @Test
    void aWarmUpThatEndsBetweenTwoStepsIsPyTorchsToo() {
        OneCycle s = new OneCycle(7, 1, 0.5, 25, 1e4);
        double[] golden = {
            0.040000000000000036,
            0.3716718427000253,
            0.9083281572999747,
            0.9504846320134737,
            0.6112620219362893,
            0.18825834605023697,
            4e-06
        };
        for (int i = 0; i < golden.length; i++) {
            assertThat(s.rate(i)).isCloseTo(golden[i], within(1e-14));
        }
    }

    @Test
    void theShortestCycleHasARate() {
        assertThat(new OneCycle(1, 0.1, 0.02, 100, 0.05).rate(0)).isBetween(0.0, 0.1);
    }
}
