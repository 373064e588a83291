package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.family.Gpt2Family;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a pass takes, by its shape. */
class PassMemoryTest {
    private static final AdapterLayout GPT2 =
            new AdapterLayout(Gpt2Family.GPT2_124M, new LoraConfig(4, 32, 0.1, Set.of(Target.ALL_LINEAR)));

    /** 0.9 MB a token were measured on a GPU at this shape. */
    @Test
    void aTokenOfGpt2TakesNineTenthsOfAMegabyte() {
        PassMemory memory = PassMemory.of(GPT2, 50, 512, 0, false, true);
        assertThat(memory.perUser() / (50.0 * 512)).isCloseTo(0.95e6, within(0.05e6));
        assertThat(memory.of(3)).isEqualTo(memory.once() + 3.0 * memory.perUser());
        assertThat(memory.users(memory.of(3) + 1)).isEqualTo(3);
        assertThat(memory.users(memory.of(3) - 1)).isEqualTo(2);
        assertThat(memory.users(0))
                .as("whether one fits shows when it is tried")
                .isEqualTo(1);
    }

    /** Of the twelve layers, eleven keep their input, 768 numbers. */
    @Test
    void recomputedItTakesASixth() {
        double kept = PassMemory.of(GPT2, 50, 512, 0, false, true).perUser();
        double recomputed = PassMemory.of(GPT2, 50, 512, 0, true, true).perUser();
        assertThat(recomputed / (50.0 * 512)).isCloseTo(0.17e6, within(0.02e6));
        double layer = (kept - recomputed) / (11 * 50 * 512) + 4 * 768;
        assertThat(layer).as("bytes that a layer keeps of a token").isBetween(70e3, 78e3);
        AdapterLayout flat = new AdapterLayout(Gpt2Family.shape(1, 64, 2, 256, 64), GPT2.lora());
        assertThat(PassMemory.of(flat, 2, 64, 0, true, false))
                .as("the last layer is never recomputed")
                .isEqualTo(PassMemory.of(flat, 2, 64, 0, false, false));
    }
}
