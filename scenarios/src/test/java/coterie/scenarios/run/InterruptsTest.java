package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Signals and hooks of a process that is already ending. */
class InterruptsTest {
    /** Takes a hook back while hooks run. */
    static final class Ending {
        private Ending() {}

        public static void main(String[] none) {
            Thread late = new Thread(() -> {});
            Runtime.getRuntime().addShutdownHook(late);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Interrupts.remove(late);
                System.out.println("first cause");
            }));
        }
    }

    @Test
    void aHookThatIsTakenBackTooLateHidesNothing() throws Exception {
        Process p = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ending.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        assertThat(said).isEqualToIgnoringNewLines("first cause");
    }

    @Test
    void aHookIsTakenBackInTime() {
        Thread hook = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(hook);
        Interrupts.remove(hook);
        assertThat(Runtime.getRuntime().removeShutdownHook(hook))
                .as("it is still there")
                .isFalse();
    }
}
