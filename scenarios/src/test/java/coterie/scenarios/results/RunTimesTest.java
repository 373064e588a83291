package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RunTimesTest {
    private static JsonNode run(int ended, double seconds) throws IOException {
        return new ObjectMapper()
                .readTree(String.format(
                        "{\"total_seconds\": %s, \"provenance\": {\"ended\": \"2026-01-02T03:04:%02dZ\"}}",
                        seconds, ended));
    }

    @Test
    void runsAtOnceCountOnceAndPausesDoNotCount() throws IOException {
        RunTimes times = new RunTimes();
        assertThat(times.seconds()).isZero();
        times.add(run(30, 10));
        times.add(run(10, 10));
        times.add(run(15, 10));
        assertThat(times.seconds()).isEqualTo(25);
        times.add(run(29, 2.5));
        assertThat(times.seconds()).as("within another").isEqualTo(25);
        times.add(new ObjectMapper().readTree("{\"total_seconds\": 3}"));
        assertThat(times.seconds()).as("of an early version").isEqualTo(25);
        RunTimes all = new RunTimes();
        all.add(times);
        all.add(times);
        assertThat(all.seconds()).isEqualTo(25);
    }
}
