package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.event.Observation;
import coterie.model.aggregation.Influence;
import coterie.model.trust.TrustRow;
import coterie.scenarios.config.ScenarioReader;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.group.Membership;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rows give users that attack: user 3 of four does, from 10 s to 60 s. */
class TrustInAttackersTest {
    private static final Adversaries WHO =
            Adversaries.of(1, 4, -1, List.of(new Adversary(new Membership(null, null, List.of(3)), 10, 60)));

    private static Observation.Mixed mixed(double seconds, int user, Influence influence, double... weights) {
        TrustRow row = TrustRow.given(0, new int[] {0, 1, 2, 3}, weights, new int[4]);
        return new Observation.Mixed(seconds, user, 0, row.with(influence), new int[4], new double[4], new double[4]);
    }

    @Test
    void influenceIsWhatTheAggregationLeavesOfTheWeight() {
        Influence refused = new Influence(new double[] {0.5, 0.25, 0.25, 0});
        AttackedRow row = new TrustInAttackers(WHO, false).row(mixed(20, 0, refused, 0.25, 0.25, 0.25, 0.25));
        assertThat(row.weight()).isEqualTo(0.25);
        assertThat(row.influence()).isZero();
        assertThat(row.equal()).isEqualTo(0.25);
        assertThat(row.auc()).as("equal weights tell nothing").isEqualTo(0.5);
        assertThat(row.rank()).isEqualTo(2);
    }

    @Test
    void influenceIsUnknownUnderARuleThatTellsNone() {
        Observation.Mixed m = mixed(20, 0, null, 0.4, 0.3, 0.2, 0.1);
        assertThat(new TrustInAttackers(WHO, false).row(m).influence()).isNaN();
        assertThat(new TrustInAttackers(WHO, true).row(m).influence()).isEqualTo(0.1);
        assertThat(new TrustInAttackers(WHO, true).row(m).auc()).isEqualTo(1);
    }

    @Test
    void rowsOfAttackersAndOfOtherTimesDoNotCount() {
        TrustInAttackers trust = new TrustInAttackers(WHO, true);
        assertThat(trust.row(mixed(9, 0, null, 1, 0, 0, 0))).isNull();
        assertThat(trust.row(mixed(60, 0, null, 1, 0, 0, 0))).isNull();
        assertThat(trust.row(mixed(20, 3, null, 0, 0, 0, 1))).isNull();
        assertThat(TrustInAttackers.NONE.row(mixed(20, 0, null, 1, 0, 0, 0))).isNull();
    }

    @Test
    void aRowWithoutAttackersRanksNone() {
        TrustRow pair = TrustRow.given(0, new int[] {0, 1}, new double[] {0.5, 0.5}, new int[2]);
        Observation.Mixed m = new Observation.Mixed(20, 0, 0, pair, new int[2], new double[2], new double[2]);
        AttackedRow row = new TrustInAttackers(WHO, true).row(m);
        assertThat(row.weight()).isZero();
        assertThat(row.influence()).isZero();
        assertThat(row.auc()).isNaN();
        assertThat(new TrustInAttackers(WHO, false).row(m).influence())
                .as("else means over rows would be of those without attackers")
                .isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "prediction-similarity, weighted-mean, true",
        "prediction-similarity, median, false",
        "prediction-similarity, krum, false",
        "gossip, weighted-mean, true"
    })
    void whetherWeightsSayWhatIsMixedFollowsFromTheScenario(String strategy, String rule, boolean byRow) {
        String text = "users: 4\ntopology: {kind: full}\n"
                + "adversaries: [{ids: [3], attack: {kind: sign-flip}, from_seconds: 10}]\n"
                + "collaboration: {strategy: " + strategy + ", aggregation: {rule: " + rule + "}}\n";
        TrustInAttackers trust = TrustInAttackers.of(
                ScenarioReader.read(Path.of("attacked.yaml"), text, List.of()).scenario());
        assertThat(trust.mixesByRow()).isEqualTo(byRow);
        assertThat(trust.adversaries().contains(3)).isTrue();
        assertThat(trust.adversaries().begin()).isEqualTo(10);
    }

    @Test
    void theWorkedExampleOfTheCurve() {
        TrustInAttackers trust = new TrustInAttackers(WHO, true);
        List<AttackCurve.Point> points = new ArrayList<>();
        AttackCurve curve = new AttackCurve(4, points::add);
        for (Observation.Mixed m : List.of(
                mixed(5, 0, null, 0, 0, 0, 1),
                mixed(10, 0, null, 0.6, 0, 0, 0.4),
                mixed(20, 1, null, 0, 0.8, 0, 0.2),
                mixed(30, 0, null, 1, 0, 0, 0))) {
            curve.mixed(m, trust.row(m));
        }
        assertThat(points).as("an instant is known when the next begins").hasSize(2);
        curve.close();
        assertThat(points).extracting(AttackCurve.Point::seconds).containsExactly(10.0, 20.0, 30.0);
        double[] weights =
                points.stream().mapToDouble(AttackCurve.Point::weight).toArray();
        assertThat(weights).containsExactly(new double[] {0.4, 0.3, 0.1}, within(1e-12));
        assertThat(curve.now().equal()).isEqualTo(0.25);
    }

    @Test
    void theWorkedExampleOfTheBound() {
        StaysAbove bound = new StaysAbove(0.9);
        assertThat(bound.since()).isInfinite();
        double[][] values = {{5, Double.NaN}, {10, 0.95}, {20, 0.8}, {30, 0.9}, {40, 1}, {50, Double.NaN}};
        for (double[] v : values) {
            bound.at(v[0], v[1]);
        }
        assertThat(bound.since()).isEqualTo(30);
        bound.at(60, 0.7);
        assertThat(bound.since()).isInfinite();
    }
}
