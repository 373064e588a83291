package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.topology.availability.Participation;
import coterie.topology.graph.GraphModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A scenario file means what YAML 1.2 says, or is refused with its place. */
class YamlInputTest {
    private static ScenarioReader.Loaded read(String text, String... overrides) {
        return ScenarioReader.read(Path.of("s.yaml"), text, List.of(overrides));
    }

    @Test
    void aliasesStandForWhatTheyName() {
        Scenario s = read("""
                name: &n mine
                checkpoints: {path: *n}
                training: &t {batch_size: 2, context: 32}
                evaluation: {every: &e 7}
                collaboration: {every: *e}
                """).scenario();
        assertThat(s.checkpoints().path()).isEqualTo("mine");
        assertThat(s.collaboration().every()).isEqualTo(7);
    }

    @Test
    void aMergedMapStandsBehindTheMapsOwnKeys() {
        Scenario s = read("faults: {crashes: [&c {user: 1, at_seconds: 5}, {<<: *c, user: 2}]}")
                .scenario();
        assertThat(s.faults().crashes().get(1).user()).isEqualTo(2);
        assertThat(s.faults().crashes().get(1).atSeconds()).isEqualTo(5);
    }

    @Test
    void aliasesThatGrowWithoutBoundOrLoopAreRefused() {
        StringBuilder bomb = new StringBuilder("name: x\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int k = 1; k < 12; k++) {
            bomb.append("a")
                    .append(k)
                    .append(": &a")
                    .append(k)
                    .append(" [")
                    .append(("*a" + (k - 1) + ", ").repeat(10))
                    .append("]\n");
        }
        assertThatThrownBy(() -> read(bomb.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:")
                .hasMessageContaining("aliases");
        assertThatThrownBy(() -> read("training: &t {a: *t}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:1")
                .hasMessageContaining("alias");
    }

    @Test
    void aTextNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> read("name: " + "[".repeat(100_000)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:1: more than 100 levels");
        assertThatThrownBy(() -> read("{name: ".repeat(5000)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:1: more than 100 levels");
        assertThatThrownBy(() -> read("a:\n b: \u0001\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:2")
                .hasMessageContaining("U+0001");
    }

    @Test
    void aBlockOrListWithEverythingCommentedOutIsItsDefault() {
        Scenario s = read("""
                training:
                #  iterations: 5
                topology:
                baselines:
                #  - local
                """).scenario();
        assertThat(s.training().iterations()).isEqualTo(200);
        assertThat(s.topology()).isEqualTo(new GraphModel.Ring());
        assertThat(s.baselines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# users: 3\n", "---\n", "~"})
    void aFileWithNothingInItIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml: there is nothing in it");
    }

    /** The text; the place and the words of the message. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            users: 3\\n---\\nusers: 4                         | s.yaml:3                            | second document
            users: 3\\n---\\n                                 | s.yaml:3                            | second document
            users: 010                                       | s.yaml:1: users: found 010          | octal
            users: -007                                      | s.yaml:1: users: found -007         | octal
            training: {learning_rate: 1e400} | s.yaml:1: training.learning_rate | than the largest number
            users: 99999999999999999999 | s.yaml:1: users: must be a whole number | found 99999999999999999999
            seed: 1e30                                       | s.yaml:1: seed: must be a whole number | found 1.0E30
            users: 1_000                                     | s.yaml:1: users: must be a whole number | found "1_000"
            users: ~                                         | s.yaml:1: users: must be like 8     | found nothing
            users:                                           | s.yaml:1: users: must be like 8     | found nothing
            users: !!python/object:os.system x               | s.yaml:1: users: the tag            | not supported
            ? [a, b]\\n: 3 | s.yaml:1 | a key must be a word
            name: x\\nname: y                                 | s.yaml:2: name: appears twice       | in this map
            name: "a\\u0000b"                               | s.yaml:1: name: name must be        | letters, digits
            users: 3\\u0007                                   | s.yaml:1                            | not valid YAML
            collaboration: {strategy: ~}                     | s.yaml:1: collaboration.strategy    | found nothing
            topology: {kind: ~}                              | s.yaml:1: topology.kind: found nothing | allowed: ring
            topology: {kind: [ring]}                         | s.yaml:1: topology.kind: found a list | allowed: ring
            tracking: {csv: true}                            | s.yaml:1: tracking                  | found a map
            record: {messages: yes} | s.yaml:1: record.messages: must be true or false | found "yes"
            training: {betas: [0.9]} | s.yaml:1: training.betas | two numbers in [0, 1)
            training: {betas: [0.9, ~]}                      | s.yaml:1: training.betas.1          | must not be empty
            training: {betas: [0.9, 0.95, 0.99]} | s.yaml:1: training.betas | two numbers in [0, 1)
            training: {betas: ["0.9", 0.95]} | s.yaml:1: training.betas.0: must be a number | found "0.9"
            training: {betas: ~}                             | good                                | the default
            baselines: [~]                                   | s.yaml:1: baselines.0               | must not be empty
            baselines:\\n  - local\\n  -                       | s.yaml:3: baselines.1               | must not be empty
            baselines: [local, local]                        | s.yaml:1: baselines: local          | stands there twice
            baselines: "local,fedavg" | s.yaml:1: baselines: found "local,fedavg" | allowed: local
            model: {lora: {targets: []}}                     | s.yaml:1: model.lora.targets        | at least one
            model: {lora: {targets: [~]}}                    | s.yaml:1: model.lora.targets.0      | must not be empty
            model: {lora: {targets: attention}} | s.yaml:1: model.lora.targets: must be a list | found "attention"
            faults: {crashes: [~]}                           | s.yaml:1: faults.crashes.0          | must not be empty
            faults: {crashes: [{user: 1, at_second: 3}]} | s.yaml:1: faults.crashes.0.at_second: unknown key \
            | did you mean at_seconds?
            faults: {crashes: [{at_seconds: 3}]}             | s.yaml:1: faults.crashes.0.user     | found nothing
            faults: {crashes: 3}                             | s.yaml:1: faults.crashes: must be a list | found 3
            time: {partitions: [{from_seconds: 1, until_seconds: 2, groups: [[0, 99]]}]} \
            | s.yaml:1: time.partitions.0.groups: users are 0 to 7 | found 99
            time: {partitions: [~]}                          | s.yaml:1: time.partitions.0         | must not be empty
            time: {partitions: [{from_seconds: 1, until_seconds: 2, groups: [~]}]} \
            | s.yaml:1: time.partitions.0.groups.0 | must not be empty
            time: {partitions: [{from_seconds: 1, until_seconds: 2}]} | s.yaml:1: time.partitions.0: groups \
            | at least one group
            data: {heterogeneity: mixtures, mixtures: [~]}   | s.yaml:1: data.mixtures.0           | must not be empty
            `users: 1\\ndata: {heterogeneity: mixtures, mixtures: [{english: ~}]}` | s.yaml:2: data.mixtures.0.english \
            | must be a share
            `users: 1\\ndata: {heterogeneity: mixtures, mixtures: [{english: half}]}` \
            | s.yaml:2: data.mixtures.0.english | must be a number
            participation: {model: bernoulli, probability: "0.7"} \
            | s.yaml:1: participation.probability: must be a number | found "0.7"
            participation: {model: bernoulli, probability: ~} | s.yaml:1: participation.probability: must be like 0.7 \
            | found nothing
            data: {source: text, path: "a\\u0000b"}         | s.yaml:1: data.path: no file        | Nul
            data: {path: "a\\ud800"}                         | s.yaml:1: data.path: has a lone     | surrogate
            training: {learning_rate: 1e30}                  | s.yaml:1: training.learning_rate    | less than 1000
            training: {start_divisor: 1e-308}                | s.yaml:1: training.start_divisor    | found 1.0E-308
            training: {end_divisor: 1e-308}                  | s.yaml:1: training.end_divisor      | found 1.0E-308
            model: {lora: {alpha: 1e308}}                    | s.yaml:1: model.lora.alpha          | at most 1000000
            collaboration: {trust: {top_k_logits: 2147483647}} | s.yaml:1: collaboration.trust.top_k_logits \
            | 1 to 1000000
            collaboration: {trust: {shared_windows: 2147483647}} | s.yaml:1: collaboration.trust.shared_windows \
            | 1 to 1000000
            time: {clock: wall, speed: 1e-300}               | s.yaml:1: time.speed                | 0.001 to 1000000
            collaboration: {strategy: fedavg-then-local, fine_tune_share: 0.999} \
            | s.yaml:1: collaboration.fine_tune_share | both must be at least 65
            topology: {kind: schedule, phases: [{from_seconds: 0, graph: {kind: trusted-peers}}]} \
            | s.yaml:1: topology.phases.0.graph.kind | found "trusted-peers"
            topology: {kind: schedule, phases: [{from_seconds: 0, graph: ~}]} | s.yaml:1: topology.phases.0 \
            | found nothing
            training: {batch_size: 2000000000} | s.yaml:1: training.batch_size | found 2000000000 × 65
            """)
    void aMistakeIsToldWithItsPlace(String escaped, String place, String words) {
        String text = escaped.replace("\\n", "\n").replace("\\u0007", "\u0007");
        if (place.equals("good")) {
            read(text);
            return;
        }
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(words)
                .hasMessageNotContaining("java.")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void numbersAreReadAsYamlSays() {
        assertThat(read("users: 0x10").scenario().users()).isEqualTo(16);
        assertThat(read("users: 0o17").scenario().users()).isEqualTo(15);
        assertThat(read("training: {learning_rate: 1e-3}").scenario().training().learningRate())
                .isEqualTo(1e-3);
        assertThat(read("participation: {model: bernoulli, probability: 1}")
                        .scenario()
                        .participation()
                        .model())
                .isEqualTo(new Participation.Bernoulli(1));
        assertThat(read("name: '010'").scenario().name()).isEqualTo("010");
    }

    /** A run's scenario.yaml is read again by resume: what looks like a number but is a text must come back as one. */
    @ParameterizedTest
    @ValueSource(strings = {"010", "1e5", "0x10", "true", "null", "yes", "1.0", "-1", "..inf", "2026-01-01", "1_000"})
    void aTextThatLooksLikeSomethingElseIsStillOneWhenWrittenAndRead(String text) {
        ScenarioReader.Loaded first = read("checkpoints: {path: '" + text + "'}");
        ScenarioReader.Loaded again = read(first.yaml());
        assertThat(again.scenario().checkpoints().path()).isEqualTo(text);
        assertThat(again.yaml()).isEqualTo(first.yaml());
    }

    @ParameterizedTest
    @ValueSource(strings = {".=5", "=5", "users", "training.=5", ".users=5", "a..b=5"})
    void anOverrideWithoutAKeyIsRefused(String override) {
        assertThatThrownBy(() -> read("{}", override))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--set " + override)
                .hasMessageContaining("key.path=value");
    }

    @Test
    void aMistakeInAnOverrideIsToldAsOne() {
        assertThatThrownBy(() -> read("users: 5", "users=x"))
                .hasMessageContaining("--set users=x: users: must be a whole number")
                .hasMessageNotContaining("s.yaml:1");
        assertThatThrownBy(() -> read("time: {loss: 0.1}", "time={loss: 2}"))
                .hasMessageContaining("--set time={loss: 2}: time.loss: loss must lie in");
        assertThatThrownBy(() -> read("{}", "users=3\nseed: 4"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--set users=3");
    }

    /** A pipe can be read only once: the same run under a baseline is made of what was read then. */
    @Test
    void aFileIsReadOnce(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("s.yaml"), "name: piped\nusers: 5\nbaselines: [local]\n");
        ScenarioReader.Loaded loaded = ScenarioReader.read(file, List.of());
        Files.delete(file);
        assertThat(loaded.under(Strategy.of("local")).scenario().name()).isEqualTo("piped");
    }

    @Test
    void aFileThatIsNotUtf8IsRefusedWithTheByteAndAByteOrderMarkIsTakenOff(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("s.yaml");
        Files.write(file, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ScenarioReader.read(file, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("byte 9");
        Files.write(file, "users: 4\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> ScenarioReader.read(file, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("UTF-16");
        Files.writeString(file, "\uFEFFusers: 4\n");
        assertThat(ScenarioReader.read(file, List.of()).scenario().users()).isEqualTo(4);
        assertThatThrownBy(() -> ScenarioReader.read(folder, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void thePathsOfAScheduleAreSeenFromTheScenariosFolder(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("g.edges"), "0 1\n1 2\n2 0\n");
        Path file = Files.writeString(
                folder.resolve("s.yaml"),
                "users: 3\ntopology: {kind: schedule, phases: [{from_seconds: 0, graph: {kind: file, path: "
                        + "g.edges}}]}\n");
        assertThat(ScenarioReader.read(file, List.of())
                        .resolved()
                        .at("/topology/phases/0/graph/path")
                        .asText())
                .isEqualTo(folder.resolve("g.edges").toString());
    }
}
