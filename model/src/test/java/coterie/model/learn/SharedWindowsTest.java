package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.exchange.Exchange;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every category has its share of the sequences on which predictions are compared. */
class SharedWindowsTest {
    private static final int LENGTH = 5;
    /** Token ids of a category begin here, so that a token says where it is from. */
    private static final int STRIDE = 1000;

    private static int[][] text(int categories, long seed) {
        RandomStream stream = RandomStream.of(seed, Purpose.BATCH);
        int[][] all = new int[categories][];
        for (int c = 0; c < categories; c++) {
            all[c] = new int[LENGTH + 1 + stream.below(60)];
            for (int t = 0; t < all[c].length; t++) {
                all[c][t] = c * STRIDE + t;
            }
        }
        return all;
    }

    private static SharedWindows windows(int[][] shared, int n, boolean anewEachTurn, long seed) {
        LearningRules rules =
                new LearningRules(seed, 1, 1, LENGTH, null, Exchange.PARAMETERS, 1, null, null, null, false, false);
        return new SharedWindows(shared, rules, new LearningRules.PredictionRules(1, n, false, false, anewEachTurn));
    }

    private static int[] counts(TokenWindows w, int categories) {
        int[] counts = new int[categories];
        for (int i = 0; i < w.n(); i++) {
            counts[(int) (w.ids()[i * LENGTH] / STRIDE)]++;
        }
        return counts;
    }

    @Property(tries = 300)
    void aCategoryHasItsShareRoundedUpOrDown(
            @ForAll @IntRange(min = 1, max = 30) int categories,
            @ForAll @IntRange(max = 200) int extra,
            @ForAll long seed) {
        int n = categories + extra;
        TokenWindows w = windows(text(categories, seed), n, false, seed).at(3);
        assertThat(w.n()).isEqualTo(n);
        int[] counts = counts(w, categories);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(n);
        assertThat(Arrays.stream(counts).boxed())
                .as("seed %d", seed)
                .allMatch(count -> count == n / categories || count == (n + categories - 1) / categories);
    }

    @Property(tries = 100)
    void aWindowIsAStretchOfOneCategory(
            @ForAll @IntRange(min = 1, max = 30) int categories,
            @ForAll @IntRange(min = 1, max = 100) int n,
            @ForAll long seed) {
        int[][] text = text(categories, seed);
        TokenWindows w = windows(text, n, false, seed).at(0);
        for (int i = 0; i < w.n(); i++) {
            int first = (int) w.ids()[i * LENGTH];
            for (int t = 0; t < LENGTH; t++) {
                assertThat(w.ids()[i * LENGTH + t]).as("seed %d", seed).isEqualTo(first + t);
                assertThat(w.targets()[i * LENGTH + t]).as("seed %d", seed).isEqualTo(first + t + 1);
            }
            assertThat(first % STRIDE + LENGTH).isLessThan(text[first / STRIDE].length);
        }
    }

    @Property(tries = 100)
    void tooFewAreRaisedToOneOfEach(@ForAll @IntRange(min = 2, max = 30) int categories, @ForAll long seed) {
        TokenWindows w =
                windows(text(categories, seed), categories - 1, false, seed).at(0);
        assertThat(counts(w, categories)).as("seed %d", seed).containsOnly(1);
    }

    @Test
    void flippedWindowsReadTheSameAndPredictTheOpposite() {
        TokenWindows w = new TokenWindows(1, 3, new long[] {0, 4, 9}, new long[] {4, 9, -1});
        TokenWindows flipped = w.flipped(10);
        assertThat(flipped.ids()).isEqualTo(w.ids());
        assertThat(flipped.targets()).containsExactly(5, 0, -1);
    }

    @Test
    void poisonedWindowsAreCutFromTextWithOtherTokens() {
        TokenWindows w = new TokenWindows(2, 3, new long[] {3, 1, 4, 5, 6, 7}, new long[] {1, 4, 1, 6, 7, 8});
        TokenWindows all = w.poisoned(1, 10, RandomStream.of(1, Purpose.ADVERSARY));
        RandomStream s = RandomStream.of(1, Purpose.ADVERSARY);
        for (int i = 0; i < 2; i++) {
            for (int t = 0; t <= 3; t++) {
                s.chance(1);
                int token = s.below(10);
                if (t < 3) {
                    assertThat(all.ids()[3 * i + t]).isEqualTo(token);
                }
                if (t > 0) {
                    assertThat(all.targets()[3 * i + t - 1]).isEqualTo(token);
                }
            }
        }
        TokenWindows none = w.poisoned(0, 10, RandomStream.of(1, Purpose.ADVERSARY));
        assertThat(none.ids()).isEqualTo(w.ids());
        assertThat(none.targets()).isEqualTo(w.targets());
    }

    @Test
    void someWindowsAreReplacedByThoseOfAnotherSet() {
        TokenWindows w = new TokenWindows(3, 2, new long[] {0, 1, 2, 3, 4, 5}, new long[] {1, 2, 3, 4, 5, 6});
        TokenWindows other =
                new TokenWindows(3, 2, new long[] {10, 11, 12, 13, 14, 15}, new long[] {11, 12, 13, 14, 15, 16});
        TokenWindows mixed = w.replaced(other, i -> i % 2 == 0);
        assertThat(mixed.ids()).containsExactly(10, 11, 2, 3, 14, 15);
        assertThat(mixed.targets()).containsExactly(11, 12, 3, 4, 15, 16);
        assertThat(w.ids()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void theyAreTheSameInEveryTurnAndOthersUnderAnotherSeed() {
        int[][] text = text(3, 1);
        long[] first = windows(text, 9, false, 1).at(0).ids();
        assertThat(windows(text, 9, false, 1).at(7).ids()).containsExactly(first);
        assertThat(windows(text, 9, false, 2).at(0).ids()).isNotEqualTo(first);
    }

    @Test
    void theReleasedCodesAreDrawnAnewFromAllOfItAndMissACategoryNowAndThen() {
        int[][] text = {new int[40], new int[40], new int[40]};
        for (int c = 0; c < text.length; c++) {
            Arrays.fill(text[c], c * STRIDE);
        }
        SharedWindows released = windows(text, 4, true, 1);
        assertThat(released.at(0).ids()).isNotEqualTo(released.at(1).ids());
        long missing = 0;
        for (int turn = 0; turn < 300; turn++) {
            missing += Arrays.stream(counts(released.at(turn), 3)).anyMatch(count -> count == 0) ? 1 : 0;
        }
        // With three categories and four windows 5/9 of the draws lack one.
        assertThat(missing).isBetween(120L, 220L);
    }
}
