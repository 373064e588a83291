package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.torch.NvidiaDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of devices, and how one is chosen. */
class DevicesCommandTest extends CommandLineFixture {
    @Test
    void theProcessorIsShownWithItsSpeedAndItsLibtorch() {
        assertThat(terminal.coterie("devices")).as(terminal.err()).isZero();
        assertThat(terminal.out())
                .containsPattern("cpu +\\S.*, \\d+ cores, [\\d.]+ GB, [\\d.]+ GB of it available\n")
                .containsPattern("  products +float32 [\\d.]+ [GT]FLOP/s; bfloat16 \\S")
                .containsPattern("  libtorch +PyTorch \\d")
                .containsPattern("  JNI +/.*djl_torch")
                .containsPattern("(?m)^Python's +\\S");
        assertThat(terminal.out().lines()).allMatch(l -> l.charAt(12) == ' ' && l.charAt(13) != ' ');
    }

    @Test
    void withoutAGpuTheReasonIsSaid() throws IOException {
        withoutGpu();
        String why = NvidiaDriver.ask().problem();
        assertThat(terminal.coterie("devices")).isZero();
        assertThat(terminal.out()).contains("no GPU       " + why + "\n");
        String small = file(SMALL).toString();
        for (List<String> command : List.of(
                List.of("run", small, "--out", folder.resolve("run").toString()),
                List.of("node"),
                List.of("bench", "--model", "tiny"),
                List.of("base", "builtin:tiny", "--continue", "a"))) {
            String[] line = Stream.concat(command.stream(), Stream.of("--device", "cuda:0"))
                    .toArray(String[]::new);
            assertThat(terminal.coterie(line)).as(command.get(0)).isEqualTo(2);
            assertThat(terminal.err())
                    .as(command.get(0))
                    .contains("device cuda:0: " + why)
                    .hasLineCount(1);
        }
    }

    @Test
    void autoIsRecordedAsTheDeviceThatItIs() throws IOException {
        withoutGpu();
        Path run = folder.resolve("run");
        assertThat(terminal.coterie(
                        "run", file(SMALL).toString(), "--out", run.toString(), "--quiet", "--device", "auto"))
                .isZero();
        assertThat(terminal.err())
                .isEqualTo("coterie: --device auto: computing on the CPU, since "
                        + NvidiaDriver.ask().problem() + "\n");
        assertThat(summary(run).path("device").asText()).isEqualTo("cpu");
        assertThat(terminal.coterie("base", "builtin:tiny", "--continue", "Once", "--words", "1", "--device", "auto"))
                .isZero();
        assertThat(terminal.err()).contains("--device auto: computing on the CPU");
    }

    @Test
    void autoStandsAlone() throws IOException {
        assertThat(terminal.coterie("run", file(SMALL).toString(), "--nodes", "2", "--device", "auto,cpu"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--device: auto must stand alone, found auto,cpu");
    }

    private static void withoutGpu() {
        assumeTrue(NvidiaDriver.ask().gpus().isEmpty(), "this machine has a GPU");
    }
}
