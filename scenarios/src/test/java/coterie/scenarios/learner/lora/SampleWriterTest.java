package coterie.scenarios.learner.lora;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whose samples are written. */
class SampleWriterTest {
    private static final int[] CATEGORIES = {2, 2, 0, 2, 0, 1};

    @Test
    void theFirstUserOfEachCategoryComesFirst() {
        assertThat(SampleWriter.users(CATEGORIES, 2)).containsExactly(0, 2);
        assertThat(SampleWriter.users(CATEGORIES, 3)).containsExactly(0, 2, 5);
    }

    @Test
    void othersFollowInTheirOrder() {
        assertThat(SampleWriter.users(CATEGORIES, 5)).containsExactly(0, 2, 5, 1, 3);
        assertThat(SampleWriter.users(CATEGORIES, 99)).containsExactly(0, 2, 5, 1, 3, 4);
        assertThat(SampleWriter.users(CATEGORIES, 0)).isEmpty();
    }
}
