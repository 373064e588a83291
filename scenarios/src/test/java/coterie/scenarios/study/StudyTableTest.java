package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables of numbers that were worked out by hand. */
class StudyTableTest {
    private static final Study.Variant ONE = new Study.Variant(new LinkedHashMap<>(Map.of("trust.kind", "a_b")), List.of());
    private static final Study.Variant TWO = new Study.Variant(new LinkedHashMap<>(Map.of("trust.kind", "c")), List.of());
    private final StudyTable table = new StudyTable(List.of(ONE, TWO), v -> v == ONE ? Map.of(1L, 10.0, 2L, 12.0, 3L, 11.0) : Map.of(1L, 12.0, 2L, 13.0, 3L, 14.0, 4L, 99.0),
            "c");

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
    void everyFormSaysTheSame() {
        assertThat(table.text("perplexity")).contains("a_b   11.00 ± 1.00 *  3  -2.00 ± 2.48");
        assertThat(table.csv()).startsWith("trust.kind,n,mean,standard_deviation,difference,confidence_95\na_b,3,11.0,1.0,-2.0,2.48");
        assertThat(table.markdown("perplexity")).contains("| a_b | **11.00 ± 1.00** | 3 | -2.00 ± 2.48 |");
        assertThat(table.latex("perplexity")).contains("a\\_b & \\boldmath$11.00 \\pm 1.00$ & 3 & $-2.00 \\pm 2.48$ \\\\");
    }

    @Test
    void oneSeedHasNoDeviation() {
        StudyTable one = new StudyTable(List.of(ONE, TWO), v -> v == ONE ? Map.of(1L, 10.0) : Map.of(), null);
        assertThat(one.rows().get(0).deviation()).isNaN();
        assertThat(one.rows().get(1).mean()).isNaN();
        assertThat(one.text("x")).contains("10.00 *").doesNotContain("baseline");
    }
}
