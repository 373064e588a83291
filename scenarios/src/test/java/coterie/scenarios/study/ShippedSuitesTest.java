package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.claim.Claim;
import coterie.scenarios.config.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The suites in the repository: both sizes of each study can be begun, and every claim says where it comes from. */
class ShippedSuitesTest {
    private static final int FEWEST_SEEDS = 3;

    private static List<Suite> suites() throws IOException {
        return Suite.in(Path.of("claims").toAbsolutePath());
    }

    @Test
    void theSmallSizeNeedsNoOtherFilesAndHasSeedsEnough() throws IOException {
        assertThat(suites()).isNotEmpty();
        for (Suite suite : suites()) {
            assertThat(List.of(suite.about(), suite.time())).as(suite.name()).doesNotContain("");
            for (Study study : suite.studies(List.of(), false)) {
                assertThat(study.question()).as(study.name()).isNotEmpty();
                assertThat(study.seeds().size()).as(study.name()).isGreaterThanOrEqualTo(FEWEST_SEEDS);
                assertThat(study.claims())
                        .extracting(Claim::from)
                        .as(study.name())
                        .doesNotContain("");
                for (Study.Variant v : study.variants()) {
                    assertThat(OtherFiles.of(
                                    study.run(v, 1).loaded(),
                                    suite.files().get(0).getParent()))
                            .as(v.name())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void theFullSizeHasTheSameClaims() throws IOException {
        for (Suite suite : suites()) {
            for (Path file : suite.files()) {
                Study full = Study.read(file, Files.readString(file), List.of(), true, true);
                assertThat(full.claims()).as(full.name()).isNotEmpty();
                if (!suite.name().equals("paper")) {
                    continue;
                }
                for (Study.Variant v : full.variants()) {
                    Scenario s = full.run(v, 1).loaded().scenario();
                    assertThat(s.model().base()).as(full.name()).isEqualTo("models/gpt2");
                    assertThat(s.training().context()).as(full.name()).isEqualTo(512);
                }
            }
        }
    }

    /** Studies of a suite share a folder: what two of them ask is run once. */
    @Test
    void studiesShareRuns() throws IOException {
        for (Suite suite : suites()) {
            Set<String> distinct = new HashSet<>();
            int all = 0;
            for (Study study : suite.studies(List.of(), false)) {
                distinct.addAll(study.variants().stream()
                        .map(v -> study.run(v, 1).loaded().yaml())
                        .collect(Collectors.toSet()));
                all += study.variants().size();
            }
            assertThat(distinct.size()).as(suite.name()).isLessThan(all);
        }
    }
}
