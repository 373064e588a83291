package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.adapter.Target;
import coterie.model.base.PretrainedBase;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LoRA settings that a scenario leaves out are those of the adapters from which it starts. */
class AdapterLoraTest {
    private static final Scenario.Lora DEFAULTS = new Scenario.Lora(4, 32, 0.1, Set.of(Target.ATTENTION, Target.MLP));
    private static final String SMALL = """
            users: 2
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100}
            training: {iterations: 1, batch_size: 1, context: 16}
            collaboration: {strategy: local, every: 1}
            record: {samples: 0}
            model: {adapter: {path: adapters}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        write("adapters", new LoraConfig(6, 13.5, 0.4, Set.of(Target.of("c_attn"))));
    }

    private void write(String name, LoraConfig lora) throws IOException {
        AdapterLayout layout = new AdapterLayout(PretrainedBase.config("builtin:tiny"), lora);
        PeftFiles.write(folder.resolve(name), layout, new float[layout.size()], "tiny");
    }

    private ScenarioReader.Loaded read(String lora, boolean elsewhere) throws IOException {
        return ScenarioReader.read(scenario(lora), Files.readString(folder.resolve("s.yaml")), List.of(), elsewhere);
    }

    private Scenario.Lora lora(String said) throws IOException {
        return read(said, false).scenario().model().lora();
    }

    private Path scenario(String lora) throws IOException {
        return Files.writeString(folder.resolve("s.yaml"), SMALL.stripTrailing() + ", lora: " + lora + "}\n");
    }

    @Test
    void whatIsLeftOpenFollowsTheAdapter() throws IOException {
        Scenario.Lora followed = new Scenario.Lora(6, 13.5, 0.1, Set.of(Target.of("attn.c_attn")));
        assertThat(lora("{}")).isEqualTo(followed);
        assertThat(lora("{targets: ~, rank: 6}")).isEqualTo(followed);
        assertThat(lora("{rank: 2, dropout: 0}"))
                .isEqualTo(new Scenario.Lora(2, 13.5, 0, Set.of(Target.of("attn.c_attn"))));
        assertThat(lora("{alpha: 1, targets: [mlp]}")).isEqualTo(new Scenario.Lora(6, 1, 0.1, Set.of(Target.MLP)));
        write("adapters/user-0", new LoraConfig(3, 6, 0, Set.of(Target.MLP)));
        assertThat(lora("{}")).as("a user's own").isEqualTo(new Scenario.Lora(3, 6, 0.1, Set.of(Target.MLP)));
    }

    /** The resolved scenario states all settings, so that a resumed run need not read the adapters again. */
    @Test
    void theResolvedScenarioStatesIt() throws IOException {
        String yaml = read("{}", false).yaml();
        Files.delete(folder.resolve("adapters/adapter_config.json"));
        assertThat(ScenarioReader.read(folder.resolve("t.yaml"), yaml, List.of())
                        .scenario()
                        .model()
                        .lora())
                .isEqualTo(new Scenario.Lora(6, 13.5, 0.1, Set.of(Target.of("attn.c_attn"))));
    }

    @Test
    void anAdapterThatCannotBeReadLeavesTheDefaults() throws IOException {
        assertThat(read("{}", true).scenario().model().lora())
                .as("for another machine")
                .isEqualTo(DEFAULTS);
        Path config = folder.resolve("adapters/adapter_config.json");
        String was = Files.readString(config);
        Files.writeString(config, was.replaceFirst("\"r\" : 6", "\"r\" : 100000000"));
        assertThat(lora("{}")).isEqualTo(DEFAULTS);
        Files.writeString(config, was.substring(0, 30));
        assertThat(lora("{}")).isEqualTo(DEFAULTS);
        Files.delete(config);
        assertThat(lora("{}")).isEqualTo(DEFAULTS);
    }

    @Test
    void aRunTakesWhatFollowsAndRefusesWhatIsSaidOtherwise() throws IOException {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Path run = folder.resolve("run");
            assertThat(Main.execute("run", scenario("{}").toString(), "--out", run.toString(), "--quiet"))
                    .as("%s", said)
                    .isZero();
            assertThat(PeftFiles.lora(run.resolve("adapters/user-1"), PretrainedBase.config("builtin:tiny"))
                            .rank())
                    .isEqualTo(6);
            assertThat(Main.execute("validate", scenario("{rank: 2}").toString()))
                    .isEqualTo(2);
        } finally {
            System.setErr(err);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("model.adapter.path: ")
                .contains("has rank 6, alpha 13.5, targets [attn.c_attn]; model.lora says 2, 13.5, [attn.c_attn]");
    }
}
