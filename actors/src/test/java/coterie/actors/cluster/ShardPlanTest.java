package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
    private static List<Long> roomy(int n) {
        return Collections.nCopies(n, Long.MAX_VALUE);
    }

    private static int[] nowhere(int shards) {
        int[] before = new int[shards];
        Arrays.fill(before, ShardPlan.NOWHERE);
        return before;
    }

    private static long count(int[] nodeOf, int node) {
        return IntStream.of(nodeOf).filter(k -> k == node).count();
    }

    @Property(tries = 200)
    void eachNodeGetsItsShareAsConsecutiveUsers(
            @ForAll @IntRange(min = 1, max = 200) int users,
            @ForAll @IntRange(min = 1, max = 200) int most,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.5, max = 20) Double> weights) {
        UserShards shards = UserShards.of(users, most);
        int[] nodeOf = ShardPlan.divide(shards, 1, weights, roomy(weights.size()), nowhere(shards.shards()));
        double all = weights.stream().mapToDouble(w -> w).sum();
        assertThat(nodeOf).isSorted();
        for (int k = 0; k < weights.size(); k++) {
            assertThat(count(nodeOf, k))
                    .isBetween(0L, (long) Math.ceil(shards.shards() * weights.get(k) / all) + weights.size());
        }
    }

    @Property(tries = 200)
    void everyUserIsInOneShardAndShardsAreOfOneSize(
            @ForAll @IntRange(min = 1, max = 3000) int users, @ForAll @IntRange(min = 1, max = 1000) int most) {
        UserShards shards = UserShards.of(users, most);
        int[] all = shards.users(IntStream.range(0, shards.shards()).toArray());
        assertThat(all).isEqualTo(IntStream.range(0, users).toArray());
        for (int s = 0; s < shards.shards(); s++) {
            int[] some = shards.users(new int[] {s});
            assertThat(some).hasSizeBetween(shards.largest() - 1, shards.largest());
            for (int u : some) {
                assertThat(shards.shard(u)).isEqualTo(s);
            }
        }
        assertThat(shards.shards()).isLessThanOrEqualTo(Math.min(users, most));
    }

    @Test
    void shardsOfALostNodeGoToTheOthersAndNoOtherMoves() {
        UserShards shards = UserShards.of(12, 1000);
        int[] before = ShardPlan.divide(shards, 1, List.of(1.0, 1.0, 1.0), roomy(3), nowhere(12));
        // The node in the middle is lost.
        int[] left = IntStream.of(before)
                .map(k -> k == 1 ? ShardPlan.NOWHERE : k == 2 ? 1 : 0)
                .toArray();
        int[] after = ShardPlan.divide(shards, 1, List.of(1.0, 1.0), roomy(2), left);
        for (int s = 0; s < 12; s++) {
            if (left[s] != ShardPlan.NOWHERE) {
                assertThat(after[s]).as("shard %d", s).isEqualTo(left[s]);
            }
        }
        assertThat(count(after, 0)).isEqualTo(6);
        assertThat(count(after, 1)).isEqualTo(6);
    }

    @Test
    void aNewNodeGetsItsShareAndNoMoreThanThatMoves() {
        UserShards shards = UserShards.of(12, 1000);
        int[] before = ShardPlan.divide(shards, 1, List.of(1.0, 1.0), roomy(2), nowhere(12));
        int[] after = ShardPlan.divide(shards, 1, List.of(1.0, 1.0, 1.0), roomy(3), before);
        for (int k = 0; k < 3; k++) {
            assertThat(count(after, k)).isEqualTo(4);
        }
        assertThat(IntStream.range(0, 12).filter(s -> after[s] != before[s]).count())
                .isEqualTo(4);
    }

    @Test
    void aNodeHasNoMoreThanItHasRoomFor() {
        UserShards shards = UserShards.of(10, 1000);
        int[] nodeOf = ShardPlan.divide(shards, 100, List.of(8.0, 1.0), List.of(399L, 100_000L), nowhere(10));
        assertThat(count(nodeOf, 0)).isEqualTo(3);
        assertThat(count(nodeOf, 1)).isEqualTo(7);
        assertThatThrownBy(() -> ShardPlan.divide(
                        shards, 1_000_000, List.of(1.0, 1.0), List.of(3_500_000L, 4_000_000L), nowhere(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 users of about 1 MB each do not fit on 2 nodes with room for 7");
    }
}
