package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.trust.UserMixtures;
import coterie.model.utility.Evidence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Five users, three of the first category and two of the second. */
class UtilityFiguresTest {
    private static final double EXACT = 1e-12;
    private static final double[][] MIXTURES = {{1, 0}, {1, 0}, {0, 1}, {0, 1}, {1, 0}};

    private final UtilityFigures figures = new UtilityFigures(UserMixtures.constant(MIXTURES));

    /** User 0 measures users 1 to 4 after a turn: the cosine of parameters and KL, and no other evidence. */
    private void measured(int user, int turn, double[] utility, double[] cosine, double[] kl) {
        int[] others = IntStream.range(0, 5).filter(u -> u != user).toArray();
        for (int k = 0; k < others.length; k++) {
            double[] evidence = new double[Evidence.values().length];
            Arrays.fill(evidence, Double.NaN);
            evidence[Evidence.PARAMETER_COSINE.ordinal()] = cosine[k];
            evidence[Evidence.KL.ordinal()] = kl[k];
            figures.observed(
                    new Observation.Utility(10.0 * turn, user, turn, others[k], turn, 0, 0, utility[k], evidence));
        }
    }

    private ObjectNode summary() {
        ObjectNode n = new ObjectMapper().createObjectNode();
        figures.write(n);
        return n;
    }

    private static double at(ObjectNode n, String pointer) {
        assertThat(n.at(pointer).isNumber()).as("%s of %s", pointer, n).isTrue();
        return n.at(pointer).asDouble();
    }

    private static double[] of(double... x) {
        return x;
    }

    /**
     * Of ranks (1, 2, 3, 4) and (1, 2, 4, 3) ρ is 0.8; the oracle gives users 1 and 4 equal weights, the others none.
     */
    @Test
    void correlationsAreOfAUsersListThenOfARoundThenOfTheRun() {
        measured(0, 1, of(0.1, 0.2, 0.3, 0.4), of(1, 2, 4, 3), of(-4, -3, -2, -1));
        measured(1, 1, of(0.1, 0.2, 0.3, 0.4), of(4, 3, 2, 1), of(-1, -1, -1, -1));
        measured(0, 3, of(0.4, 0.1, 0.2, 0.3), of(4, 1, 2, 3), of(-9, -1, -1, -1));
        ObjectNode n = summary();
        assertThat(at(n, "/utility/measurements")).isEqualTo(12);
        assertThat(at(n, "/utility/rounds")).isEqualTo(2);
        assertThat(at(n, "/utility/forward_passes")).isEqualTo(3 * (2 + 3 * 4));
        assertThat(at(n, "/utility/mean")).isCloseTo(0.25, within(EXACT));
        assertThat(at(n, "/utility_correlation/parameter_cosine")).isCloseTo(((0.8 - 1) / 2 + 1) / 2, within(EXACT));
        // Equal evidence counts 0, not nothing.
        double last = RankCorrelation.of(of(0.4, 0.1, 0.2, 0.3), of(-9, -1, -1, -1));
        assertThat(at(n, "/utility_correlation/kl")).isCloseTo((0.5 + last) / 2, within(EXACT));
        assertThat(n.get("utility_correlation").has("weight_cosine")).isFalse();
        // Of the lists, users 1 and 4 are the first and the last; of user 1's, users 0 and 4.
        double early = RankCorrelation.of(of(1, 2, 3, 4), of(1, 0, 0, 1));
        double late = RankCorrelation.of(of(4, 1, 2, 3), of(1, 0, 0, 1));
        assertThat(at(n, "/oracle_correlation/utility")).isCloseTo((early + late) / 2, within(EXACT));
        List<UtilityFigures.Round> rounds = figures.rounds();
        assertThat(rounds).extracting(UtilityFigures.Round::turn).containsExactly(1, 3);
        assertThat(rounds.get(1).seconds()).isEqualTo(30);
        assertThat(rounds.get(1).utilityWithOracle()).isCloseTo(late, within(EXACT));
        assertThat(rounds.get(0).withUtility(Evidence.WEIGHT_COSINE)).isNaN();
    }

    @Test
    void listsWithoutAnOrderOfUtilityDoNotCount() {
        measured(0, 1, of(0.2, 0.2, 0.2, 0.2), of(1, 2, 3, 4), of(-1, -2, -3, -4));
        assertThat(summary().at("/utility_correlation/kl").isNull()).isTrue();
        measured(1, 1, of(0.1, 0.2, 0.3, 0.4), of(1, 2, 3, 4), of(-1, -2, -3, -4));
        assertThat(at(summary(), "/utility_correlation/parameter_cosine")).isCloseTo(1, within(EXACT));
        assertThat(at(summary(), "/utility_correlation/kl")).isCloseTo(-1, within(EXACT));
    }

    @Test
    void whatIsNotFiniteIsTheLowest() {
        measured(
                0,
                1,
                of(Double.NEGATIVE_INFINITY, 0.2, 0.3, 0.4),
                of(1, 2, 3, 4),
                of(Double.NEGATIVE_INFINITY, -3, -2, -1));
        ObjectNode n = summary();
        assertThat(at(n, "/utility_correlation/parameter_cosine")).isCloseTo(1, within(EXACT));
        assertThat(at(n, "/utility_correlation/kl")).isCloseTo(1, within(EXACT));
        assertThat(at(n, "/utility/mean")).isCloseTo(0.3, within(EXACT));
    }

    @Test
    void aRunWithoutMeasurementsHasNoNumbers() {
        ObjectNode n = summary();
        assertThat(n.at("/utility/measurements").asInt()).isZero();
        assertThat(n.get("utility_correlation")).isEmpty();
        assertThat(n.at("/oracle_correlation/utility").isNull()).isTrue();
    }
}
