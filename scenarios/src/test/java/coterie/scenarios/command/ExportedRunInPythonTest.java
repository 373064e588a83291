package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The lines of Python that {@code coterie export} prints, typed into transformers and PEFT: the same logits and tokens
 * as here. Skipped where Python (COTERIE_PYTHON, or python3) lacks them.
 */
@Tag("slow")
class ExportedRunInPythonTest extends CommandLineFixture {
    private static final String TEXT = "Bonjour, il pleut à Paris. The end.";

    @Test
    void theLinesPrintedLoadEveryUsersAdapterOnTheExportedBase() throws Exception {
        PythonProcess python = new PythonProcess(folder.resolve("python.log"));
        assumeTrue(python.hasTransformersAndPeft(), "no Python with torch, transformers and peft");
        Path run = folder.resolve("run");
        assertThat(Main.execute("run", file(SMALL).toString(), "--out", run.toString(), "--quiet"))
                .as(terminal.err())
                .isZero();
        Path adapters = folder.resolve("adapters");
        Path base = folder.resolve("base");
        int exit = terminal.coterie(
                "export", run.toString(), "--all-users", "--out", adapters.toString(), "--base", base.toString());
        assertThat(exit).as(terminal.said()).isZero();
        String typed = terminal.out()
                .lines()
                .filter(l -> l.startsWith("python:"))
                .map(l -> l.substring("python:".length()).strip())
                .collect(Collectors.joining("\n"));
        PretrainedBase builtin = PretrainedBase.load("builtin:tiny");
        BaseWeights weights = builtin.weights();
        List<String> ids = new ArrayList<>();
        for (long id : AdapterLogits.ids(weights)) {
            ids.add(String.valueOf(id));
        }
        Path script = folder.resolve("typed.py");
        Files.writeString(script, typed + """

                import torch
                from safetensors.torch import save_file
                ids = torch.tensor([%s])
                for user in range(4):
                    model.set_adapter("user-" + str(user))
                    with torch.no_grad():
                        logits = model.eval()(ids).logits[0]
                    assert logits.dtype == torch.float32, logits.dtype
                    save_file({"logits": logits.contiguous()}, r"%s/logits-" + str(user))
                print("tokens", tokenizer.encode(%s, add_special_tokens=False))
                print("text", tokenizer.decode(tokenizer.encode("a b c")))
                print("end", tokenizer.eos_token_id)
                """.formatted(ids, folder, "\"" + TEXT + "\""));
        assertThat(python.run(script.toString())).as(python.said()).isTrue();
        for (int user = 0; user < 4; user++) {
            AdapterLogits.requireClose(weights, adapters.resolve("user-" + user), folder.resolve("logits-" + user));
        }
        int[] tokens = builtin.tokenizer().encode(TEXT);
        assertThat(python.said())
                .contains("tokens " + java.util.Arrays.toString(tokens))
                .contains("text a b c")
                .contains("end " + builtin.tokenizer().endOfText());
        builtin.tokenizer().close();
    }
}
