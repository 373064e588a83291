package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFactsTest {
    private static final String SOUND = "{\"user\": 0, \"turn\": 1, \"row\": {\"0\": 0.5, \"2\": 0.5, \"3\": 0}, "
            + "\"influence\": {\"0\": 1.0, \"2\": 0.0, \"3\": 0.0}, \"refused\": [2], \"clipped\": [0], "
            + "\"aggregation_passes\": 0}";

    private static String faults(String line) throws Exception {
        return String.join("; ", new LineFacts(Task.CLASSIFICATION).faults(new ObjectMapper().readTree(line)));
    }

    @Test
    void whoIsRefusedFollowsFromInfluence() throws Exception {
        assertThat(faults(SOUND)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"refused\": [2] | \"refused\": [] | by row and influence it is [2]",
                "\"refused\": [2] | \"refused\": [2, 3] | refused is [2,3]",
                "\"clipped\": [0] | \"clipped\": [7] | clipped must hold users of row",
                "\"2\": 0.0 | \"2\": \"no\" | influence must hold numbers",
                "\"3\": 0.0 | \"4\": 0.0 | influence is not of the users of row",
                "\"aggregation_passes\": 0 | \"aggregation_passes\": 0.5 | aggregation_passes must be a whole number"
            })
    void anythingElseIsAFault(String said, String instead, String told) throws Exception {
        assertThat(SOUND).contains(said);
        assertThat(faults(SOUND.replace(said, instead))).contains(told);
    }
}
