package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void aNameHasTheModelAndTheWidestInstructions() {
        assertThat(Processor.name(List.of(
                        "processor\t: 0",
                        "model name\t: Some Processor @ 2.00GHz",
                        "flags\t\t: fpu sse2 avx avx2 avx512f avx512vl",
                        "model name\t: another")))
                .isEqualTo("Some Processor @ 2.00GHz (avx512f)");
        assertThat(Processor.name(List.of("model name : Old", "flags : fpu sse2")))
                .isEqualTo("Old");
    }

    @Test
    void withoutAModelTheArchitectureIsNamed() {
        String architecture = System.getProperty("os.arch");
        assertThat(Processor.name(List.of("Features\t: fp asimd"))).isEqualTo(architecture + " (asimd)");
        assertThat(Processor.name(List.of())).isEqualTo(architecture);
        assertThat(Processor.name()).isNotBlank();
    }
}
