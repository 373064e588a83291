package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import coterie.model.files.SafeTensors;
import coterie.model.program.AdamW;
import coterie.model.program.DecoderProgram;
import coterie.model.program.FrozenBase;
import coterie.model.program.Precision;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private static final String PYTHON = System.getenv().getOrDefault("COTERIE_PYTHON", "python3");
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

    private boolean python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        try {
            Process p = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("python.log").toFile())
                    .start();
            return p.waitFor(5, TimeUnit.MINUTES) && p.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A plain LoRA of all modules, and PEFT's defaults for GPT-2, with a scale of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | [attention,mlp]", "{\"target_modules\": null, \"use_rslora\": true} | [c_attn]"})
    void adaptersGoInAndOutAsTheyAre(String keys, String targets) throws Exception {
        assumeTrue(
                python("-c", "import torch, transformers, peft, safetensors"),
                "no Python with torch, transformers and peft");
        Path base = Files.createDirectories(folder.resolve("base"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            try (InputStream in = PretrainedBase.class.getResourceAsStream("/coterie/model/base/tiny/" + file)) {
                Files.copy(in, base.resolve(file));
            }
        }
        Path theirs = folder.resolve("theirs");
        assertThat(python(script(), "make", base.toString(), theirs.toString(), keys))
                .as(log())
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
        long[] ids = new long[32];
        Path out = folder.resolve("logits.safetensors");
        List<String> arguments =
                new ArrayList<>(List.of(script(), "logits", base.toString(), adapter.toString(), out.toString()));
        for (int k = 0; k < ids.length; k++) {
            ids[k] = (31L * k + 7) % weights.config().vocabulary();
            arguments.add(String.valueOf(ids[k]));
        }
        assertThat(python(arguments.toArray(String[]::new))).as(log()).isTrue();
        PeftFiles.Adapter read = PeftFiles.read(adapter, weights.config());
        AdapterLayout layout = new AdapterLayout(weights.config(), read.lora());
        try (ComputeDevice device = ComputeDevice.of("cpu");
                SafeTensors file = SafeTensors.open(out)) {
            Torch.prepareThread();
            DecoderProgram program = new DecoderProgram(weights.config(), AdamW.PAPER, Precision.FLOAT32, 0, device);
            try (FrozenBase loaded = new FrozenBase(weights, program, device);
                    NDManager m = device.root().newSubManager()) {
                float[] ours = program.logits(
                                m.create(ids, new Shape(1, ids.length)),
                                layout,
                                ComputeDevice.array(m, read.row(), read.row().length),
                                loaded,
                                m.arange(0, ids.length, 1, DataType.INT64),
                                m)
                        .toFloatArray();
                float[] expected =
                        file.floats("logits", ids.length, weights.config().vocabulary());
                for (int k = 0; k < ours.length; k++) {
                    assertThat(ours[k]).isCloseTo(expected[k], within(1e-4f));
                }
            }
        }
    }

    private static String script() throws Exception {
        return Path.of(PeftRoundTripTest.class
                        .getResource("/peft_round_trip.py")
                        .toURI())
                .toString();
    }

    private String log() throws IOException {
        return Files.exists(folder.resolve("python.log")) ? Files.readString(folder.resolve("python.log")) : "";
    }
}
