package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.task.Metric.Direction;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tables of numbers that were worked out by hand. */
class StudyTableTest {
    private static final Study.Variant ONE =
            new Study.Variant(new LinkedHashMap<>(Map.of("trust.kind", "a_b")), List.of());
    private static final Study.Variant TWO =
            new Study.Variant(new LinkedHashMap<>(Map.of("trust.kind", "c")), List.of());
    private final StudyTable table = new StudyTable(
            List.of(ONE, TWO),
            Direction.LOWER,
            v -> v == ONE ? Map.of(1L, 10.0, 2L, 12.0, 3L, 11.0) : Map.of(1L, 12.0, 2L, 13.0, 3L, 14.0, 4L, 99.0),
            v -> TWO);

    @Test
    void differencesAreTakenSeedBySeed() {
        StudyTable.Row row = table.rows().get(0);
        assertThat(row.mean()).isEqualTo(11);
        assertThat(row.deviation()).isEqualTo(1);
        assertThat(row.difference()).isEqualTo(-2);
        assertThat(row.interval()).isCloseTo(2.484, within(1e-3));
        assertThat(row.best()).isTrue();
        assertThat(table.rows().get(1).difference()).as("the baseline itself").isNaN();
    }

    @Test
    void eachVariantHasItsOwnBaseline() {
        Map<Study.Variant, Map<Long, Double>> measured = new LinkedHashMap<>();
        List<Study.Variant> all = Stream.of("a", "b", "c", "d")
                .map(name -> new Study.Variant(new LinkedHashMap<>(Map.of("k", name)), List.of()))
                .toList();
        for (int k = 0; k < all.size(); k++) {
            measured.put(all.get(k), Map.of(1L, Math.pow(10, k), 2L, Math.pow(10, k)));
        }
        StudyTable pairs = new StudyTable(all, Direction.LOWER, measured::get, v -> all.get(all.indexOf(v) / 2 * 2));
        assertThat(pairs.rows())
                .extracting(StudyTable.Row::difference)
                .containsExactly(Double.NaN, 9.0, Double.NaN, 900.0);
    }

    @Test
    void everyFormSaysTheSame() {
        assertThat(new StudyTableText(table, "perplexity").text())
                .contains("a_b   11.00 ± 1.00 *  3  -2.00 [-4.48, 0.48]");
        assertThat(new StudyTableText(table, "perplexity").csv())
                .startsWith("trust.kind,n,mean,standard_deviation,difference,confidence_95,"
                        + "never_reached,unpaired\na_b,3,11.0,1.0,-2.0,2.48")
                .contains(",0,0\n");
        assertThat(new StudyTableText(table, "perplexity").markdown())
                .contains("| a_b | **11.00 ± 1.00** | 3 | -2.00 [-4.48, 0.48] |")
                .contains("\nMean ± standard deviation over n seeds (of the sample, ddof 1); bold: the lowest; ")
                .contains("95 % confidence interval (Student's t) in brackets.\n");
        assertThat(new StudyTableText(table, "perplexity").latex())
                .contains("a\\_b & \\boldmath$11.00 \\pm 1.00$ & 3 & $-2.00 [-4.48, 0.48]$ \\\\");
    }

    @Test
    void aTargetThatWasNeverReachedIsNoNumber() {
        Map<Study.Variant, Map<Long, Double>> measured = Map.of(
                ONE, Map.of(1L, 10.0, 2L, StudyTable.NEVER, 3L, 14.0), TWO, Map.of(1L, 20.0, 2L, 20.0, 3L, 21.0));
        StudyTable some = new StudyTable(List.of(ONE, TWO), Direction.LOWER, measured::get, v -> TWO);
        assertThat(some.rows().get(0).mean()).isEqualTo(12);
        assertThat(some.rows().get(0).seeds().measured()).isEqualTo(2);
        assertThat(some.rows().get(0).difference()).isEqualTo(-8.5);
        assertThat(some.rows().get(0).best()).as("it is not always reached").isFalse();
        assertThat(some.rows().get(1).best()).isTrue();
        assertThat(new StudyTableText(some, "t").text())
                .contains("a_b   12.00 ± 2.83 (1 NA)  2  -8.50 [-27.56, 10.56] (1 NA)")
                .contains("NA: the target was never reached");

        Map<Long, Double> never = Map.of(1L, StudyTable.NEVER, 2L, StudyTable.NEVER);
        StudyTable none =
                new StudyTable(List.of(ONE, TWO), Direction.LOWER, v -> v == ONE ? never : measured.get(TWO), v -> TWO);
        assertThat(none.rows().get(0).mean()).isNaN();
        assertThat(new StudyTableText(none, "t").text())
                .containsPattern("a_b +NA +0 +NA\n")
                .doesNotContain("Infinity")
                .doesNotContain("NaN");
        assertThat(new StudyTableText(none, "t").csv())
                .contains("a_b,0,NA,,NA,,2,2\n")
                .contains("c,3,20.333333333333332,0.5773502691896258,,,0,0\n");
        assertThat(new StudyTableText(some, "t").csv())
                .contains(",1,1\n")
                .contains("c,3,20.333333333333332,0.5773502691896258,,,0,0\n");
        assertThat(new StudyTableText(some, "t").latex()).contains("$-8.50 [-27.56, 10.56]$ (1 NA)");
        assertThat(new StudyTableText(none, "t").markdown()).contains("| a_b | NA | 0 | NA |");
        assertThat(new StudyTableText(none, "t").latex()).contains("a\\_b & NA & 0 & NA \\\\");

        StudyTable baseline =
                new StudyTable(List.of(ONE, TWO), Direction.LOWER, v -> v == ONE ? never : measured.get(TWO), v -> ONE);
        assertThat(baseline.rows().get(1).difference()).isNaN();
        assertThat(new StudyTableText(baseline, "t").markdown())
                .contains("| a_b | NA | 0 | - |")
                .contains("| c | **20.33 ± 0.58** | 3 | NA |");
        StudyTable both = new StudyTable(
                List.of(ONE, TWO),
                Direction.LOWER,
                v -> v == ONE ? Map.of(1L, Double.NaN, 2L, StudyTable.NEVER) : Map.of(1L, Double.NaN),
                v -> null);
        assertThat(new StudyTableText(both, "t").text())
                .containsPattern("a_b +NA \\(1 diverged\\) +0")
                .containsPattern("c +diverged +0");
    }

    @Test
    void whatTakesUntilATargetTakesForEverWhereItIsNeverReached() throws IOException {
        JsonNode never = summary("false", "null");
        JsonNode reached = summary("true", "70.5");
        for (String measure : List.of("target.virtual_seconds", "virtual_seconds", "bytes_sent.total")) {
            assertThat(StudyRuns.measured(never, measure)).as(measure).isEqualTo(StudyTable.NEVER);
        }
        assertThat(StudyRuns.measured(reached, "target.virtual_seconds")).isEqualTo(70.5);
        assertThat(StudyRuns.measured(reached, "virtual_seconds")).isEqualTo(70.5);
        assertThat(StudyRuns.measured(never, "perplexity.mean"))
                .as("which is where it ended")
                .isEqualTo(30);
        assertThatThrownBy(() -> StudyRuns.measured(reached, "virtual_secs")).isInstanceOf(InputException.class);
        assertThat(StudyRuns.measured(json("{\"virtual_seconds\": 9}"), "virtual_seconds"))
                .isEqualTo(9);
        assertThat(StudyRuns.measured(json("{\"status\": \"diverged\"}"), "virtual_seconds"))
                .isNaN();
    }

    private static JsonNode summary(String reached, String seconds) throws IOException {
        return json("{\"perplexity\": {\"mean\": 30}, \"virtual_seconds\": 70.5, \"bytes_sent\": {\"total\": 8}, "
                + "\"target\": {\"perplexity\": 20, \"reached\": " + reached + ", \"virtual_seconds\": " + seconds
                + "}}");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void oneSeedHasNoDeviation() {
        StudyTable one = new StudyTable(
                List.of(ONE, TWO), Direction.LOWER, v -> v == ONE ? Map.of(1L, 10.0) : Map.of(), v -> null);
        assertThat(one.rows().get(0).deviation()).isNaN();
        assertThat(one.rows().get(1).mean()).isNaN();
        assertThat(new StudyTableText(one, "x").text()).contains("10.00 *").doesNotContain("baseline");
    }

    @Test
    void theHighestMeanIsTheBestOfAMetricOfWhichHigherIsBetter() {
        StudyTable accuracy = new StudyTable(
                List.of(ONE, TWO),
                Direction.HIGHER,
                v -> v == ONE ? Map.of(1L, 0.75, 2L, 0.25) : Map.of(1L, 0.5, 2L, 0.75),
                v -> null);
        assertThat(accuracy.rows()).extracting(StudyTable.Row::best).containsExactly(false, true);
        assertThat(new StudyTableText(accuracy, "accuracy.mean").text()).contains("*: the highest");
    }
}
