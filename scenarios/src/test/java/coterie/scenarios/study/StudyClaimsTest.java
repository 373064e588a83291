package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.scenarios.claim.Cells;
import coterie.scenarios.claim.Claim;
import coterie.scenarios.claim.Relation;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyClaimsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("s.yaml"), "users: 4\ntime: {until_seconds: 100}\n");
    }

    private List<Claim> claims(String claims) {
        String study = """
                scenario: s.yaml
                grid:
                  collaboration.strategy: [local, fedavg]
                  time.loss: [0.1, 0.3, 0]
                measure: perplexity.auc@100s
                claims:
                """ + claims;
        return Study.read(folder.resolve("study.yaml"), study, List.of(), false).claims();
    }

    @Test
    void claimsNameTheirVariantsByValueOrName() {
        List<Claim> claims = claims("""
                  - {name: mixing helps, from: 'a paper, Table 1', less: [fedavg, local]}
                  - {name: without loss, measure: perplexity.mean, greater: ['local, 0', {collaboration.strategy: fedavg, time.loss: 0}]}
                  - {name: the same, equal: [{time.loss: 0}, {time.loss: 0.1}], within: 0.02}
                  - {name: order, order: [{time.loss: 0}, {time.loss: 0.1}, {time.loss: 0.3}]}
                  - {name: loss hurts, rising: time.loss, where: fedavg}
                  - {name: bytes help, correlated: bytes_sent.total, sign: negative}
                  - {name: much better, less: [fedavg, local], factor: 0.5}
                  - {name: more here, measure: bytes_sent.parameters, exceeds: bytes_sent.predictions, where: fedavg}
                """);
        Cells fedavg = new Cells(Map.of("collaboration.strategy", "fedavg"));
        Cells local = new Cells(Map.of("collaboration.strategy", "local"));
        assertThat(claims.get(0))
                .isEqualTo(new Claim(
                        "mixing helps", "a paper, Table 1", "perplexity.auc@100s", new Relation.Less(fedavg, local)));
        Map<String, String> lossless = Map.of("collaboration.strategy", "fedavg", "time.loss", "0");
        assertThat(claims.get(1).measure()).isEqualTo("perplexity.mean");
        assertThat(((Relation.Less) claims.get(1).relation()).a().values()).isEqualTo(lossless);
        assertThat(claims.get(2).relation().within()).isEqualTo(0.02);
        assertThat(((Relation.Order) claims.get(3).relation()).rising()).hasSize(3);
        assertThat(claims.get(4).relation())
                .isEqualTo(new Relation.Trend("time.loss", List.of("0", "0.1", "0.3"), true, fedavg));
        assertThat(claims.get(5).relation())
                .isEqualTo(new Relation.Correlation("bytes_sent.total", false, new Cells(Map.of())));
        assertThat(claims.get(6).relation()).isEqualTo(new Relation.Less(fedavg, local, 0.5));
        assertThat(claims.get(6).relation().inWords()).isEqualTo("fedavg < 0.5 × local");
        assertThat(claims.get(7).relation()).isEqualTo(new Relation.Exceeds("bytes_sent.predictions", fedavg));
        assertThat(claims.get(7).relation().inWords()).isEqualTo("exceeds bytes_sent.predictions (fedavg)");
    }

    @Test
    void whatIsNoClaimIsRefusedWithItsPlace() {
        refused("  - {less: [fedavg, local]}", "study.yaml:7: claims.0.name: must be a text, found nothing");
        refused("  - {name: a}", "study.yaml:7: claims.0: must have one of less, greater");
        refused("  - {name: a, less: [fedavg, local], greater: [fedavg, local]}", "found greater and less");
        refused(
                "  - {name: a, less: [fedavg, local], within: 1}",
                "claims.0.within: unknown key; allowed here: factor, from, less");
        refused(
                "  - {name: a, less: [fedavg, locall]}",
                "claims.0.less.1: no variant is locall; there are \"local, 0.1\"");
        refused("  - {name: a, less: [fedavg]}", "claims.0.less: must be a list of two variants");
        refused("  - {name: a, less: [fedavg, fedavg]}", "claims.0.less: names the same variants twice");
        refused("  - {name: a, rising: time.los}", "claims.0.rising: time.los has no values in these variants");
        refused("  - {name: a, rising: time.loss, where: {time.loss: 0}}", "time.loss has one value");
        refused(
                "  - {name: a, equal: [fedavg, local], within: 3}",
                "claims.0.within: must be a number between 0 and 1");
        refused("  - {name: a, less: [fedavg, local], factor: 0}", "claims.0.factor: must be a number greater than 0");
        refused("  - {name: a, correlated: perplexity.mean, sign: up}", "claims.0.sign: must be positive or negative");
        refused(
                "  - {name: a, measure: fun, less: [fedavg, local]}",
                "claims.0.measure: summary.json has no numbers at");
        refused("  - {name: a, measure: perplexity@200s, less: [fedavg, local]}", "ends after 100.0 s");
        refused(
                "  - {name: a, less: [fedavg, local]}\n  - {name: a, less: [local, fedavg]}",
                "study.yaml:8: claims.1.name: two claims are called \"a\"");
        refused("  many", "study.yaml:6: claims: must be a list of claims, found \"many\"");
    }

    private void refused(String claims, String message) {
        assertThatThrownBy(() -> claims(claims))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }
}
