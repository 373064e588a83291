package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Who lives where. */
class PlanTest {
    private static List<Long> roomy(int n) {
        return java.util.Collections.nCopies(n, Long.MAX_VALUE);
    }

    @Property(tries = 200)
    void everybodyLivesSomewhereOnceAndNobodyHasMuchMoreThanItsShare(
            @ForAll @IntRange(min = 1, max = 200) int users,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.5, max = 20) Double> weights) {
        Plan plan = Plan.of(users, 1, weights, roomy(weights.size()));
        double all = weights.stream().mapToDouble(w -> w).sum();
        assertThat(plan.from(0)).isZero();
        assertThat(plan.to(weights.size() - 1)).isEqualTo(users);
        for (int k = 0; k < weights.size(); k++) {
            assertThat(plan.to(k) - plan.from(k))
                    .isBetween(0, (int) Math.ceil(users * weights.get(k) / all) + weights.size());
        }
    }

    @Test
    void aNodeHasNoMoreThanItHasRoomFor() {
        Plan plan = Plan.of(10, 100, List.of(8.0, 1.0), List.of(399L, 100_000L));
        assertThat(plan.to(0) - plan.from(0)).isEqualTo(3);
        assertThat(plan.to(1) - plan.from(1)).isEqualTo(7);
        assertThatThrownBy(() -> Plan.of(10, 1_000_000, List.of(1.0, 1.0), List.of(3_500_000L, 4_000_000L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 users of about 1 MB each do not fit on 2 nodes with room for 7");
    }
}
