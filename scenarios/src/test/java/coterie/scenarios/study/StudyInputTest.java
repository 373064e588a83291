package coterie.scenarios.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.schedule.Mode;
import coterie.scenarios.config.DataSettings;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A study file means what it says, or is refused with its place. */
class StudyInputTest {
    @TempDir
    Path folder;

    @BeforeEach
    void scenario() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), "users: 4\n");
    }

    private Study read(String text) {
        return Study.read(folder.resolve("study.yaml"), text, List.of(), false);
    }

    @Test
    void seedsAreAListOrARange() {
        assertThat(read("scenario: small.yaml\ngrid: {users: [2]}\nseeds: [3, 1]")
                        .seeds())
                .containsExactly(3L, 1L);
        assertThat(read("scenario: small.yaml\ngrid: {users: [2]}\nseeds: 1..3").seeds())
                .containsExactly(1L, 2L, 3L);
        assertThat(read("scenario: small.yaml\ngrid: {users: [2]}\nseeds: [1..3, 7]")
                        .seeds())
                .containsExactly(1L, 2L, 3L, 7L);
        assertThat(read("scenario: small.yaml\ngrid: {users: [2]}\nseeds:").seeds())
                .containsExactly(1L);
    }

    @Test
    void theFullSizeReplacesKeys() throws IOException {
        Files.writeString(folder.resolve("large.yaml"), "users: 40\n");
        String text = """
                question: >
                  Which size
                  is better?
                scenario: small.yaml
                set: {training.iterations: 10, training.batch_size: 2}
                grid: {time.loss: [0, 0.1]}
                full: {scenario: large.yaml, set: {training.iterations: 99}, seeds: [1, 2]}
                """;
        Path file = folder.resolve("study.yaml");
        Study small = Study.read(file, text, List.of(), false);
        Study full = Study.read(file, text, List.of(), false, true);
        assertThat(small.question()).isEqualTo("Which size is better?");
        Scenario in = small.runs().get(0).loaded().scenario();
        assertThat(List.of(in.users(), in.training().iterations(), in.training().batchSize()))
                .containsExactly(4, 10, 2);
        assertThat(full.runs()).as("under two seeds").hasSize(4);
        Scenario large = full.runs().get(0).loaded().scenario();
        assertThat(large.users()).isEqualTo(40);
        assertThat(large.training().iterations()).isEqualTo(99);
        assertThat(large.training().batchSize())
                .as("the whole of set is replaced")
                .isNotEqualTo(2);
        assertThatThrownBy(() -> Study.read(file, text.replaceAll("full: .*", ""), List.of(), false, true))
                .hasMessageContaining("the study has no full size");
        assertThatThrownBy(() -> Study.read(file, text.replace("seeds: [1, 2]", "seed: 3"), List.of(), false))
                .hasMessageContaining("study.yaml:7: full.seed: unknown key");
        assertThatThrownBy(() ->
                        Study.read(file, text.replace("training.iterations: 99", "users: -1"), List.of(), false, true))
                .hasMessageContaining("study.yaml:7: ");
    }

    @Test
    void whatAStudyDecidesAnywayMayBeSaid() {
        assertThat(read("scenario: small.yaml\nset: {baselines: [], checkpoints.path: ~, name: "
                                + "mine}\ngrid: {users: [2]}")
                        .variants())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            grid: {users: [2]}\\nseeds: 3 | study.yaml:3: seeds | for instance [1, 2, 3], or a range, 1..3; found 3
            grid: {users: [2]}\\nseeds: 3..1                 | study.yaml:3: seeds             | found "3..1"
            grid: {users: [2]}\\nseeds: []                   | study.yaml:3: seeds             | must be a list
            grid: {users: [2]}\\nseeds: [1, 1]               | study.yaml:3: seeds             | 1 stands there twice
            grid: {users: [2]}\\nseeds: [1..3, 2]            | study.yaml:3: seeds             | 2 stands there twice
            grid: {users: [2]}\\nseeds: [1.5]                | study.yaml:3: seeds             | whole numbers
            grid: {users: [2]}\\nseeds: [~]                  | study.yaml:3: seeds             | whole numbers
            grid: {users: [2]}\\nseeds: 1..9999999999        | study.yaml:3: seeds             | more than 100000 runs
            grid: {users: [2, 2]} | study.yaml:2: grid | two variants are called "2"
            grid: {users: 2}                                | study.yaml:2: grid.users        | must be a list of values
            grid: {users: []}                               | study.yaml:2: grid.users        | must be a list of values
            grid: {users: [2], users: [3]}                  | study.yaml:2: grid.users        | appears twice
            grid: [users]                                   | study.yaml:2: grid              | must be a map
            variants: [{name: a}, {name: a}] | study.yaml:2: variants | two variants are called "a"
            variants: [{set: {users: 2}}]                   | study.yaml:2: variants.0        | needs a name
            variants: [{name: a, sett: {users: 2}}]         | study.yaml:2: variants.0.sett   | unknown key
            variants: [{name: a, set: [users]}]             | study.yaml:2: variants.0.set    | must be a map
            variants: [~]                                   | study.yaml:2: variants.0        | needs a name
            grid: {seed: [1, 2]} | study.yaml:2: grid.seed | the study's own key seeds
            grid: {baselines: [[local], []]}                | study.yaml:2: grid.baselines    | make a variant
            grid: {users: [2]}\\nset: {seed: 7} | study.yaml:3: set.seed | the study's own key seeds
            variants: [{name: a, set: {checkpoints.path: x}}] | study.yaml:2: variants.0.set.checkpoints.path \
            | their own folders
            grid: {checkpoints: [{path: x}]}                | study.yaml:2: grid.checkpoints | their own folders
            grid: {users: [2]}\\nset: {checkpoints: {path: x}} | study.yaml:3: set.checkpoints.path | their own folders
            grid: {users: [2]}\\nmeasure: 3                  | study.yaml:3: measure           | must be a text
            grid: {users: [2]}\\nmeasure: perplexity@1h     | study.yaml:3: measure           | perplexity@600s
            grid: {users: [2]}\\nmeasure: perplexiti.mean | study.yaml:3: measure | no numbers at "perplexiti"
            grid: {time.until_seconds: [9, 5]}\\nmeasure: perplexity@7s | study.yaml:3: measure \
            | variant "5" ends after 5
            grid: {users: [2]}\\nname: a/b                   | study.yaml:3: name              | letters, digits
            grid: {users: [2]}\\nset: 3                      | study.yaml:3: set               | must be a map
            grid: {users: [2]}\\ngird: 3                     | study.yaml:3: gird              | unknown key
            grid: {users: [2]}\\n---\\nseeds: [1]             | study.yaml:4                    | second document
            grid: {users: [2, many]}                        | study.yaml                      | variant "many"
            grid: {users: [2, 3]}\\nbaseline: 4              | study.yaml:3: baseline          | there are ["2", "3"]
            grid: {users: [2, 3]}\\nbaseline: [2] | study.yaml:3: baseline | must be a variant's name or a map
            grid: {users: [2, 3]}\\nbaseline: {}            | study.yaml:3: baseline          | found an empty map
            grid: {users: [2, 3]}\\nbaseline: {users: 4} | study.yaml:3: baseline.users | found 4, allowed are 2, 3
            grid: {users: [2, 3]}\\nbaseline: {seed: 4} | study.yaml:3: baseline.seed \
            | is not varied; what is varied: users
            """)
    void aMistakeIsToldWithItsPlace(String escaped, String place, String words) {
        assertThatThrownBy(() -> read("scenario: small.yaml\n" + escaped.replace("\\n", "\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(words);
    }

    @Test
    void aBaselineIsAVariantOrDiffersInTheValuesThatItNames() {
        String grid =
                "scenario: small.yaml\ngrid: {collaboration: [{strategy: local}, {strategy: fedavg}], users: [2, 3]}\n";
        assertThat(baselines(read(grid))).containsOnlyNulls();
        assertThat(baselines(read(grid + "baseline: '{strategy:local}, 3'")))
                .extracting(Study.Variant::name)
                .containsOnly("{strategy:local}, 3");
        assertThat(baselines(read(grid + "baseline: {collaboration: {strategy: local}}")))
                .extracting(Study.Variant::name)
                .containsExactly(
                        "{strategy:local}, 2", "{strategy:local}, 3", "{strategy:local}, 2", "{strategy:local}, 3");
        assertThat(baselines(read(grid + "baseline: {users: 3}")))
                .extracting(Study.Variant::name)
                .containsExactly(
                        "{strategy:local}, 3", "{strategy:local}, 3", "{strategy:fedavg}, 3", "{strategy:fedavg}, 3");
    }

    private static List<Study.Variant> baselines(Study study) {
        return study.variants().stream().map(study.baselines()::get).toList();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aGridIsCountedBeforeItIsMade() {
        StringBuilder grid = new StringBuilder("scenario: small.yaml\ngrid:\n");
        for (String key : List.of(
                "users",
                "training.batch_size",
                "training.iterations",
                "training.context",
                "data.test_tokens",
                "data.train_tokens")) {
            grid.append("  ").append(key).append(": [").append("1,".repeat(99)).append("1]\n");
        }
        assertThatThrownBy(() -> read(grid.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("more than 100000 runs");
    }

    @Test
    void aMapIsLaidOverInSetVariantsAndGrid() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), """
                users: 4
                data: {train_tokens: 300, heterogeneity: low}
                time: {loss: 0.25, compute: {model: lognormal, mean_seconds: 12, sigma: 2}}
                """);
        Study study = read("""
                scenario: small.yaml
                set: {time: {mode: synchronous}}
                variants:
                  - {name: a}
                  - {name: b, set: {data: {train_tokens: 400}, time.compute: {model: constant}}}
                grid: {training: [{context: 32}, {context: 16}], topology: [{kind: full}, {kind: torus, rows: 2}]}
                """);
        assertThat(study.variants()).hasSize(8);
        for (Study.Run run : study.runs()) {
            Scenario s = run.loaded().scenario();
            boolean first = run.variant().name().startsWith("a,");
            assertThat(s.time().mode()).isEqualTo(Mode.SYNCHRONOUS);
            assertThat(s.time().loss()).isEqualTo(0.25);
            assertThat(s.time().compute())
                    .isEqualTo(first ? new ComputeTime.LogNormal(12, 2) : new ComputeTime.Constant(30));
            assertThat(s.data().trainTokens()).isEqualTo(first ? 300 : 400);
            assertThat(s.data().heterogeneity()).isEqualTo(DataSettings.Heterogeneity.LOW);
            assertThat(s.training().context()).isEqualTo(run.variant().name().contains("32") ? 32 : 16);
            assertThat(s.training().iterations()).isEqualTo(200);
        }
    }

    @Test
    void mistakesOfAVariantAreToldTogetherWithTheirPlaces() throws IOException {
        Files.writeString(folder.resolve("base.yaml"), "users: 4\ntopology: {kind: k-regular, degree: 2}\n");
        Files.writeString(folder.resolve("small.yaml"), "extends: base.yaml\nrecord: {samples: x}\n");
        assertThatThrownBy(() -> read("""
                        scenario: small.yaml
                        set: {time.loss: 2}
                        grid:
                          users: [2]
                        """)).isInstanceOfSatisfying(InputException.class, e -> {
            String variant = folder.resolve("study.yaml") + ": variant \"2\": ";
            assertThat(e.mistakes())
                    .allMatch(m -> m.startsWith(variant))
                    .anyMatch(m -> m.contains("small.yaml:2: record.samples: must be a whole number"))
                    .anyMatch(m -> m.contains("study.yaml:2: set.time.loss: time.loss: loss must lie"));
        });
        Files.writeString(folder.resolve("small.yaml"), "extends: base.yaml\n");
        assertThatThrownBy(() -> read("scenario: small.yaml\ngrid:\n  users: [2]\n"))
                .hasMessageContaining("study.yaml:3: grid.users: topology: degree must be smaller");
        assertThat(read("scenario: small.yaml\ngrid: {topology: [{kind: ring}], users: [2]}")
                        .runs()
                        .get(0)
                        .loaded()
                        .scenario()
                        .topology())
                .isEqualTo(new GraphModel.Ring());
    }

    @Test
    void aScenarioThatIsMissingIsTold() {
        assertThatThrownBy(() -> read("scenario: gone.yaml\ngrid: {users: [2]}"))
                .hasMessageContaining("gone.yaml: there is no such file");
        assertThatThrownBy(() -> read("scenario: ~\ngrid: {users: [2]}"))
                .hasMessageContaining("study.yaml:1: scenario: must be a text");
    }
}
