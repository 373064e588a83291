package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scenario that extends another: its own settings are laid over the other's. */
class ExtendsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void base() throws IOException {
        write("base.yaml", """
                name: base
                users: 6
                topology: {kind: k-regular, degree: 4}
                training: {iterations: 7, context: 16}
                time:
                  loss: 0.25
                  compute: {model: lognormal, mean_seconds: 12, sigma: 2}
                baselines: [local, fedavg]
                """);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private ScenarioReader.Loaded read(String text, String... overrides) throws IOException {
        return ScenarioReader.read(write("s.yaml", "extends: base.yaml\n" + text), List.of(overrides));
    }

    @Test
    void ownSettingsAreLaidOverThoseOfTheBase() throws IOException {
        Scenario s = read("""
                name: mine
                training: {context: 32}
                time: {compute: {sigma: 1}}
                baselines: [local]
                """).scenario();
        assertThat(s.name()).isEqualTo("mine");
        assertThat(s.users()).isEqualTo(6);
        assertThat(s.training().iterations()).isEqualTo(7);
        assertThat(s.training().context()).isEqualTo(32);
        assertThat(s.time().loss()).isEqualTo(0.25);
        assertThat(s.time().compute()).isEqualTo(new ComputeTime.LogNormal(12, 1));
        assertThat(s.topology()).isEqualTo(new GraphModel.KRegular(4));
        assertThat(s.baselines()).containsExactly(Strategy.of("local"));
    }

    @Test
    void anotherKindDropsTheSettingsOfTheOldOne() throws IOException {
        Scenario s = read("topology: {kind: ring}\ntime: {compute: {model: stragglers, factor: 9}}\n")
                .scenario();
        assertThat(s.topology()).isEqualTo(new GraphModel.Ring());
        assertThat(s.time().compute()).isEqualTo(new ComputeTime.Stragglers(12, 2, 0.2, 9));
        assertThatThrownBy(() -> read("topology: {kind: ring, degree: 2}\n"))
                .hasMessageContaining("s.yaml:2: topology.degree: unknown key");
    }

    @Test
    void anotherLearnerDropsWhatHasNoEffectOnItButNotWhatTheFileItselfSays() throws IOException {
        write("base.yaml", "model: {lora: {rank: 8}}\ntraining: {context: 16}\ncollaboration: {strategy: fedavg}\n");
        String vectors = "data: {source: vectors, path: .}\nmodel: {learner: softmax}\n";
        assertThat(read(vectors).resolved().at("/training/context").asInt()).isEqualTo(64);
        assertThatThrownBy(() -> read("training: {context: 32}\n" + vectors))
                .hasMessageContaining("s.yaml:2: training.context: has no effect with model.learner softmax");
    }

    @Test
    void anEmptyBlockIsItsDefaultAndOptionsAreLaidOverAll() throws IOException {
        Scenario s = read("training:\ntime: {loss: 0.5}\n", "time.loss=0.125", "users=5")
                .scenario();
        assertThat(s.training().iterations()).isEqualTo(200);
        assertThat(s.time().loss()).isEqualTo(0.125);
        assertThat(s.users()).isEqualTo(5);
    }

    @Test
    void aBaseMayExtendAnotherAndPathsAreThoseOfTheFileThatNamesThem() throws IOException {
        write("deep/root.yaml", "seed: 9\nusers: 3\ntopology: {kind: file, path: g.edges}\n");
        write("deep/g.edges", "0 1\n1 2\n");
        write("middle.yaml", "extends: deep/root.yaml\ntime: {latency: {model: matrix, path: m.csv}}\n");
        write("m.csv", "0,5,5\n5,0,5\n5,5,0\n");
        ScenarioReader.Loaded loaded = ScenarioReader.read(
                write("other/s.yaml", "extends: ../middle.yaml\nusers: 3\nname: leaf\n"), List.of("time.loss=0.5"));
        assertThat(loaded.scenario().seed()).isEqualTo(9);
        assertThat(loaded.resolved().at("/topology/path").asText())
                .isEqualTo(folder.resolve("deep/g.edges").toString());
        assertThat(loaded.resolved().at("/time/latency/path").asText())
                .isEqualTo(folder.resolve("m.csv").toString());
    }

    @Test
    void theResolvedScenarioExtendsNothing() throws IOException {
        ScenarioReader.Loaded loaded = read("seed: 4\n");
        assertThat(loaded.yaml()).doesNotContain("extends");
        ScenarioReader.Loaded again = ScenarioReader.read(Path.of("again.yaml"), loaded.yaml(), List.of());
        assertThat(again.scenario()).isEqualTo(loaded.scenario());
        Files.delete(folder.resolve("base.yaml"));
        assertThat(loaded.under(Strategy.of("local")).scenario().users())
                .as("all files are read once")
                .isEqualTo(6);
    }

    @Test
    void aMistakeIsToldInTheFileInWhichItStands() throws IOException {
        write("base.yaml", "users: 0\nname: base\ntime:\n  loss: 2\n");
        assertThatThrownBy(() -> read("seed: x\nnmae: mine\n")).isInstanceOfSatisfying(InputException.class, e -> {
            assertThat(e.mistakes()).hasSize(4);
            assertThat(e.mistakes().get(0)).startsWith(folder.resolve("s.yaml") + ":2: seed: must be");
            assertThat(e.mistakes().get(1)).startsWith(folder.resolve("s.yaml") + ":3: nmae: unknown key");
            assertThat(e.mistakes().get(2)).startsWith(folder.resolve("base.yaml") + ":1: users: users must");
            assertThat(e.mistakes().get(3)).startsWith(folder.resolve("base.yaml") + ":4: time.loss: loss");
        });
        assertThat(read("users: 2\ntime: {loss: 0.5}\n").scenario().users())
                .as("what is replaced is not read")
                .isEqualTo(2);
    }

    @Test
    void aBaseThatCannotBeReadIsRefusedWhereItIsNamed() throws IOException {
        assertThatThrownBy(() -> ScenarioReader.read(write("s.yaml", "users: 2\nextends: gone.yaml\n"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("s.yaml:2: extends: ")
                .hasMessageContaining("gone.yaml: there is no such file");
        for (String wrong : List.of("3", "[base.yaml]", "''", "{a: 1}")) {
            assertThatThrownBy(() -> ScenarioReader.read(write("s.yaml", "extends: " + wrong + "\n"), List.of()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("s.yaml:1: extends: must name a scenario file, found ");
        }
        write("base.yaml", "- 1\n");
        assertThatThrownBy(() -> read("users: 2\n")).hasMessageContaining("base.yaml: must be a map of keys");
        write("base.yaml", "a: [1\n");
        assertThatThrownBy(() -> read("users: 2\n"))
                .hasMessageContaining("base.yaml:")
                .hasMessageContaining("not valid YAML");
        assertThatThrownBy(() -> ScenarioReader.read(Path.of("s.yaml"), "users: 2\n", List.of("extends=base.yaml")))
                .hasMessageContaining("--set extends=base.yaml: must stand in the scenario file");
    }

    @Test
    void aCircleIsRefused() throws IOException {
        write("base.yaml", "users: 2\nextends: middle.yaml\n");
        write("middle.yaml", "extends: ./s.yaml\n");
        assertThatThrownBy(() -> read("users: 2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("middle.yaml:1: extends: ")
                .hasMessageContaining("s.yaml is this file itself, or extends it");
        assertThatThrownBy(() -> ScenarioReader.read(write("self.yaml", "extends: self.yaml\n"), List.of()))
                .hasMessageContaining("self.yaml:1: extends: ");
    }

    @Test
    void nothingToExtendIsAScenarioOfItsOwn() throws IOException {
        assertThat(ScenarioReader.read(write("s.yaml", "extends:\nusers: 3\n"), List.of())
                        .scenario()
                        .users())
                .isEqualTo(3);
    }
}
