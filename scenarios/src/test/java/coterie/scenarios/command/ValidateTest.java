package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.PretrainedBase;
import coterie.scenarios.learner.MemoryEstimate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code validate} refuses what {@code run} would refuse, in one line and with the place. */
class ValidateTest {
    private static final String SMALL = """
            name: small
            users: 4
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 2, batch_size: 1, context: 16}
            collaboration: {strategy: local, every: 1}
            record: {samples: 0}
            """;

    @TempDir
    Path folder;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("small.yaml"), text).toString();
    }

    /** The standard error of a command, which must be one line. */
    private String refusal(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        assertThat(terminal.coterie(all.toArray(String[]::new)))
                .as(command + " " + terminal.said())
                .isEqualTo(2);
        String said = terminal.err();
        assertThat(said.lines()).as("one line").hasSize(1);
        assertThat(said).startsWith("coterie: ").doesNotContain("java.", "Exception");
        return said;
    }

    @Test
    void itSaysThatNoUserEverMixes() throws IOException {
        String file = file(SMALL);
        String mixes = "no users exchange anything";

        assertThat(terminal.coterie("validate", file, "--set", "collaboration={strategy: fedavg, every: 3}"))
                .isZero();
        assertThat(terminal.out())
                .contains("note: " + mixes + ": fedavg trains for 2 iterations, and the first collaboration is after 3"
                        + " (collaboration.every)");
        for (String good : List.of("collaboration={strategy: fedavg, every: 2}", "collaboration={every: 3}")) {
            assertThat(terminal.coterie("validate", file, "--set", good)).isZero();
            assertThat(terminal.out()).doesNotContain(mixes);
        }
    }

    /** A setting that makes a run impossible, and what both commands say of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            model.base=gone                                        | model.base: base gone is neither
            model.adapter.path=gone                                | model.adapter.path: no adapter for user 0
            data={source: text, path: gone}                        | data.path: gone
            data.source=builtin:klingon                            | data.source: there is no built-in corpus klingon
            data={source: parquet, path: gone}                     | data.source: found "parquet"
            time.bandwidth={model: trace, path: gone.csv}          | time.bandwidth: gone.csv: there is no such file
            participation={model: trace, path: gone.csv}           | participation: gone.csv: there is no such file
            training.context=999                                   | training.context: the base reads at most 128 tokens
            model.lora.rank=2000000                                | model.lora.rank: an adapter of rank 2000000
            model.lora.rank=20000                                  | users: 4 users with adapters of
            training.batch_size=100000000                          | training.batch_size: a pass of 1600000000 tokens
            data.train_tokens=2147483647                           | tokens, which take
            tracking=mlflow                                        | MLFLOW_TRACKING_URI must name the server
            checkpoints.path="a\\0b"                               | checkpoints.path: no file can be named "a\\u0000b"
            """)
    void whatARunRefusesIsRefused(String setting, String words) throws IOException {
        String scenario = file(SMALL);
        String first = setting.startsWith("training.context")
                ? "data={train_tokens: 2000, validation_tokens: 2000, test_tokens: 2000, shared_tokens: 2000}"
                : "seed=1";
        String validate = refusal("validate", scenario, "--set", first, "--set", setting);
        assertThat(validate).contains(words);
        String run = refusal(
                "run",
                scenario,
                "--quiet",
                "--set",
                first,
                "--set",
                setting,
                "--out",
                folder.resolve("run").toString());
        assertThat(run).isEqualTo(validate);
    }

    @Test
    void aGraphThatMemoryCannotHoldIsReckonedAndNotTried() throws IOException {
        String scenario = file(SMALL);
        assertThat(refusal("validate", scenario, "--set", "users=1000000", "--set", "topology.kind=full"))
                .contains("topology: the graph has 499999500000 edges over 1000000 users");
        assertThat(refusal(
                        "validate",
                        scenario,
                        "--set",
                        "users=500000",
                        "--set",
                        "topology={kind: erdos-renyi, probability: 0.5}"))
                .contains("topology: the graph has");
    }

    @Test
    void theWorldOfEveryBaselineIsBuilt() throws IOException {
        String scenario = file(SMALL + "topology: {kind: erdos-renyi, probability: 0}\nbaselines: [fedavg]\n");
        assertThat(refusal("validate", scenario)).contains("topology: the graph falls into 4 parts, fedavg needs one");
    }

    @Test
    void aFolderForCheckpointsThatCannotBeMadeIsRefusedAndOneThatCanLeavesNothing() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "mine");
        String scenario = file(SMALL);
        assertThat(refusal("validate", scenario, "--set", "checkpoints.path=" + inTheWay.resolve("a/b")))
                .contains("checkpoints.path: must be a folder");
        assertThat(Main.execute("validate", scenario, "--set", "checkpoints.path=" + folder.resolve("new/one")))
                .as(terminal.err())
                .isZero();
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void everyAdapterIsReadThatAUserWouldStartFrom() throws IOException {
        AdapterLayout layout =
                new AdapterLayout(PretrainedBase.load("builtin:tiny").weights().config(), LoraConfig.of(4, 32));
        Path adapters = folder.resolve("adapters");
        for (int u = 0; u < 4; u++) {
            PeftFiles.write(adapters.resolve("user-" + u), layout, new float[layout.size()], "tiny");
        }
        String scenario = file(SMALL);
        assertThat(Main.execute("validate", scenario, "--set", "model.adapter.path=" + adapters))
                .as(terminal.err())
                .isZero();
        Path config = adapters.resolve("user-3/adapter_config.json");
        Files.writeString(config, Files.readString(config).substring(0, 40));
        assertThat(refusal("validate", scenario, "--set", "model.adapter.path=" + adapters))
                .contains("model.adapter.path: no adapter for user 3: " + config);
        Path one = folder.resolve("one");
        PeftFiles.write(one, layout, new float[layout.size()], "tiny");
        assertThat(Main.execute("validate", scenario, "--set", "model.adapter.path=" + one))
                .as(terminal.err())
                .isZero();
        Files.copy(config, one.resolve("adapter_config.json"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(refusal("validate", scenario, "--set", "model.adapter.path=" + one))
                .contains("model.adapter.path: no adapter for user 0: " + one.resolve("adapter_config.json"));
    }

    @Test
    void aScenarioForAnotherMachineIsCheckedWithoutFilesAndMemory() throws IOException {
        String scenario = file(SMALL.replace("'builtin:romance'", "text, path: gone") + """
                model: {base: models/gone, adapter: {path: gone}}
                topology: {kind: file, path: gone.edges}
                time: {latency: {model: matrix, path: gone.csv}}
                """);
        assertThat(Main.execute("validate", scenario, "--elsewhere"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out())
                .contains("not looked at: what these name: topology.path, time.latency.path, data.path, "
                        + "model.base, model.adapter.path");
        assertThat(refusal("validate", scenario)).contains("small.yaml:9: topology: gone.edges: there is no such file");
        assertThat(refusal("validate", scenario, "--elsewhere", "--set", "training.iterations=0"))
                .contains("training.iterations");
        assertThat(refusal(
                        "validate",
                        file(SMALL),
                        "--elsewhere",
                        "--set",
                        "training.context=150",
                        "--set",
                        "data={train_tokens: 200, validation_tokens: 200, test_tokens: 200, shared_tokens: 200}"))
                .contains("training.context: the base reads at most");
    }

    /** A second reading of a pipe would wait for ever, or find nothing. */
    @Test
    void aScenarioFromAPipeIsTheSameForARunItsBaselinesAndValidate() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (String command : List.of("validate", "run")) {
            Thread writer = new Thread(() -> {
                try {
                    Files.writeString(
                            pipe, SMALL.replace("strategy: local", "strategy: fedavg") + "baselines: [local]\n");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            Path run = folder.resolve("run");
            String[] arguments = command.equals("run")
                    ? new String[] {"run", pipe.toString(), "--quiet", "--out", run.toString()}
                    : new String[] {"validate", pipe.toString()};
            assertThat(Main.execute(arguments)).as(terminal.err()).isZero();
            writer.join();
            if (command.equals("run")) {
                assertThat(Files.readString(run.resolve("baselines/local/scenario.yaml")))
                        .contains("name: small")
                        .contains("users: 4\n");
            }
        }
        assertThat(terminal.out()).contains("good. 4 users, fedavg");
    }

    /** A token of the built-in base takes 0.13 MB in a pass, and at least 0.02 MB where activations are recomputed. */
    @Test
    void aPassThatFitsOnlyWithActivationsRecomputedIsTold() throws IOException {
        String file = file(SMALL.replace("context: 16", "context: 128")
                .replace("train_tokens: 200", "train_tokens: 400")
                .replace("validation_tokens: 50", "validation_tokens: 400")
                .replace("test_tokens: 100", "test_tokens: 400"));
        assertThat(terminal.coterie("validate", file)).as(terminal.said()).isZero();
        assertThat(terminal.out()).doesNotContain("recomputed");
        long sequences = (long) (MemoryEstimate.machine() / 0.11e6 / 128);
        assertThat(terminal.coterie("validate", file, "--set", "training.batch_size=" + sequences))
                .as(terminal.said())
                .isZero();
        assertThat(terminal.out())
                .containsPattern(
                        "(?m)^memory: a pass of one user \\(" + 128 * sequences + " tokens\\) takes about [0-9.]+"
                                + " GiB, this machine has [0-9.]+ GiB: on its CPU, activations are recomputed");
        assertThat(refusal("validate", file, "--set", "training.batch_size=" + 10 * sequences))
                .contains("a pass of " + 1280 * sequences + " tokens take")
                .contains("GiB of memory at least");
    }

    @Test
    void aFaultOfTheProgramIsOneLineAndAFile() throws IOException {
        String line = FaultReport.of(new IllegalStateException("first\nsecond"), "run", "x.yaml");
        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("a fault in coterie itself (IllegalStateException: first)");
        Path report = Path.of(line.substring(line.indexOf("with ") + 5));
        assertThat(report)
                .content()
                .contains("command: [run, x.yaml]")
                .contains("at coterie.scenarios.command.ValidateTest");
        Files.delete(report);
        assertThat(FaultReport.of(new OutOfMemoryError("Java heap space")))
                .contains("COTERIE_JAVA_OPTS=-Xmx8g")
                .doesNotContain("fault");
    }

    /** Whatever throws it: here standard output does. */
    @Test
    void anErrorIsToldInOneLineToo() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                throw new OutOfMemoryError("Java heap space");
            }
        });
        assertThat(Main.execute("list")).isEqualTo(1);
        assertThat(terminal.err())
                .hasLineCount(1)
                .startsWith("coterie: Java's memory does not suffice (Java heap space)");
    }
}
