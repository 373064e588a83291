package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signal ends a run, whatever the scenario asks for. */
class StopSignalTest {
    private static final int TERMINATED = 143;
    private static final int INTERRUPTED = 130;
    /** Of signal 2 in a process's mask of signals. */
    private static final long INTERRUPT_BIT = 1L << 1;

    private static final String SCENARIO = """
            name: t
            users: 4
            data: {train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 100}
            training: {iterations: 1000000, batch_size: 1, context: 32}
            collaboration: {every: %s, trust: {shared_windows: 1}}
            evaluation: {every: 1000000}
            record: {samples: 0}
            time: {latency: {model: constant, ms: %s}}
            faults: {crashes_per_hour: %s}
            """;

    @TempDir
    Path folder;

    private Processes.Running begun(Processes processes, String every, String latency, String crashes)
            throws IOException, InterruptedException, TimeoutException {
        Path file = Files.writeString(folder.resolve("t.yaml"), SCENARIO.formatted(every, latency, crashes));
        Processes.Running r = processes.start(
                "run", file.toString(), "--out", folder.resolve("out").toString(), "--threads", "1", "--quiet");
        Processes.until("the run has begun", () -> {
            try {
                return Files.exists(folder.resolve("out/evaluations.jsonl"))
                        && Files.size(folder.resolve("out/timing.jsonl")) >= 0;
            } catch (IOException e) {
                return false;
            }
        });
        Thread.sleep(3000);
        return r;
    }

    /**
     * A program that a shell has started in the background may ignore Ctrl-C, and so do the processes that it starts.
     */
    private static void assumeThatCtrlCIsNotIgnored() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            long ignored = lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElseThrow();
            assumeThat(ignored & INTERRUPT_BIT).as("Ctrl-C is ignored here").isZero();
        }
    }

    private void ends(Processes.Running r, int code) throws InterruptedException, IOException {
        // Without the signal none of these runs would end.
        assertThat(r.exit()).as(r.said()).isEqualTo(code);
    }

    private String status() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("out/summary.json").toFile())
                .path("status")
                .asText();
    }

    @Test
    void inAWindowThatNeverEnds() throws IOException, InterruptedException, TimeoutException {
        try (Processes processes = new Processes(folder)) {
            Processes.Running r = begun(processes, "1", "30000000000", "0");
            r.signal("TERM");
            ends(r, TERMINATED);
            assertThat(status()).isEqualTo("interrupted");
            assertThat(folder.resolve("out/checkpoints")).isNotEmptyDirectory();
        }
    }

    @Test
    void inATurnThatTakesDaysToCompute() throws IOException, InterruptedException, TimeoutException {
        assumeThatCtrlCIsNotIgnored();
        try (Processes processes = new Processes(folder)) {
            Processes.Running r = begun(processes, "1000000", "100", "0");
            r.signal("INT");
            ends(r, INTERRUPTED);
            assertThat(status()).isEqualTo("interrupted");
        }
    }

    @Test
    void whileEveryDeviceFailsOnceASecond() throws IOException, InterruptedException, TimeoutException {
        try (Processes processes = new Processes(folder)) {
            Processes.Running r = begun(processes, "1", "100", "3600");
            r.signal("TERM");
            ends(r, TERMINATED);
            assertThat(status()).isEqualTo("interrupted");
        }
    }

    @Test
    void aSecondCtrlCEndsAtOnce() throws IOException, InterruptedException, TimeoutException {
        assumeThatCtrlCIsNotIgnored();
        try (Processes processes = new Processes(folder)) {
            Processes.Running r = begun(processes, "1000000", "100", "0");
            r.signal("INT");
            r.says("stopping");
            Thread.sleep(200);
            r.signal("INT");
            ends(r, INTERRUPTED);
        }
    }
}
