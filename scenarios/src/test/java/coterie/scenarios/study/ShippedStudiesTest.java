package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.task.Metric;
import coterie.scenarios.config.DataSettings;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.run.Preflight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The studies in the repository: every run of each can be begun, and they are of the sizes that they say. */
class ShippedStudiesTest {
    private static final Path STUDIES = Path.of("studies").toAbsolutePath();
    private static final Set<Strategy> OF_THE_PAPER = Set.of(
            Strategy.of("local"),
            Strategy.of("fedavg"),
            Strategy.of("model-similarity"),
            Strategy.of("validation-performance"),
            Strategy.of("prediction-similarity"),
            Strategy.of("oracle"));

    static List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(STUDIES)) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Study study(String name, boolean elsewhere) throws IOException {
        Path file = STUDIES.resolve(name);
        return Study.read(file, Files.readString(file), List.of(), elsewhere);
    }

    /** A run of each variant: other seeds have the same settings, and as much text. */
    private static List<Study.Run> firstSeed(Study study) {
        return study.variants().stream()
                .map(v -> study.run(v, study.seeds().get(0)))
                .toList();
    }

    /** As {@code coterie validate} does: whole where a study needs no files, without them where it does. */
    @ParameterizedTest
    @MethodSource("names")
    void everyRunCanBeBegun(String name) throws IOException {
        boolean small = name.endsWith("-small.yaml");
        Study study = study(name, !small);
        Set<Object> looked = new HashSet<>();
        for (Study.Run run : firstSeed(study)) {
            Scenario s = run.loaded().scenario();
            // Variants that differ in nothing else have the same base, text and simulation.
            if (looked.add(List.of(s.users(), s.model(), s.data(), s.topology()))) {
                if (small) {
                    Preflight.check(run.loaded());
                } else {
                    Preflight.checkElsewhere(run.loaded());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("smallNames")
    void aSmallStudyNeedsNoOtherFiles(String name) throws IOException {
        for (Study.Run run : firstSeed(study(name, true))) {
            assertThat(OtherFiles.of(run.loaded(), STUDIES.getParent()))
                    .as(run.variant().name())
                    .isEmpty();
        }
    }

    static List<String> smallNames() throws IOException {
        return names().stream().filter(n -> n.endsWith("-small.yaml")).toList();
    }

    @ParameterizedTest
    @MethodSource("namesOfThePaper")
    void aStudyOfThePaperHasItsBaseOrTheSmallest(String name) throws IOException {
        String base = name.endsWith("-tiny.yaml") ? "builtin:tiny" : "models/gpt2";
        for (Study.Run run : firstSeed(study(name, true))) {
            assertThat(run.loaded().scenario().model().base())
                    .as(run.variant().name())
                    .isEqualTo(base);
        }
    }

    static List<String> namesOfThePaper() throws IOException {
        return names().stream()
                .filter(n -> n.startsWith("paper-") && !n.endsWith("-small.yaml"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "table-4",
                "table-5",
                "table-7",
                "table-8",
                "table-9",
                "figure-2",
                "figure-3",
                "figure-6",
                "appendix-a4"
            })
    void whatThePaperShowsIsAskedInFullAndInSmall(String what) throws IOException {
        for (String form : List.of(".yaml", "-small.yaml")) {
            String text = Files.readString(STUDIES.resolve("paper-" + what + form));
            assertThat(text)
                    .startsWith("# What it shows: ")
                    .contains("\n# What to expect: ", "\n# What it needs: ", "\n# How long: ");
        }
    }

    /** As the documentation says, an attack is compared with the control under the same strategy and rule. */
    @Test
    void theDocumentedStudyOfHarmPairsEachAttackWithTheControl() throws IOException {
        Matcher example = Pattern.compile("```yaml\\n(scenario: .*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/adversaries.md")));
        assertThat(example.find()).isTrue();
        Study study = Study.read(STUDIES.resolve("example.yaml"), example.group(1), List.of(), true);
        assertThat(study.baselines()).hasSize(8);
        study.baselines().forEach((variant, baseline) -> {
            Map<String, String> control = new LinkedHashMap<>(variant.values());
            control.put("variant", "none");
            assertThat(baseline.values()).isEqualTo(control);
        });
        assertThat(study.better()).isEqualTo(Metric.Direction.LOWER);
        assertThat(study.claims()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper-table-8.yaml", "paper-table-8-small.yaml"})
    void tableEightHasAllStrategiesAndRanks(String name) throws IOException {
        Set<String> found = study(name, true).runs().stream()
                .map(r -> r.loaded().scenario())
                .map(s -> s.collaboration().strategy() + " " + s.model().lora().rank())
                .collect(Collectors.toSet());
        assertThat(found).hasSize(OF_THE_PAPER.size() * 4);
        for (Strategy strategy : OF_THE_PAPER) {
            for (int rank : new int[] {4, 8, 16, 32}) {
                assertThat(found).contains(strategy + " " + rank);
            }
        }
    }

    /** A paper's scenario does nothing that only its released code does, and sends no more than its Table 6 counts. */
    @Test
    void thePapersScenariosAreThePapers() throws IOException {
        try (Stream<Path> all = Files.list(STUDIES.resolveSibling("paper"))) {
            for (Path file :
                    all.filter(p -> p.toString().endsWith("-gpt2.yaml")).toList()) {
                Loaded loaded = ScenarioReader.read(file, List.of());
                Scenario s = loaded.scenario();
                assertThat(s.model().baseDropout()).as("%s", file).isZero();
                assertThat(s.model().evaluationDropout()).as("%s", file).isFalse();
                assertThat(s.evaluation().protocol()).as("%s", file).isEqualTo(Scenario.TestSet.TEST);
                assertThat(s.collaboration().fineTuneShare()).as("%s", file).isEqualTo(0.1);
                assertThat(s.collaboration().startAfter()).as("%s", file).isEqualTo(100);
                Scenario.Trust t = s.collaboration().trust();
                assertThat(t.sharedWindows()).as("%s", file).isEqualTo(200);
                assertThat(t.positions()).as("%s", file).isEqualTo(Scenario.Positions.LAST);
            }
        }
    }

    /** AG News has 127,600 articles of some 50 tokens and an end of text in four classes of one size. */
    @ParameterizedTest
    @ValueSource(strings = {"ag-news-high-gpt2.yaml", "ag-news-low-gpt2.yaml"})
    void agNewsHasAsMuchTextAsIsAskedFor(String name) {
        Scenario s = ScenarioReader.read(STUDIES.resolveSibling("paper").resolve(name), List.of())
                .scenario();
        DataSettings d = s.data();
        long each = (long) d.trainTokens() + d.validationTokens() + d.testTokens();
        assertThat((s.users() * each + d.sharedTokens()) / 4).isLessThan(1_615_000);
        assertThat(d.testTokens()).isEqualTo(name.contains("high") ? 50_000 : 75_000);
    }
}
