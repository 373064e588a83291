package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Predictions;
import coterie.model.program.DecoderProgram;
import coterie.model.torch.ComputeDevice;
import java.util.Arrays;

/** Forward passes of one user's adapters on its device: losses and predictions. */
final class ForwardPasses {
    /** Sequences of a pass. */
    private static final int ROWS = 16;

    /** Dropout in a forward pass. */
    interface Noise {
        /**
         * Seeds of a pass.
         *
         * @param at number of its first sequence
         */
        long[] seeds(int at);
    }

    /** No dropout. */
    static final Noise QUIET = at -> DecoderProgram.QUIET;

    private final AdapterLayout layout;
    private final LearningDevice device;
    private final NDManager owner;

    /** @param owner parent of the passes' temporary arrays */
    ForwardPasses(AdapterLayout layout, LearningDevice device, NDManager owner) {
        this.layout = layout;
        this.device = device;
        this.owner = owner;
    }

    private static String evaluation(int sequences, int length) {
        return "an evaluation of " + sequences + " x " + length + " tokens";
    }

    /**
     * Mean cross-entropy of some sequences, in nats.
     *
     * @param adapter [P]
     */
    double loss(TokenWindows w, NDArray adapter, Noise noise) {
        double sum = 0;
        for (int at = 0; at < w.n(); at += ROWS) {
            int n = Math.min(ROWS, w.n() - at);
            try (NDManager m = owner.newSubManager()) {
                Shape shape = new Shape(n, w.length());
                NDArray ids = m.create(Arrays.copyOfRange(w.ids(), at * w.length(), (at + n) * w.length()), shape);
                NDArray targets =
                        m.create(Arrays.copyOfRange(w.targets(), at * w.length(), (at + n) * w.length()), shape);
                long[] seeds = noise.seeds(at);
                for (float loss : device.fitting()
                        .compute(
                                evaluation(n, w.length()),
                                () -> ComputeDevice.floats(device.program()
                                        .losses(ids, targets, layout, adapter, device.base(), seeds, m)))) {
                    sum += loss;
                }
            }
        }
        return sum / ((double) w.n() * w.length());
    }

    /**
     * The k largest logits at the positions of some sequences.
     *
     * @param p k, and which positions count
     * @param adapter [P]
     */
    Predictions predict(LearningRules.PredictionRules p, TokenWindows w, NDArray adapter, Noise noise) {
        int each = p.lastOnly() ? 1 : w.length();
        long[] tokens = new long[Math.multiplyExact(Math.multiplyExact(w.n(), each), p.topK())];
        float[] logits = new float[tokens.length];
        for (int at = 0; at < w.n(); at += ROWS) {
            int n = Math.min(ROWS, w.n() - at);
            long[] positions = new long[n * each];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = p.lastOnly() ? (long) (i + 1) * w.length() - 1 : i;
            }
            try (NDManager m = owner.newSubManager()) {
                NDArray ids = m.create(
                        Arrays.copyOfRange(w.ids(), at * w.length(), (at + n) * w.length()), new Shape(n, w.length()));
                long[] seeds = noise.seeds(at);
                NDList top = device.fitting()
                        .compute(
                                evaluation(n, w.length()),
                                () -> device.program()
                                        .topLogits(
                                                ids,
                                                layout,
                                                adapter,
                                                device.base(),
                                                m.create(positions),
                                                p.topK(),
                                                seeds,
                                                m));
                int to = at * each * p.topK();
                System.arraycopy(ComputeDevice.floats(top.get(0)), 0, logits, to, positions.length * p.topK());
                System.arraycopy(ComputeDevice.longs(top.get(1)), 0, tokens, to, positions.length * p.topK());
            }
        }
        return Predictions.of(device.config().vocabulary(), p.topK(), tokens, logits);
    }
}
