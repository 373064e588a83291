package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hugging Face's own PEFT makes an adapter, a run starts from it, and PEFT reads what the run leaves: the same logits
 * all the way. Skipped where Python (COTERIE_PYTHON, or python3) has it not.
 */
@Tag("slow")
class PeftRoundTripTest {
    private static final String SCENARIO = """
            name: from-peft
            users: 2
            data: {source: 'builtin:romance', train_tokens: 600, validation_tokens: 200, test_tokens: 200,
              shared_tokens: 300}
            training: {iterations: 4, batch_size: 2, context: 32}
            collaboration: {every: 2, strategy: model-similarity}
            """;

    @TempDir
    private Path folder;

    /** A plain LoRA of all modules, and PEFT's defaults for GPT-2, with a scale of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | [attention,mlp]", "{\"target_modules\": null, \"use_rslora\": true} | [c_attn]"})
    void adaptersGoInAndOutAsTheyAre(String keys, String targets) throws Exception {
        PythonProcess python = python();
        assumeTrue(python.hasTransformersAndPeft(), "no Python with torch, transformers and peft");
        Path base = Files.createDirectories(folder.resolve("base"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            try (InputStream in = PretrainedBase.class.getResourceAsStream("/coterie/model/base/tiny/" + file)) {
                Files.copy(in, base.resolve(file));
            }
        }
        Path theirs = folder.resolve("theirs");
        assertThat(python.run(script(), "make", base.toString(), theirs.toString(), keys))
                .as(python.said())
                .isTrue();
        agree(base, theirs);
        Path scenario = folder.resolve("from-peft.yaml");
        Files.writeString(scenario, SCENARIO);
        Path run = folder.resolve("run");
        assertThat(Main.execute(
                        "run",
                        scenario.toString(),
                        "--out",
                        run.toString(),
                        "--quiet",
                        "--set",
                        "model.adapter.path=" + theirs,
                        "--set",
                        "model.base=" + base,
                        "--set",
                        "model.lora.targets=" + targets))
                .isZero();
        Path exported = folder.resolve("exported");
        assertThat(Main.execute("export", run.toString(), "--user", "1", "--out", exported.toString()))
                .isZero();
        agree(base, exported);
        assertThat(PeftFiles.read(exported, weights(base).config()).row())
                .as("it has learned something")
                .isNotEqualTo(PeftFiles.read(theirs, weights(base).config()).row());
    }

    private static BaseWeights weights(Path base) {
        PretrainedBase p = PretrainedBase.load(base.toString());
        p.tokenizer().close();
        return p.weights();
    }

    /** Ours and theirs compute the same of an adapter's files, to 1e-4. */
    private void agree(Path base, Path adapter) throws Exception {
        BaseWeights weights = weights(base);
        Path out = folder.resolve("logits.safetensors");
        List<String> arguments =
                new ArrayList<>(List.of(script(), "logits", base.toString(), adapter.toString(), out.toString()));
        for (long id : AdapterLogits.ids(weights)) {
            arguments.add(String.valueOf(id));
        }
        PythonProcess python = python();
        assertThat(python.run(arguments.toArray(String[]::new)))
                .as(python.said())
                .isTrue();
        AdapterLogits.requireClose(weights, adapter, out);
    }

    private static String script() throws Exception {
        return Path.of(PeftRoundTripTest.class
                        .getResource("/peft_round_trip.py")
                        .toURI())
                .toString();
    }

    private PythonProcess python() {
        return new PythonProcess(folder.resolve("python.log"));
    }
}
