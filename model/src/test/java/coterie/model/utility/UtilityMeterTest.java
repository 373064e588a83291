package coterie.model.utility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.MixingInput;
import coterie.topology.drift.PhaseShares;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models of two numbers with the loss ‖θ‖², which predict one of two classes with θ as logits. */
class UtilityMeterTest {
    private static final double FLOAT = 1e-6;

    private static final UtilityMeter.Model SQUARE = new UtilityMeter.Model() {
        @Override
        public double validationLoss(float[] t, PhaseShares data) {
            return (double) t[0] * t[0] + (double) t[1] * t[1];
        }

        @Override
        public Predictions predictions(float[] t, PhaseShares data) {
            return Predictions.of(2, 2, new long[] {0, 1}, t);
        }
    };

    private static Snapshot snapshot(int user, float... parameters) {
        return new Snapshot(user, 3, 30, parameters, null);
    }

    private static UtilityRow measured(double epsilon, Snapshot... candidates) {
        MixingInput input = new MixingInput(3, 0, List.of(candidates), new int[candidates.length]);
        return new UtilityMeter(epsilon, null, false).measure(1, input, PhaseShares.FIRST, SQUARE);
    }

    private static double evidence(UtilityRow row, int neighbour, Evidence kind) {
        return row.evidence(neighbour)[kind.ordinal()];
    }

    /** L(2, 0) = 4; a tenth of the way to (0, 0) it is 1.8² = 3.24, and to (4, 0) 2.2² = 4.84. */
    @Test
    void utilityIsWhatTheLossFallsByOnALittleOfTheWay() {
        UtilityRow row = measured(0.1, snapshot(0, 0, 0), snapshot(1, 2, 0), snapshot(7, 4, 0));
        assertThat(row.neighbours()).containsExactly(0, 7);
        assertThat(row.utilities()[0]).isCloseTo(0.76, within(FLOAT));
        assertThat(row.utilities()[1]).isCloseTo(-0.84, within(FLOAT));
        UtilityRow whole = measured(1, snapshot(0, 0, 0), snapshot(1, 2, 0));
        assertThat(whole.utilities()[0]).isCloseTo(4, within(FLOAT));
    }

    @Test
    void everyEvidenceIsLargerForTheModelThatIsMoreAlike() {
        UtilityRow row = measured(0.1, snapshot(0, 2, 0.5f), snapshot(1, 2, 0), snapshot(2, 0, 3));
        for (Evidence e : Evidence.values()) {
            if (e == Evidence.WEIGHT_COSINE || e == Evidence.CHANGE_COSINE) {
                assertThat(evidence(row, 0, e)).as(e.label()).isNaN();
            } else {
                assertThat(evidence(row, 0, e)).as(e.label()).isGreaterThan(evidence(row, 1, e));
                assertThat(e.allows(evidence(row, 0, e))).as(e.label()).isTrue();
            }
        }
        assertThat(evidence(row, 0, Evidence.PARAMETER_COSINE)).isCloseTo(4 / (2 * Math.sqrt(4.25)), within(FLOAT));
        assertThat(evidence(row, 1, Evidence.VALIDATION_LOSS)).isEqualTo(-9);
        assertThat(evidence(row, 0, Evidence.LOGIT_L1)).isCloseTo(-0.5, within(1e-3));
    }

    @Test
    void aModelLikeTheUsersOwnIsAsGoodAsCanBe() {
        UtilityRow row = measured(0.5, snapshot(0, 2, 1), snapshot(1, 2, 1));
        assertThat(row.utilities()).containsExactly(0);
        assertThat(evidence(row, 0, Evidence.PARAMETER_COSINE)).isCloseTo(1, within(FLOAT));
        for (Evidence e : List.of(Evidence.LOGIT_L1, Evidence.PROBABILITY_L1, Evidence.KL, Evidence.SYMMETRIC_KL)) {
            assertThat(evidence(row, 0, e)).as(e.label()).isZero();
        }
    }

    @Test
    void aLossThatIsNotFiniteIsTheWorst() {
        UtilityRow row = measured(0.1, snapshot(0, Float.MAX_VALUE, Float.MAX_VALUE), snapshot(1, 2, 1));
        assertThat(row.utilities()[0]).isNegative();
        Snapshot broken = snapshot(0, Float.NaN, 0);
        UtilityMeter.Model brittle = new UtilityMeter.Model() {
            @Override
            public double validationLoss(float[] t, PhaseShares data) {
                return SQUARE.validationLoss(t, data);
            }

            @Override
            public Predictions predictions(float[] t, PhaseShares data) {
                return SQUARE.predictions(new float[] {1, 2}, data);
            }
        };
        UtilityRow worst = new UtilityMeter(0.1, null, false)
                .measure(
                        1,
                        new MixingInput(3, 0, List.of(broken, snapshot(1, 2, 1)), new int[2]),
                        PhaseShares.FIRST,
                        brittle);
        assertThat(worst.utilities()).containsExactly(Double.NEGATIVE_INFINITY);
        assertThat(evidence(worst, 0, Evidence.VALIDATION_LOSS)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void passesAreThoseOfTheModel() {
        List<String> made = new ArrayList<>();
        UtilityMeter.Model counting = new UtilityMeter.Model() {
            @Override
            public double validationLoss(float[] t, PhaseShares data) {
                made.add("loss");
                return 0;
            }

            @Override
            public Predictions predictions(float[] t, PhaseShares data) {
                made.add("predictions");
                return SQUARE.predictions(t, data);
            }
        };
        List<Snapshot> all = List.of(snapshot(0, 1, 1), snapshot(1, 2, 2), snapshot(2, 3, 3), snapshot(5, 4, 4));
        new UtilityMeter(0.1, null, false)
                .measure(1, new MixingInput(3, 0, all, new int[4]), PhaseShares.FIRST, counting);
        assertThat(made).hasSize((int) UtilityRow.passes(3));
        made.clear();
        MixingInput alone = new MixingInput(3, 0, List.of(snapshot(1, 2, 2)), new int[1]);
        UtilityRow none = new UtilityMeter(0.1, null, false).measure(1, alone, PhaseShares.FIRST, counting);
        assertThat(none.neighbours()).isEmpty();
        assertThat(made).hasSize((int) UtilityRow.passes(0));
    }

    @Test
    void epsilonIsAShare() {
        for (double wrong : new double[] {0, -0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new UtilityMeter(wrong, null, false))
                    .hasMessageContaining("epsilon must be greater than 0 and at most 1");
        }
    }
}
