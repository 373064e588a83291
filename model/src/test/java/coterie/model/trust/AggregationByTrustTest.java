package coterie.model.trust;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.NoPreAggregation;
import coterie.model.aggregation.Ubar;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.topology.drift.Drifts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user's trust hands to its aggregator, and takes from it. */
class AggregationByTrustTest {
    private static final int TURNS = 10;

    private static TrustManager manager(Aggregator rule) {
        return new TrustManager(
                0,
                new TrustManager.Rules(
                        new FedAvg(),
                        new Refresh.EveryTurn(),
                        TrustManager.FOREVER,
                        new StalenessDiscount.Constant(),
                        StalenessDiscount.Remainder.RENORMALISE,
                        new AggregationRules(rule, new NoPreAggregation(), 0, TURNS),
                        Drifts.NONE));
    }

    private static Snapshot update(int user, int turn, float x) {
        return new Snapshot(user, turn, 0, new float[] {x}, null);
    }

    @Test
    void theLossOfUpdatesIsThatOfTheParametersThatTheyLeadTo() {
        List<Float> measured = new ArrayList<>();
        MixingInput input = new MixingInput(
                2,
                5,
                List.of(update(0, 2, 1), update(1, 2, 3)),
                new int[2],
                List.of(List.of(), List.of(update(1, 1, 4))));
        List<TrustRow> known = new ArrayList<>();
        TrustManager.Mixed mixed = manager(new Ubar(1, 0.5))
                .mix(
                        input,
                        new float[] {100},
                        candidate -> {
                            measured.add(candidate.parameters()[0]);
                            return -candidate.parameters()[0];
                        },
                        known::add);
        assertThat(measured).as("own, then all updates of the other").containsExactly(101f, 107f);
        assertThat(mixed.parameters()).containsExactly(100 + 0.5f * 1 + 0.5f * 7);
        assertThat(mixed.row().influence().passes()).isEqualTo(2);
        assertThat(mixed.row().passes()).as("those of trust").isZero();
        assertThat(known).containsExactly(mixed.row());
    }

    @Test
    void aRowTellsWhomTheAggregatorRefused() {
        List<Snapshot> candidates = List.of(update(0, 0, 0), update(3, 0, 1), update(4, 0, 90), update(7, 0, 2));
        MixingInput input = new MixingInput(0, 0, candidates, new int[4]);
        TrustRow row =
                manager(new MultiKrum(0.2)).mix(input, null, s -> 0, r -> {}).row();
        assertThat(row.refused()).containsExactly(4);
        assertThat(row.weights()).as("trust is as it was").containsOnly(0.25);
        assertThat(manager(new WeightedMean())
                        .mix(input, null, s -> 0, r -> {})
                        .row()
                        .influence())
                .isNull();
    }
}
