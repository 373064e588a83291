package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseArray;
import coterie.model.base.BaseWeights;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.Projection;
import coterie.model.files.SafeTensors;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A base and an adapter of {@code families.py}, computed here and compared with what transformers and PEFT computed.
 */
record Judged(Path folder, BaseWeights weights, PeftFiles.Adapter adapter) {
    /** Largest difference, relative to the largest value. */
    private static final double RELATIVE = 1e-4;

    private static final int[][] STEPS = {{31, 7}, {17, 3}};

    private DecoderConfig config() {
        return weights.config();
    }

    private long[] ids(int length, int shift) {
        long[] all = new long[STEPS.length * length];
        for (int i = 0; i < all.length; i++) {
            int[] step = STEPS[i / length];
            all[i] = ((long) step[0] * (i % length + shift) + step[1]) % config().vocabulary();
        }
        return all;
    }

    /** Compares logits, losses and gradients of sequences of this length. */
    void compare(int length) throws Exception {
        AdapterLayout layout = new AdapterLayout(config(), adapter.lora());
        long[] ids = ids(length, 0);
        try (ComputeDevice device = ComputeDevice.of("cpu");
                SafeTensors theirs = SafeTensors.open(folder.resolve("judged.safetensors"));
                SafeTensors files = SafeTensors.open(folder.resolve("adapter/adapter_model.safetensors"))) {
            Torch.prepareThread();
            DecoderProgram program = new DecoderProgram(config(), AdamW.PAPER, Precision.FLOAT32, 0, device);
            try (FrozenBase base = new FrozenBase(weights, program, device);
                    NDManager m = device.root().newSubManager()) {
                Shape shape = new Shape(STEPS.length, length);
                NDArray x = m.create(ids, shape);
                NDArray y = m.create(ids(length, 1), shape);
                NDArray row = ComputeDevice.array(m, adapter.row(), adapter.row().length);
                NDArray all = m.arange(0, ids.length, 1, DataType.INT64);
                near(
                        "logits",
                        program.logits(x, layout, row, base, all, m).toFloatArray(),
                        theirs.floats("logits", ids.length, config().vocabulary()));
                compareTokenByToken(program, base, layout, row, theirs, m);
                float[] losses = theirs.floats("losses", ids.length);
                near(
                        "losses",
                        program.losses(x, y, layout, row, base, DecoderProgram.QUIET, m)
                                .toFloatArray(),
                        losses);
                DecoderProgram.Gradients g = program.gradients(x, y, layout, List.of(row), new long[0], base, m);
                near("loss", g.loss().toFloatArray(), new float[] {mean(losses)});
                compareWhole(program, x, y, theirs, m);
                float[] gradient = g.gradient().toFloatArray();
                for (AdapterLayout.Part p : layout.parts()) {
                    String module = "base_model.model." + module(p.layer(), p.projection());
                    near(
                            module + ".lora_A",
                            Arrays.copyOfRange(gradient, p.offsetA(), p.offsetA() + p.sizeA()),
                            theirs.floats(module + ".lora_A.weight", p.rank(), p.in()));
                    float[] b = files.floats(module + ".lora_B.weight", p.out(), p.rank());
                    float[] theirsB = theirs.floats(module + ".lora_B.weight", p.out(), p.rank());
                    // A scale of PEFT's own is folded into B.
                    double fold = adapter.row()[p.offsetB()] / b[0];
                    for (int i = 0; i < theirsB.length; i++) {
                        theirsB[i] /= (float) fold;
                    }
                    near(
                            module + ".lora_B",
                            Arrays.copyOfRange(gradient, p.offsetB(), p.offsetB() + p.sizeB()),
                            theirsB);
                }
            }
        }
    }

    /** Compares the logits of the first sequence when its first tokens are read together, and the others one by one. */
    private void compareTokenByToken(
            DecoderProgram program, FrozenBase base, AdapterLayout layout, NDArray row, SafeTensors theirs, NDManager m)
            throws Exception {
        int vocabulary = config().vocabulary();
        int length = Math.toIntExact(theirs.shape("logits")[0] / STEPS.length);
        float[] logits = theirs.floats("logits", STEPS.length * length, vocabulary);
        long[] text = Arrays.copyOf(ids(length, 0), length);
        List<NDArray> cache = new ArrayList<>();
        DecoderConfig.Attention a = config().attention();
        for (int block = 0; block < config().blocks(); block++) {
            cache.add(m.zeros(new Shape(2, length, a.keyValueHeads(), a.headWidth())));
        }
        int read = 0;
        for (int at = length / 3; at <= length; at++) {
            NDArray unread = m.create(Arrays.copyOfRange(text, read, at), new Shape(1, at - read));
            NDList falling = program.nextLogits(unread, layout, row, base, cache, read, vocabulary, m);
            float[] values = falling.get(0).toFloatArray();
            long[] tokens = falling.get(1).toLongArray();
            float[] ours = new float[vocabulary];
            for (int i = 0; i < vocabulary; i++) {
                ours[(int) tokens[i]] = values[i];
            }
            near(
                    "logits after " + at + " tokens",
                    ours,
                    Arrays.copyOfRange(logits, (at - 1) * vocabulary, at * vocabulary));
            read = at;
        }
    }

    /** Compares loss and gradient of the base trained as a whole. */
    private void compareWhole(DecoderProgram program, NDArray x, NDArray y, SafeTensors theirs, NDManager m)
            throws Exception {
        float[] flat = MemoryWeights.of(weights).flat();
        DecoderProgram.Gradients g = program.baseGradients(x, y, ComputeDevice.array(m, flat, flat.length), m);
        near("loss of the base", g.loss().toFloatArray(), theirs.floats("whole.loss", 1));
        float[] gradient = g.gradient().toFloatArray();
        int at = 0;
        for (BaseArray a : config().arrays()) {
            String name = config().family().names().array(a);
            double squares = 0;
            double sum = 0;
            for (int i = at; i < at + a.size(); i++) {
                squares += (double) gradient[i] * gradient[i];
                sum += gradient[i];
            }
            at += a.size();
            float[] judged = theirs.floats("whole." + name, 2);
            // keys' biases change nothing, and their gradient is noise
            double tolerance = RELATIVE * judged[0] + 1e-7;
            assertThat(Math.sqrt(squares))
                    .as("%s, norm of %s", folder, name)
                    .isCloseTo((double) judged[0], within(tolerance));
            assertThat(sum)
                    .as("%s, sum of %s", folder, name)
                    .isCloseTo((double) judged[1], within(tolerance * Math.sqrt(a.size())));
        }
    }

    private String module(int layer, Projection projection) {
        return config().family().names().module(layer, projection);
    }

    private static float mean(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return (float) (sum / values.length);
    }

    void near(String what, float[] ours, float[] theirs) {
        double largest = 0;
        double off = 0;
        assertThat(ours).as("%s, %s", folder.getFileName(), what).hasSameSizeAs(theirs);
        for (int i = 0; i < theirs.length; i++) {
            largest = Math.max(largest, Math.abs(theirs[i]));
            off = Math.max(off, Math.abs(ours[i] - theirs[i]));
        }
        assertThat(off / largest)
                .as("%s, %s: relative difference of %s", folder.getFileName(), what, config())
                .isLessThan(RELATIVE);
    }
}
