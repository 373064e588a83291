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
import coterie.model.adapter.PeftFiles;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.Python;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second opinion, at GPT-2's full shape: Hugging Face's transformers and PEFT read what we write and must compute
 * what we compute. Skipped where Python (COTERIE_PYTHON, or python3) has them not.
 */
@Tag("slow")
class HuggingFaceParityTest {
    @TempDir
    Path folder;

    @Test
    void transformersAndPeftComputeTheSameLogitsFromOurFiles() throws Exception {
        Python python = new Python(folder.resolve("python.log"));
        assumeTrue(python.hasLibraries(), "no Python with torch, transformers and peft");
        DecoderConfig config = Gpt2Family.GPT2_124M;
        MemoryWeights weights = MemoryWeights.random(config, 7);
        weights.write(folder.resolve("base/model.safetensors"), NumberType.F32, Map.of());
        Files.writeString(folder.resolve("base/config.json"), """
                {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], \
                "activation_function": "gelu_new", "n_layer": 12, "n_embd": 768, "n_head": 12,
                 "n_positions": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-5}
                """);
        AdapterLayout layout = new AdapterLayout(config, LoraConfig.of(4, 32));
        float[] adapter = layout.start(AdapterLayout.Start.SHARED, 3, 0);
        RandomStream s = RandomStream.of(5, Purpose.INITIAL_WEIGHTS);
        for (AdapterLayout.Part p : layout.parts()) {
            for (int i = 0; i < p.sizeB(); i++) {
                adapter[p.offsetB() + i] = (float) (0.02 * s.gaussian());
            }
        }
        PeftFiles.write(
                folder.resolve("adapter"),
                layout,
                adapter,
                folder.resolve("base").toString());
        long[] ids = new long[64];
        List<String> arguments = new ArrayList<>(List.of(
                folder.resolve("base").toString(),
                folder.resolve("adapter").toString(),
                folder.resolve("logits.safetensors").toString()));
        for (int i = 0; i < ids.length; i++) {
            ids[i] = s.below(config.vocabulary());
            arguments.add(String.valueOf(ids[i]));
        }
        python.script("huggingface_parity.py", arguments.toArray(String[]::new));
        try (ComputeDevice device = ComputeDevice.of("cpu");
                SafeTensors theirs = SafeTensors.open(folder.resolve("logits.safetensors"))) {
            Torch.prepareThread();
            DecoderProgram program = new DecoderProgram(config, AdamW.PAPER, Precision.FLOAT32, 0, device);
            try (FrozenBase base = new FrozenBase(weights, program, device)) {
                compare(
                        device,
                        program,
                        base,
                        ids,
                        layout,
                        new float[layout.size()],
                        theirs.floats("alone", 64, config.vocabulary()));
                compare(device, program, base, ids, layout, adapter, theirs.floats("adapted", 64, config.vocabulary()));
            }
        }
    }

    private static void compare(
            ComputeDevice device,
            DecoderProgram program,
            FrozenBase base,
            long[] ids,
            AdapterLayout layout,
            float[] adapter,
            float[] expected) {
        try (NDManager m = device.root().newSubManager()) {
            NDArray row = ComputeDevice.array(m, adapter, adapter.length);
            float[] ours = program.logits(
                            m.create(ids, new Shape(1, ids.length)),
                            layout,
                            row,
                            base,
                            m.arange(0, ids.length, 1, DataType.INT64),
                            m)
                    .toFloatArray();
            float worst = 0;
            for (int i = 0; i < ours.length; i++) {
                worst = Math.max(worst, Math.abs(ours[i] - expected[i]));
            }
            assertThat(worst).isCloseTo(0, within(1e-4f));
        }
    }
}
