package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.base.MemoryWeights;
import coterie.model.base.PretrainedBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code coterie export} writes and refuses, of a folder that looks like that of a run. */
class ExportCommandTest extends CommandLineFixture {
    private Path run(String base, int users) throws IOException {
        Path run = folder.resolve("run");
        for (int u = 0; u < users; u++) {
            Path adapter = Files.createDirectories(run.resolve("adapters/user-" + u));
            Files.writeString(
                    adapter.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"" + base + "\"}\n");
            Files.writeString(adapter.resolve("adapter_model.safetensors"), "numbers of user " + u);
        }
        return run;
    }

    private String export(int code, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "export";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exit = terminal.coterie(all);
        String said = terminal.said();
        assertThat(exit).as(said).isEqualTo(code);
        return said;
    }

    @Test
    void allUsersAdaptersAndTheBuiltinBaseAreWritten() throws IOException {
        Path run = run("builtin:tiny", 11);
        Path out = folder.resolve("deep/mine");
        Path base = folder.resolve("base");
        assertThat(export(0, run.toString(), "--all-users", "--out", out.toString(), "--base", base.toString()))
                .contains("builtin:tiny: " + base)
                .contains("adapters of 11 users: " + out)
                .contains("python:  import peft, transformers")
                .contains("python:  tokenizer = transformers.AutoTokenizer.from_pretrained(\"" + base + "\")")
                .contains("AutoModelForCausalLM.from_pretrained(\"" + base + "\"), \"" + out
                        + "/user-0\", adapter_name=\"user-0\")")
                .contains("for user in range(1, 11): model.load_adapter(\"" + out + "/user-\" + str(user)")
                .contains("pretrained=" + base + ",peft=" + out + "/user-0 ");
        for (int u = 0; u < 11; u++) {
            assertThat(out.resolve("user-" + u + "/adapter_model.safetensors")).hasContent("numbers of user " + u);
            assertThat(out.resolve("user-" + u + "/adapter_config.json")).exists();
        }
        PretrainedBase written = PretrainedBase.load(base.toString());
        PretrainedBase builtin = PretrainedBase.load("builtin:tiny");
        assertThat(written.weights().config()).isEqualTo(builtin.weights().config());
        assertThat(MemoryWeights.of(written.weights()).flat())
                .isEqualTo(MemoryWeights.of(builtin.weights()).flat());
        String text = "Bonjour, the end <|endoftext|> of it.";
        assertThat(written.tokenizer().encode(text))
                .isEqualTo(builtin.tokenizer().encode(text));
        assertThat(written.tokenizer().separator())
                .isEqualTo(builtin.tokenizer().separator());
        written.tokenizer().close();
        builtin.tokenizer().close();
    }

    @Test
    void theBaseMayBeWrittenAlone() throws IOException {
        Path base = folder.resolve("base");
        String run = run("builtin:tiny", 1).toString();
        assertThat(export(0, run, "--base", base.toString())).doesNotContain("python");
        assertThat(base).isDirectoryContaining(p -> p.endsWith("tokenizer_config.json"));
        assertThat(export(2, run, "--base", base.toString())).contains("is there already", "--base");
        assertThat(export(0, run, "--user", "0", "--out", folder.resolve("one").toString()))
                .contains("--base DIR writes it for transformers");
    }

    @Test
    void whatCannotBeExportedIsRefusedAndNothingIsWritten() throws IOException {
        String run = run("/models/smol", 2).toString();
        String out = folder.resolve("out").toString();
        String base = folder.resolve("base").toString();
        assertThat(export(2, run)).contains("--user N, --all-users or --base DIR");
        assertThat(export(2, run, "--user", "0", "--all-users")).contains("exclude each other");
        assertThat(export(2, run, "--out", out)).contains("must name what to export");
        assertThat(export(2, run, "--user", "2", "--out", out)).contains("the run has 2 users with adapters, from 0");
        assertThat(export(2, run, "--all-users", "--out", out, "--base", base))
                .contains("the base of this run is /models/smol");
        run("builtin:tiny", 2);
        assertThat(export(2, run, "--all-users", "--out", out, "--base", out)).contains("must be two folders");
        assertThat(export(2, run, "--base", base, "--out", out)).contains("add --user N or --all-users");
        Files.createDirectories(Path.of(out));
        assertThat(export(2, run, "--all-users", "--out", out, "--base", base)).contains("is there already", "--out");
        assertThat(Path.of(base)).doesNotExist();
        assertThat(export(2, folder.toString(), "--all-users")).contains("not the folder of a run that has ended");
        Files.createDirectories(folder.resolve("adapters"));
        assertThat(export(2, folder.toString(), "--all-users")).contains("holds no adapter");
    }

    @Test
    void linesNameTheUsersThereAre() {
        PeftLines lines = new PeftLines("/models/a.gguf");
        assertThat(lines.of(Path.of("out"), List.of(3)))
                .anyMatch(l ->
                        l.contains("(\"/models\", gguf_file=\"a.gguf\"), \"out/user-3\", adapter_name=\"user-3\")"))
                .noneMatch(l -> l.contains("load_adapter"));
        assertThat(lines.of(Path.of("out"), List.of(0, 2, 5))).anyMatch(l -> l.contains("for user in [2, 5]: "));
    }
}
