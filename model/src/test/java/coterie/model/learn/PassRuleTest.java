package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.learn.Passes.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the rule finds out programs whose bits depend on who shares a pass. */
class PassRuleTest {
    private static final int TOKENS = 12;
    private static final int WIDTH = 192;
    private final List<String> tried = new ArrayList<>();

    /** What a place gets. */
    private interface Place {
        float value(int users, int place, boolean apart);
    }

    /** A program of which one number at the end may differ. */
    private PassRule.Trial program(Place last) {
        return (users, apart) -> {
            tried.add(users + (apart ? " apart" : ""));
            float[][] out = new float[users][3];
            for (int u = 0; u < users; u++) {
                out[u] = new float[] {1, 2, last.value(users, u, apart)};
            }
            return out;
        };
    }

    @Test
    void whatIsTheSameInEveryPassIsShared() {
        assertThat(PassRule.decide(true, 4, TOKENS, WIDTH, program((n, place, apart) -> 0.5f)))
                .isEqualTo(new Passes(Kind.JOINT, 4));
        assertThat(tried).as("every size").containsExactly("1", "4", "3", "2");
    }

    @Test
    void productsOfAllUsersThatDifferAreComputedApart() {
        assertThat(PassRule.decide(
                        true, 4, TOKENS, WIDTH, program((n, place, apart) -> !apart && n >= 3 ? 0.5000001f : 0.5f)))
                .isEqualTo(new Passes(Kind.APART, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aSinglePlaceOfASingleSizeIsFound(int size) {
        for (int wrong = 0; wrong < size; wrong++) {
            int at = wrong;
            assertThat(PassRule.decide(
                            true,
                            4,
                            TOKENS,
                            WIDTH,
                            program((n, place, apart) -> n == size && place == at ? Math.nextUp(0.5f) : 0.5f)))
                    .as("place %d of %d", at, size)
                    .isEqualTo(Passes.SINGLE);
        }
    }

    /** Zero and its negative are equal, and other bits. */
    @Test
    void bitsAreCompared() {
        assertThat(PassRule.decide(true, 2, TOKENS, WIDTH, program((n, place, apart) -> n == 1 ? 0f : -0f)))
                .isEqualTo(Passes.SINGLE);
        assertThat(PassRule.decide(true, 2, TOKENS, WIDTH, program((n, place, apart) -> Float.NaN)))
                .isEqualTo(new Passes(Kind.JOINT, 2));
    }

    @ParameterizedTest
    @CsvSource({"97, 20", "3, 36", "64, 100", "1, 16", "256, 100"})
    void arraysThatEndWithinAVectorAreNotShared(int tokens, int width) {
        assertThat(PassRule.decide(true, 4, tokens, width, program((n, place, apart) -> 0.5f)))
                .isEqualTo(Passes.SINGLE);
        assertThat(tried).isEmpty();
    }

    @Test
    void onAGpuTheNumberOfPlacesMayCountButNotThePlace() {
        assertThat(PassRule.decide(false, 16, TOKENS, WIDTH, program((n, place, apart) -> n)))
                .isEqualTo(new Passes(Kind.CONSTANT, 16));
        assertThat(PassRule.decide(false, 16, TOKENS, WIDTH, program((n, place, apart) -> n + place / 15)))
                .isEqualTo(Passes.SINGLE);
        tried.clear();
        assertThat(PassRule.decide(false, 16, TOKENS, WIDTH, program((n, place, apart) -> tried.size())))
                .as("another result every time")
                .isEqualTo(Passes.SINGLE);
    }

    @Test
    void whatIsAnotherEveryTimeCannotBeRepeated() {
        assertThat(PassRule.repeats(program((n, place, apart) -> tried.size()))).isFalse();
        assertThat(PassRule.repeats(program((n, place, apart) -> 0.5f))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "true, 4, 100, 64, 4", "true, 4, 2, 64, 2", "true, 64, 100, 16, 16", "true, 4, 100, 512, 2",
        "true, 4, 100, 1024, 1", "true, 4, 100, 9999, 1", "true, 1, 100, 16, 1", "false, 64, 1000, 256, 64",
        "false, 64, 10, 256, 10", "false, 64, 1000, 25600, 2", "false, 64, 1000, 4096, 16", "false, 64, 8, 4096, 8"
    })
    void howManyMayShareFollowsFromTheRun(boolean cpu, int stack, int users, int tokens, int most) {
        assertThat(PassRule.most(cpu, stack, users, tokens, Integer.MAX_VALUE)).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "63, 32", "33, 32", "31, 16", "3, 2", "1, 1", "100, 64"})
    void asManyAsFitIntoMemoryShareInPowersOfTwo(int fitting, int most) {
        assertThat(PassRule.most(false, 64, 1000, 128, fitting)).isEqualTo(most);
    }

    @Test
    void whatFitsIsNotMadeSmaller() {
        assertThat(PassRule.most(false, 10, 1000, 128, 12)).isEqualTo(10);
        assertThat(PassRule.most(true, 4, 3, 64, 3)).isEqualTo(3);
    }

    @Test
    void aPassOfOneNeedsNoTrial() {
        assertThat(PassRule.decide(true, 1, TOKENS, WIDTH, program((n, place, apart) -> 0)))
                .isEqualTo(Passes.SINGLE);
        assertThat(tried).isEmpty();
    }
}
