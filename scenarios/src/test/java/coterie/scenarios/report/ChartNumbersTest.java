package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptableObject;

/** How the page's script writes numbers, and which ticks its axes have. */
class ChartNumbersTest {
    /** The value of a JavaScript expression over the page's functions. */
    private static String js(String expression) {
        try (Context context = Context.enter()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            context.setInterpretedMode(true);
            ScriptableObject scope = context.initSafeStandardObjects();
            String script = Page.script(List.of("words", "charts"));
            return Context.toString(context.evaluateString(
                    scope, script.replace("})();", "return " + expression + ";\n})();"), "page.js", 1, null));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "digits(1234567)          | 1,235,000",
                "digits(0.00001234, 2)    | 1.2e-5",
                "digits(null)             | –",
                "tick(0.1 + 0.2)          | 0.3",
                "tick(1234567)            | 1,234,567",
                "fixed(9.1)               | 9.10",
                "fixed(12345.678)         | 12,346",
                "fixed(0.012345)          | 0.0123",
                "plusMinus(21, 1.4)       | 21.00 ± 1.40",
                "plusMinus(1234.56, 78.9) | 1,234.6 ± 78.9",
                "plusMinus(null, 1)       | –",
                "interval(3, 0.5)         | 3.00 [2.50, 3.50]",
                "interval(3, null)        | 3.00",
                "duration(0)              | 0 s",
                "duration(0.25)           | 250 ms",
                "duration(90)             | 90 s",
                "duration(150)            | 2.5 min",
                "bytes(1234567)           | 1.23 MB"
            })
    void numbersHaveNoMoreDigitsThanTheyAreKnownTo(String expression, String text) {
        assertThat(js(expression)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "45      | virtual time (s)   | 0 10 20 30 40",
                "2100    | virtual time (min) | 0 5 10 15 20 25 30 35",
                "9000    | virtual time (min) | 0 30 60 90 120 150",
                "40000   | virtual time (h)   | 0 2 4 6 8 10",
                "1000000 | virtual time (d)   | 0 2 4 6 8 10",
                "0       | virtual time (ms)  | 0 200 400 600 800 1,000"
            })
    void ticksOfTimeAreRoundInOneUnit(double last, String name, String ticks) {
        String axis = "timeAxis(" + last + ", 'virtual time')";
        assertThat(js(axis + ".name")).isEqualTo(name);
        assertThat(js("(a => Array.from({length: Math.floor(a.max / a.interval) + 1}, (_, k) => "
                        + "a.axisLabel.formatter(k * a.interval)).join(' '))(" + axis + ")"))
                .isEqualTo(ticks);
    }

    @Test
    void ticksFollowAZoom() {
        String axis = "timeAxis(40000, 'virtual time', 50, 51)";
        assertThat(js(axis + ".name")).isEqualTo("virtual time (min)");
        assertThat(js(axis + ".interval")).isEqualTo("60");
        assertThat(js(axis + ".axisLabel.showMinLabel")).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.002 | 3000 | 0.01 0.1 1 10 100 1000",
                "8     | 70   | 10 15 20 30 50 70",
                "2     | 600  | 3 10 30 100 300",
                "41    | 44   | 41 42 43 44",
                "1     | 1.02 | 1 1.005 1.01 1.015 1.02"
            })
    void logarithmicTicksAreRound(double low, double high, String ticks) {
        assertThat(js("logTicks(" + low + ", " + high + ").map(v => Number(v.toPrecision(6))).join(' ')"))
                .isEqualTo(ticks);
    }
}
