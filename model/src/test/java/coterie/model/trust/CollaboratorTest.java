package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.trust.StalenessDiscount.Remainder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollaboratorTest {
    private final List<Integer> asked = new ArrayList<>();

    /** Weights in proportion to 1 + user, and a note of every time it was asked. */
    private final TrustStrategy counting = (me, candidates, probe) -> {
        asked.add(candidates.size());
        return Rows.normalised(candidates.stream().mapToDouble(c -> 1 + c.user()).toArray());
    };

    private static List<Snapshot> of(int... users) {
        return java.util.Arrays.stream(users).mapToObj(u -> new Snapshot(u, 0, 0, new float[1], null)).toList();
    }

    private Collaborator collaborator(int every, StalenessDiscount discount, Remainder remainder) {
        return new Collaborator(0, new Collaborator.Rules(counting, every, discount, remainder));
    }

    @Test
    void thePolynomialDiscountHasItsPublishedValues() {
        StalenessDiscount s = new StalenessDiscount.Polynomial(0.5);
        assertThat(s.factor(0)).isEqualTo(1);
        assertThat(s.factor(1)).isCloseTo(0.70710678, within(1e-8));
        assertThat(s.factor(2)).isCloseTo(0.57735027, within(1e-8));
        assertThat(s.factor(3)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void theTakenWeightIsSharedOutOrGoesToTheUserItself() {
        StalenessDiscount s = new StalenessDiscount.Polynomial(0.5);
        double[] row = {0.5, 0.5};
        int[] ages = {0, 3};
        assertThat(s.apply(row, ages, 0, Remainder.RENORMALISE)).containsExactly(new double[] {2 / 3., 1 / 3.}, within(1e-12));
        assertThat(s.apply(row, ages, 0, Remainder.SELF)).containsExactly(new double[] {0.75, 0.25}, within(1e-12));
        assertThat(row).containsExactly(0.5, 0.5);
    }

    @Test
    void onesOwnWeightIsNeverDiscounted() {
        assertThat(new StalenessDiscount.Polynomial(2).apply(new double[] {0.5, 0.5}, new int[] {9, 0}, 0, Remainder.SELF)).containsExactly(0.5, 0.5);
    }

    @Test
    void aDiscountIsAppliedOnceAndDoesNotCompoundOverTurns() {
        Collaborator c = collaborator(100, new StalenessDiscount.Polynomial(0.5), Remainder.SELF);
        double first = c.decide(0, of(0, 1), new int[] {0, 3}, null).weights()[1];
        for (int turn = 1; turn < 20; turn++) {
            assertThat(c.decide(turn, of(0, 1), new int[] {0, 3}, null).weights()[1]).isEqualTo(first);
        }
        assertThat(c.decide(20, of(0, 1), new int[] {0, 0}, null).weights()[1]).isCloseTo(2 / 3., within(1e-12));
    }

    @Test
    void aRowIsComputedWhenItIsDueAndKeptInBetween() {
        Collaborator c = collaborator(3, new StalenessDiscount.Constant(), Remainder.RENORMALISE);
        int[] computed = new int[7];
        for (int turn = 0; turn < 7; turn++) {
            computed[turn] = c.decide(turn, of(0, 1), new int[2], null).computed();
        }
        assertThat(computed).containsExactly(0, 0, 0, 3, 3, 3, 6);
        assertThat(asked).hasSize(3);
    }

    @Test
    void inBetweenTheOldRowIsRestrictedToWhoIsPresent() {
        Collaborator c = collaborator(10, new StalenessDiscount.Constant(), Remainder.RENORMALISE);
        assertThat(c.decide(0, of(0, 1, 2), new int[3], null).weights()).containsExactly(new double[] {1 / 6., 2 / 6., 3 / 6.}, within(1e-12));
        assertThat(c.decide(1, of(0, 2), new int[2], null).weights()).containsExactly(new double[] {1 / 4., 3 / 4.}, within(1e-12));
        assertThat(c.decide(2, of(0, 2, 5), new int[3], null).weights()).as("a new user counts nothing yet")
                .containsExactly(new double[] {1 / 4., 3 / 4., 0}, within(1e-12));
    }

    @Test
    void whoIsLeftAloneKeepsToHimself() {
        Collaborator c = new Collaborator(0, new Collaborator.Rules((me, l, p) -> l.size() == 1 ? new double[] {1} : new double[] {0, 1}, 10,
                new StalenessDiscount.Constant(), Remainder.RENORMALISE));
        c.decide(0, of(0, 1), new int[2], null);
        assertThat(c.decide(1, of(0), new int[1], null).weights()).containsExactly(1);
    }

    @Test
    void mixingIsTheWeightedSumAndEverybodyContributes() {
        List<Snapshot> candidates = new ArrayList<>();
        int n = 5000;
        for (int u = 0; u < 3; u++) {
            float[] v = new float[n];
            for (int i = 0; i < n; i++) {
                v[i] = (u + 1) * 0.25f * i;
            }
            candidates.add(new Snapshot(u, 0, 0, v, null));
        }
        float[] sum = Mixing.sum(new double[] {0.5, 0.25, 0.25}, candidates, null);
        float[] onTop = Mixing.sum(new double[] {0.5, 0.25, 0.25}, candidates, candidates.get(0).values());
        for (int i = 0; i < n; i++) {
            assertThat(sum[i]).isEqualTo(0.25f * i * 1.75f, within(1e-2f));
            assertThat(onTop[i]).isEqualTo(0.25f * i * 2.75f, within(1e-2f));
        }
    }

    @Test
    void consensusDistanceIsTheMeanDistanceFromTheMean() {
        assertThat(Consensus.distance(List.of(new float[] {0, 0}, new float[] {6, 8}))).isCloseTo(5, within(1e-12));
        assertThat(Consensus.distance(List.of(new float[] {1, 2}, new float[] {1, 2}))).isZero();
    }
}
