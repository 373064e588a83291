package coterie.scenarios.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private final Map<String, double[]> values = new LinkedHashMap<>();
    private final Map<String, double[]> others = new LinkedHashMap<>();

    private Map<Map<String, String>, Map<Long, Double>> results(String measure, Cells cells) {
        Map<Map<String, String>, Map<Long, Double>> all = new LinkedHashMap<>();
        (measure.equals("other") ? others : values).forEach((name, bySeed) -> {
            Map<String, String> variant =
                    Map.of("strategy", name.replaceAll("[0-9]", ""), "loss", name.replaceAll("[a-z]", ""));
            if (cells.has(variant)) {
                Map<Long, Double> seeds = new TreeMap<>();
                for (int k = 0; k < bySeed.length; k++) {
                    seeds.put(k + 1L, bySeed[k]);
                }
                all.put(variant, seeds);
            }
        });
        return all;
    }

    private static Cells cells(String strategy) {
        return new Cells(Map.of("strategy", strategy));
    }

    private static Relation less(String a, String b) {
        return new Relation.Less(cells(a), cells(b));
    }

    private Judgement judge(Relation relation) {
        return judgeAll(relation).get(0);
    }

    private List<Judgement> judgeAll(Relation... relations) {
        return Judge.judge(
                Arrays.stream(relations)
                        .map(r -> new Claim(r.inWords(), "", "measure", r))
                        .toList(),
                this::results);
    }

    private void given(String variant, double... bySeed) {
        values.put(variant, bySeed);
    }

    @Test
    void theWorkedExample() {
        given("a", 10, 12, 11);
        given("b", 12, 13, 14);
        Judgement j = judge(less("a", "b"));
        assertThat(j.effect()).isEqualTo(2);
        assertThat(j.interval()).isCloseTo(2.484, within(5e-4));
        // With 2 degrees of freedom p = 1 − t / √(2 + t²), here with t² = 12.
        assertThat(j.probability()).isCloseTo(1 - Math.sqrt(12.0 / 14), within(1e-12));
        assertThat(j.verdict()).isEqualTo(Verdict.UNCLEAR);
        // 2 > 3.182 / √4 is the first n for which the interval excludes 0.
        assertThat(j.needed()).isEqualTo(4);
        given("b", 12, 13, 14, 15);
        given("a", 10, 12, 11, 13);
        assertThat(judge(less("a", "b")).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(judge(less("b", "a")).verdict()).isEqualTo(Verdict.FAILS);
        assertThat(judge(less("b", "a")).effect()).isEqualTo(-2);
    }

    @Test
    void severalClaimsNeedMore() {
        given("a", 10, 12, 11, 13);
        given("b", 12, 13, 14, 15);
        given("c", 10, 13, 10, 13);
        double alone = judge(less("a", "b")).probability();
        assertThat(alone).isBetween(0.01, 0.05);
        List<Judgement> two = judgeAll(less("a", "b"), less("a", "c"));
        assertThat(two.get(0).probability()).isCloseTo(2 * alone, within(1e-12));
        assertThat(two.get(0).confidence()).isEqualTo(0.975);
        assertThat(two.get(1).confidence()).isEqualTo(0.95);
        assertThat(two.get(1).probability()).isEqualTo(1);
        // The interval excludes 0 exactly when the claim is decided.
        assertThat(two.get(0).verdict() == Verdict.HOLDS)
                .isEqualTo(two.get(0).effect() > two.get(0).interval());
        // The smallest p-value is multiplied by the number of claims, the next by one less.
        given("d", 20, 22, 21.5, 23);
        List<Judgement> three = judgeAll(less("a", "b"), less("a", "c"), less("a", "d"));
        assertThat(three.get(0).probability()).isCloseTo(2 * alone, within(1e-12));
        assertThat(three.get(2).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(three.get(2).confidence()).isCloseTo(1 - 0.05 / 3, within(1e-12));
    }

    @Test
    void cellsWithSeveralVariantsAreAveraged() {
        given("a1", 1, 2, 3, 4);
        given("a2", 3, 4, 5, 6.1);
        given("b1", 9, 9.5, 11, 12);
        Judgement j = judge(less("a", "b"));
        assertThat(j.effect()).isCloseTo((7 + 6.5 + 7 + 6.95) / 4, within(1e-12));
        assertThat(j.verdict()).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void aFactorComparesWithAMultiple() {
        given("a", 2.4, 2.5, 2.3, 2.6);
        given("b", 10, 11, 9.9, 10.8);
        Judgement j = judge(new Relation.Less(cells("a"), cells("b"), 0.25));
        assertThat(j.effect()).isCloseTo((0.1 + 0.25 + 0.175 + 0.1) / 4, within(1e-12));
        assertThat(j.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(judge(new Relation.Less(cells("a"), cells("b"), 0.2)).verdict())
                .isEqualTo(Verdict.FAILS);
    }

    @Test
    void equalityIsShownNotAssumed() {
        given("a", 100, 200, 300, 400);
        given("b", 100.1, 199.9, 300.2, 400.1);
        assertThat(judge(new Relation.Equal(cells("a"), cells("b"), 0.01)).verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(judge(new Relation.Equal(cells("a"), cells("b"), 0.0001)).verdict())
                .isEqualTo(Verdict.UNCLEAR);
        given("c", 110, 221, 329, 441);
        Judgement j = judge(new Relation.Equal(cells("a"), cells("c"), 0.01));
        assertThat(j.verdict()).isEqualTo(Verdict.FAILS);
        assertThat(j.effect()).isCloseTo(0.1, within(0.01));
        given("d", 90, 230, 270, 450);
        assertThat(judge(new Relation.Equal(cells("a"), cells("d"), 0.01)).verdict())
                .isEqualTo(Verdict.UNCLEAR);
    }

    @Test
    void anOrderHoldsIfEachStepDoes() {
        given("a", 1, 2, 3, 4);
        given("b", 2, 3.1, 4, 5);
        given("c", 3, 4, 5.1, 6);
        assertThat(judge(new Relation.Order(List.of(cells("a"), cells("b"), cells("c"))))
                        .verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(judge(new Relation.Order(List.of(cells("b"), cells("a"), cells("c"))))
                        .verdict())
                .isEqualTo(Verdict.FAILS);
        given("d", 3.1, 3.9, 5.3, 5.9);
        Judgement j = judge(new Relation.Order(List.of(cells("a"), cells("c"), cells("d"))));
        assertThat(j.verdict()).isEqualTo(Verdict.UNCLEAR);
        assertThat(j.effect()).as("the step that decides").isCloseTo(0.025, within(1e-12));
    }

    @Test
    void aTrendIsTheSlopeOverTheStepsOfASetting() {
        given("a1", 10, 20, 30, 40);
        given("a2", 11, 21.5, 31, 41);
        given("a3", 12, 22, 32.5, 42);
        Relation.Trend rising = new Relation.Trend("loss", List.of("1", "2", "3"), true, cells("a"));
        Judgement j = judge(rising);
        assertThat(j.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(j.effect()).isCloseTo((1 + 1 + 1.25 + 1) / 4, within(1e-12));
        assertThat(judge(new Relation.Trend("loss", rising.values(), false, cells("a")))
                        .verdict())
                .isEqualTo(Verdict.FAILS);
    }

    @Test
    void aCorrelationIsOverVariantsSeedBySeed() {
        double[] factor = {1, 2, 3, 4};
        for (int k = 0; k < 5; k++) {
            int step = k;
            given("a" + k, Arrays.stream(factor).map(f -> f * step + step % 2).toArray());
            others.put("a" + k, Arrays.stream(factor).map(f -> 10 - f * step).toArray());
        }
        Judgement j = judge(new Relation.Correlation("other", false, cells("a")));
        assertThat(j.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(j.effect()).isGreaterThan(0.9);
        assertThat(judge(new Relation.Correlation("other", true, cells("a"))).verdict())
                .isEqualTo(Verdict.FAILS);
    }

    @Test
    void twoMeasuresOfTheSameRunsAreComparedSeedBySeed() {
        given("a", 4, 7, 5, 6);
        others.put("a", new double[] {3, 5.5, 4, 4.5});
        Judgement j = judge(new Relation.Exceeds("other", cells("a")));
        assertThat(j.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(j.effect()).isCloseTo(1.25, within(1e-12));
        others.put("a", new double[] {5, 8.5, 6, 7.5});
        assertThat(judge(new Relation.Exceeds("other", cells("a"))).verdict()).isEqualTo(Verdict.FAILS);
    }

    @Test
    void whatHasNoNumberIsSaid() {
        given("a", 10, Results.NEVER);
        given("b", 12, 13);
        Judgement never = judge(less("a", "b"));
        assertThat(never.verdict()).isEqualTo(Verdict.NOT_REACHED);
        assertThat(never.effect()).isNaN();
        given("a", 10, Double.NaN);
        Judgement one = judge(less("a", "b"));
        assertThat(one.verdict()).isEqualTo(Verdict.UNCLEAR);
        assertThat(one.seeds()).as("under the other, training diverged").isEqualTo(1);
        given("a");
        assertThat(judge(less("a", "b")).seeds()).as("no run has ended").isZero();
        String text = new ClaimsText(List.of(never, one)).text();
        assertThat(text)
                .contains(
                        "not reached", "unclear (too few seeds)", "claims: holds 0, fails 0, unclear 1, not reached 1");
    }

    @Test
    void tablesSayTheSame() {
        given("a", 10, 12, 11, 13);
        given("b", 12, 13, 14, 15);
        ClaimsText text = new ClaimsText(judgeAll(less("a", "b"), less("b", "a")));
        assertThat(text.text())
                .contains("holds", "fails", "a < b", "2.00 [", "-2.00 [")
                .doesNotContain("±");
        assertThat(text.markdown()).contains("| **holds** | a < b | a < b | measure | 2.00 [");
        assertThat(text.csv().lines().skip(1)).allMatch(l -> l.split(",").length >= 10);
        assertThat(text.latex()).contains("a < b & holds & measure & $2.00 [");
    }
}
