package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands that look at files and do not run anything, and mistakes in what is typed. */
class CommandLineTest extends CommandLineFixture {
    @Test
    void mistakesExitWithTwoAndNoStackTrace() throws IOException {
        String bad = file("users: 3\ntopology: {kind: rung}\n").toString();
        assertThat(Main.execute("validate", bad)).isEqualTo(2);
        assertThat(Main.execute("run", bad)).isEqualTo(2);
        assertThat(Main.execute("run", "nowhere.yaml")).isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file("model: {base: nowhere}").toString(),
                        "--out",
                        folder.resolve("x").toString()))
                .isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file("data: {source: text, path: nowhere}").toString(),
                        "--out",
                        folder.resolve("y").toString()))
                .isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--device",
                        "tpu",
                        "--out",
                        folder.resolve("z").toString()))
                .isEqualTo(2);
        assertThat(Main.execute("list", "everything")).isEqualTo(2);
        assertThat(Main.execute("jump")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("did you mean ring?")
                .contains("there is no such file")
                .contains("nowhere")
                .contains("--device must be cpu, cuda:N or auto, found \"tpu\"")
                .doesNotContain("\tat ");
    }

    @Test
    void dataShowsWhatEachUserHolds() throws IOException {
        assertThat(Main.execute("data", file(SMALL).toString())).isZero();
        assertThat(terminal.out())
                .contains("french 100 %")
                .contains("italian 100 %")
                .contains("Jaccard")
                .containsPattern("    0  ¶ \\p{Lu}")
                .doesNotContain("<|endoftext|>");
    }

    @Test
    void listNamesEverything() {
        assertThat(Main.execute("list")).isZero();
        assertThat(terminal.out())
                .contains("prediction-similarity")
                .contains("lognormal")
                .contains("min_ms: 20")
                .contains("builtin:languages")
                .contains("builtin:tiny");
    }

    @Test
    void aScenarioToBeginWithSaysWhatEverythingMeans() throws IOException {
        Path mine = folder.resolve("mine.yaml");
        assertThat(Main.execute(
                        "init",
                        mine.toString(),
                        "--set",
                        "name=mine",
                        "--set",
                        "topology={kind: torus}",
                        "--set",
                        "time={latency: {max_ms: 900}}",
                        "--set",
                        "training.learning_rate=0.001"))
                .as(terminal.err())
                .isZero();
        assertThat(mine)
                .content()
                .contains("  learning_rate: 0.001          # AdamW's, at its peak\n")
                .contains("    max_ms: 900\n")
                .contains("name: mine ");
        ScenarioReader.Loaded loaded = ScenarioReader.read(mine, List.of());
        assertThat(loaded.yaml())
                .isEqualTo(ScenarioReader.read(
                                file("name: mine\ntopology: {kind: torus}\ntime: {latency: {max_ms: "
                                        + "900}}\ntraining: {learning_rate: 0.001}"),
                                List.of())
                        .yaml());
        assertThat(Main.execute("init", mine.toString())).isEqualTo(2);
        assertThat(Main.execute("init", folder.resolve("other.yaml").toString(), "--set", "training.speed=3"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("is there already").contains("training.speed");
        Path two = folder.resolve("two.yaml");
        assertThat(Main.execute(
                        "init",
                        two.toString(),
                        "--set",
                        "baseline_settings=[{strategy: local, set: {seed: 2}}]",
                        "--set",
                        "baselines=[local]"))
                .as("one setting needs the other: " + terminal.err())
                .isZero();
        assertThat(ScenarioReader.read(two, List.of())
                        .under(Strategy.of("local"))
                        .scenario()
                        .seed())
                .isEqualTo(2);
    }

    @Test
    void aNodeThatCannotListenSaysSo() throws IOException {
        Path broken = folder.resolve("broken.conf");
        Files.writeString(broken, "pekko {");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Main.execute("node", "--bind", "127.0.0.1:" + taken.getLocalPort()))
                    .isEqualTo(2);
        }
        assertThat(Main.execute("node", "--config", broken.toString())).isEqualTo(2);
        assertThat(Main.execute("node", "--bind", "nowhere")).isEqualTo(2);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        folder.resolve("run").toString(),
                        "--nodes",
                        "0"))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("cannot listen at 127.0.0.1:")
                .contains("configuration of the cluster: ")
                .contains("broken.conf")
                .contains("an address must be HOST:PORT, found \"nowhere\"")
                .contains("--nodes must be 1 to")
                .doesNotContain("\tat ");
    }

    @Test
    void validateLooksAtBaseAndTextWhereTheyAre() throws IOException {
        Path text = Files.createDirectory(folder.resolve("text"));
        for (String name : List.of("a", "b")) {
            Files.write(
                    text.resolve(name + ".lines.txt"),
                    IntStream.range(0, 200)
                            .mapToObj(k -> "Line " + name + k + " is soon said.")
                            .toList());
        }
        String scenario = file("users: 4\ndata: {source: text, path: text, train_tokens: 100, validation_tokens: 70, "
                        + "test_tokens: 70, shared_tokens: 70}\n")
                .toString();
        assertThat(Main.execute("validate", scenario)).as(terminal.err()).isZero();
        assertThat(Main.execute("validate", scenario, "--set", "users=4000")).isEqualTo(2);
        assertThat(terminal.err()).contains("category a has about").contains("ask for fewer users or tokens");
        assertThat(Main.execute(
                        "validate",
                        scenario,
                        "--set",
                        "training.context=200",
                        "--set",
                        "data={source: text, path: text, train_tokens: 300, validation_tokens: 300, "
                                + "test_tokens: 300, shared_tokens: 300}"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("training.context: the base reads at most 128 tokens, found 200");
        assertThat(terminal.out()).doesNotContain("not looked at");
        assertThat(Main.execute("validate", scenario, "--set", "data.path=gone"))
                .isEqualTo(2);
        assertThat(Main.execute("validate", scenario, "--set", "data.path=gone", "--elsewhere"))
                .isZero();
        assertThat(terminal.out()).contains("not looked at: what these name: data.path");
        Path study = Files.writeString(
                folder.resolve("study.yaml"),
                "scenario: " + Path.of(scenario).getFileName() + "\ngrid: {users: [4, 4000]}\nseeds: [1, 2]\n");
        assertThat(Main.execute("validate", study.toString())).isEqualTo(2);
    }

    @Test
    void aFolderThatCannotBeMadeIsAMistakeInTheInput() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("inTheWay"), "mine");
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--quiet",
                        "--out",
                        inTheWay.resolve("run").toString()))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("--out: there can be no folder " + inTheWay.resolve("run"))
                .doesNotContain("java.");
    }

    /** The scenario files that ship must be right as long as they stand. */
    @Tag("slow")
    @Test
    void everyShippedScenarioIsValid() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("."), 3)) {
            List<Path> scenarios = files.filter(p -> p.toString().endsWith(".yaml")
                            && !p.startsWith("./src")
                            && !p.startsWith("./target")
                            && !p.toString().contains("pretrain"))
                    .toList();
            assertThat(scenarios).isNotEmpty();
            for (Path p : scenarios) {
                // The files that the paper's scenarios name are not in the repository.
                assertThat(Main.execute("validate", p.toString(), "--elsewhere"))
                        .as(p + terminal.err())
                        .isZero();
                if (!Files.readString(p).contains("path: data/")
                        && !p.toString().contains("studies")) {
                    assertThat(Main.execute("validate", p.toString()))
                            .as(p + terminal.err())
                            .isZero();
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
