package coterie.scenarios.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixturesTest {
    private static final List<String> CATEGORIES = List.of("a", "b", "c");

    private static UserMixtures mixtures(String drift) {
        return Mixtures.overTime(
                ScenarioReader.read(
                        Path.of("x.yaml"), "users: 3\ndata: {heterogeneity: low, drift: " + drift + "}\n", List.of()),
                CATEGORIES);
    }

    @Test
    void aShiftMovesSharesToTheNextCategoriesAndAMixtureReplacesThem() {
        UserMixtures m = mixtures("[{at_seconds: 90, ids: [2], mixture: {b: 0.5, a: 0.5}}, {at_seconds: 60, shift: 1},"
                + " {at_seconds: 120, shift: 2, over_seconds: 10}]");
        assertThat(m.at(2, 0)).containsExactly(0.25, 0, 0.75);
        assertThat(m.at(2, 60)).containsExactly(0.75, 0.25, 0);
        assertThat(m.at(2, 90)).containsExactly(0.5, 0.5, 0);
        assertThat(m.at(2, 130)).containsExactly(0.5, 0, 0.5);
        assertThat(m.at(2, 125)).containsExactly(0.5, 0.25, 0.25);
        assertThat(m.at(0, 119)).containsExactly(0, 0.75, 0.25);
        assertThat(m.first()).isDeepEqualTo(mixtures("[]").first());
        assertThat(m.later()[0]).hasNumberOfRows(2);
    }

    @Test
    void aCategoryThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> mixtures("[{at_seconds: 1, mixture: {d: 1}}]"))
                .isInstanceOf(InputException.class)
                .hasMessage("x.yaml:2: data.drift.0.mixture: there is no category d; there are a, b, c");
    }

    @Test
    void changesAreListedUserByUser() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        DriftListing.print(mixtures("[]"), CATEGORIES, print);
        assertThat(out.size()).isZero();
        DriftListing.print(mixtures("[{at_seconds: 60, users: 1, shift: 1, over_seconds: 5}]"), CATEGORIES, print);
        assertThat(out.toString(StandardCharsets.UTF_8).strip().lines())
                .last()
                .isEqualTo("    0      1        60.0       5.0  b 75 %, c 25 %");
    }
}
