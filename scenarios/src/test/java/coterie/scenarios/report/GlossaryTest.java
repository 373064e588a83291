package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Terms of the page and their meaning. */
class GlossaryTest {
    /** {@code [words]} or {@code [words|term]} in a text of a script. */
    private static final Pattern TERM = Pattern.compile("\\[([\\p{L}’ ]{3,}\\|)?([\\p{L} ]{3,})](?=[^'\\n]*')");

    @Test
    void aRowMayNameSeveralTerms() {
        ObjectNode terms = Glossary.terms("""
                Words before.

                | term | meaning | in the literature |
                |---|---|---|
                | one, two (of a kind) | A **mixture** of *x*, `a.b` and [a page](page.md#there). | [paper](x) |
                | bars | From \\|a\\| to b. | |
                """);
        assertThat(terms).hasSize(3);
        assertThat(terms.path("one").asText()).isEqualTo("A mixture of x, a.b and a page.");
        assertThat(terms.path("two (of a kind)")).isEqualTo(terms.path("one"));
        assertThat(terms.path("bars").asText()).isEqualTo("From |a| to b.");
    }

    @Test
    void whatPagesCallATermIsInTheGlossary() {
        TreeSet<String> used = new TreeSet<>(List.of("versions behind", "age", "participation", "trust to oracle"));
        for (String script : List.of("activity", "attackers", "traffic", "trust", "run")) {
            Matcher m = TERM.matcher(Page.resource(Page.OWN + script + ".js"));
            while (m.find()) {
                used.add(m.group(2));
            }
        }
        assertThat(used).contains("consensus distance", "trust change", "oracle", "virtual time");
        assertThat(Glossary.terms().properties().stream().map(e -> e.getKey()).toList())
                .containsAll(used);
    }
}
