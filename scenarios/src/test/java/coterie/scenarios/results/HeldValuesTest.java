package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldValuesTest {
    private final List<String> seen = new ArrayList<>();
    private final HeldValues held = new HeldValues(2, new HeldValues.Curve() {
        @Override
        public void at(double seconds, double[] values) {
            seen.add(seconds + ": " + Statistics.mean(values));
        }

        @Override
        public void beginsAgain() {
            seen.add("again");
        }
    });

    @Test
    void aValueHoldsUntilTheNext() {
        held.evaluated(0, 0, 8);
        held.evaluated(1, 0, 4);
        held.evaluated(1, 5, 2);
        held.evaluated(0, 9, 2);
        held.close();
        held.close();
        assertThat(seen).containsExactly("0.0: 6.0", "5.0: 5.0", "9.0: 2.0");
    }

    @Test
    void anInstantIsReportedWhenAllOfItIsKnown() {
        held.evaluated(0, 0, 8);
        assertThat(seen).isEmpty();
        held.evaluated(1, 0, 4);
        held.evaluated(1, 5, Double.NaN);
        assertThat(seen).as("a value that is not finite is none").isEmpty();
        held.evaluated(1, 5, 2);
        assertThat(seen).containsExactly("0.0: 6.0");
    }

    @Test
    void aUserThatDivergesLeavesTheMean() {
        held.evaluated(0, 0, 8);
        held.evaluated(1, 0, 4);
        held.diverged(0, 3);
        held.diverged(1, 4);
        held.close();
        assertThat(seen).containsExactly("0.0: 6.0", "3.0: 4.0");
    }

    @Test
    void aUserThatComesLateMeansThatEarlierInstantsLackedIt() {
        held.evaluated(0, 0, 8);
        held.evaluated(1, 2, 4);
        held.close();
        assertThat(seen).containsExactly("0.0: 8.0", "again", "2.0: 6.0");
    }
}
