package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import org.junit.jupiter.api.Test;

class TrustFiguresTest {
    private static void mix(TrustFigures to, int user, int[] users, double... weights) {
        int n = users.length;
        to.add(new Observation.Mixed(
                0,
                user,
                0,
                new TrustRow(users, weights, new int[n], new int[n], 0, 0, 1),
                new int[n],
                new double[n],
                new double[n]));
    }

    @Test
    void usersThatNeverMixKeepToThemselves() {
        TrustFigures none = new TrustFigures(3);
        assertThat(none.gap()).isZero();
        assertThat(none.meanChange()).isNaN();
        assertThat(none.lastChange()).isNaN();
    }

    /** Rows (1/2, 1/2) and (1/2, 1/2) agree at once; (1 − a, a) and (b, 1 − b) have the eigenvalue 1 − a − b. */
    @Test
    void theGapIsThatOfTheMeanOfEachUsersRows() {
        TrustFigures f = new TrustFigures(2);
        mix(f, 0, new int[] {0, 1}, 0.5, 0.5);
        mix(f, 1, new int[] {0, 1}, 0.5, 0.5);
        assertThat(f.gap()).isCloseTo(1, within(1e-12));
        mix(f, 0, new int[] {0, 1}, 0.7, 0.3);
        mix(f, 1, new int[] {1}, 1);
        // User 0 gives (0.5 + 0.3) / 2 to user 1, who gives (0.5 + 0) / 2 to user 0.
        assertThat(f.gap()).isCloseTo(0.4 + 0.25, within(1e-12));
    }

    @Test
    void changesAreBetweenAUsersSuccessiveRows() {
        TrustFigures f = new TrustFigures(3);
        mix(f, 0, new int[] {0, 1}, 0.5, 0.5);
        mix(f, 1, new int[] {1, 2}, 0.5, 0.5);
        mix(f, 0, new int[] {0, 2}, 0.5, 0.5);
        mix(f, 0, new int[] {0, 2}, 0.4, 0.6);
        mix(f, 1, new int[] {1, 2}, 0.25, 0.75);
        assertThat(f.meanChange()).isCloseTo((1 + 0.2 + 0.5) / 3, within(1e-12));
        assertThat(f.lastChange()).isCloseTo((0.2 + 0.5) / 2, within(1e-12));
    }

    @Test
    void beyondTheLargestSpectrumThereIsNoGap() {
        assertThat(new TrustFigures(TrustFigures.LARGEST_SPECTRUM + 1).gap()).isNaN();
    }
}
