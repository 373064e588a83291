package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {
    private static final WeightedMean MEAN = new WeightedMean();

    private static Snapshot snapshot(int user, int turn, float... values) {
        return new Snapshot(user, turn, 0, values, null);
    }

    @Test
    void theWorkedExample() {
        List<Contribution> three = List.of(
                new Contribution(0.5, snapshot(0, 0, 1, 0)),
                new Contribution(0.25, snapshot(1, 0, 0, 1)),
                new Contribution(0.25, snapshot(2, 0, 1, 1)));
        assertThat(MEAN.aggregate(new AggregationInput(three, 0, null)).parameters())
                .containsExactly(0.75f, 0.5f);
        assertThat(MEAN.aggregate(new AggregationInput(three, 0, new float[] {10, 20}))
                        .parameters())
                .containsExactly(10.75f, 20.5f);
    }

    @Test
    void everyUpdateOfACandidateCountsByItsWeight() {
        List<Contribution> two = List.of(
                new Contribution(0.5, snapshot(0, 1, 2, 0)),
                new Contribution(0.5, List.of(snapshot(1, 0, 4, 4), snapshot(1, 1, 0, 2))));
        assertThat(MEAN.aggregate(new AggregationInput(two, 0, new float[2])).parameters())
                .containsExactly(3, 3);
        assertThat(two.get(1).values()).containsExactly(4, 6);
        assertThat(two.get(1).user()).isEqualTo(1);
    }

    @Test
    void longRowsAreSummedInBlocks() {
        int n = 5000;
        List<Contribution> all = new ArrayList<>();
        for (int u = 0; u < 3; u++) {
            float[] v = new float[n];
            for (int i = 0; i < n; i++) {
                v[i] = (u + 1) * 0.25f * i;
            }
            all.add(new Contribution(u == 0 ? 0.5 : 0.25, snapshot(u, 0, v)));
        }
        float[] sum = MEAN.aggregate(new AggregationInput(all, 0, null)).parameters();
        for (int i = 0; i < n; i++) {
            assertThat(sum[i]).isEqualTo(0.25f * i * 1.75f, within(1e-2f));
        }
    }
}
