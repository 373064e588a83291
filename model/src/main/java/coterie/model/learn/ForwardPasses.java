package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Predictions;
import coterie.model.program.DecoderProgram;
import coterie.model.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Forward passes on a device, of one adapter or of several together: losses and predictions. */
final class ForwardPasses {
    /** Most sequences of an adapter in a pass. */
    static final int ROWS = 16;

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

    /**
     * An adapter, and sequences that it reads.
     *
     * @param row the adapter [P], on the device
     */
    record Reading(NDArray row, TokenWindows windows, Noise noise) {}

    private final LearningDevice device;

    ForwardPasses(LearningDevice device) {
        this.device = device;
    }

    /** Mean cross-entropy of some sequences, in nats. */
    double loss(AdapterLayout layout, Reading one) {
        return losses(layout, List.of(one), 1)[0];
    }

    /**
     * Mean cross-entropy of each adapter's sequences, in nats.
     *
     * @param all with equally many sequences of equal length
     * @param places of the passes, at least as many as adapters
     */
    double[] losses(AdapterLayout layout, List<Reading> all, int places) {
        float[][] ofTokens = ofTokens(layout, all, places);
        double[] means = new double[all.size()];
        for (int u = 0; u < means.length; u++) {
            double sum = 0;
            for (float loss : ofTokens[u]) {
                sum += loss;
            }
            means[u] = sum / ofTokens[u].length;
        }
        return means;
    }

    /**
     * Cross-entropy of each token [places][n · length], in nats. Places without an adapter repeat the last one.
     *
     * @param all with n sequences of equal length each
     * @param places of the passes, at least as many as adapters
     */
    float[][] ofTokens(AdapterLayout layout, List<Reading> all, int places) {
        TokenWindows w = all.get(0).windows();
        List<NDArray> rows = rows(all, places);
        float[][] losses = new float[places][Math.multiplyExact(w.n(), w.length())];
        for (int at = 0; at < w.n(); at += ROWS) {
            int n = Math.min(ROWS, w.n() - at);
            try (NDManager m = device.device().root().newSubManager()) {
                NDArray ids = cut(all, places, at, n, TokenWindows::ids, m);
                NDArray targets = cut(all, places, at, n, TokenWindows::targets, m);
                long[] seeds = seeds(all, places, at);
                float[] found = device.fitting()
                        .compute(
                                evaluation(places * n, w.length()),
                                () -> ComputeDevice.floats(
                                        device.program().losses(ids, targets, layout, rows, device.base(), seeds, m)));
                int size = n * w.length();
                for (int u = 0; u < places; u++) {
                    System.arraycopy(found, u * size, losses[u], at * w.length(), size);
                }
            }
        }
        return losses;
    }

    /**
     * The k largest logits at the positions of some sequences.
     *
     * @param p k, and which positions count
     */
    Predictions predictions(AdapterLayout layout, LearningRules.PredictionRules p, Reading one) {
        return predictions(layout, p, List.of(one), 1).get(0);
    }

    /**
     * The same of each adapter.
     *
     * @param all with equally many sequences of equal length
     * @param places of the passes, at least as many as adapters
     */
    List<Predictions> predictions(
            AdapterLayout layout, LearningRules.PredictionRules p, List<Reading> all, int places) {
        int last = p.lastOnly() ? 1 : all.get(0).windows().length();
        Top top = top(layout, p.topK(), last, all, places);
        List<Predictions> predictions = new ArrayList<>();
        for (int u = 0; u < all.size(); u++) {
            predictions.add(Predictions.of(device.config().vocabulary(), p.topK(), top.tokens[u], top.logits[u]));
        }
        return predictions;
    }

    /**
     * The most probable next token at the last positions of some sequences [n · last].
     *
     * @param last number of positions in a sequence
     */
    long[] likeliest(AdapterLayout layout, Reading one, int last) {
        return top(layout, 1, last, List.of(one), 1).tokens[0];
    }

    /** The k most probable tokens at some positions, and their logits [adapters][positions · k]. */
    private record Top(long[][] tokens, float[][] logits) {}

    /** @param each number of positions in a sequence, the last ones */
    private Top top(AdapterLayout layout, int k, int each, List<Reading> all, int places) {
        TokenWindows w = all.get(0).windows();
        List<NDArray> rows = rows(all, places);
        int numbers = Math.multiplyExact(Math.multiplyExact(w.n(), each), k);
        long[][] tokens = new long[all.size()][numbers];
        float[][] logits = new float[all.size()][numbers];
        for (int at = 0; at < w.n(); at += ROWS) {
            int n = Math.min(ROWS, w.n() - at);
            long[] positions = new long[places * n * each];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = (long) (i / each + 1) * w.length() - each + i % each;
            }
            try (NDManager m = device.device().root().newSubManager()) {
                NDArray ids = cut(all, places, at, n, TokenWindows::ids, m);
                long[] seeds = seeds(all, places, at);
                NDList top = device.fitting()
                        .compute(
                                evaluation(places * n, w.length()),
                                () -> device.program()
                                        .topLogits(ids, layout, rows, device.base(), m.create(positions), k, seeds, m));
                float[] values = ComputeDevice.floats(top.get(0));
                long[] words = ComputeDevice.longs(top.get(1));
                int size = n * each * k;
                int to = at * each * k;
                for (int u = 0; u < all.size(); u++) {
                    System.arraycopy(values, u * size, logits[u], to, size);
                    System.arraycopy(words, u * size, tokens[u], to, size);
                }
            }
        }
        return new Top(tokens, logits);
    }

    private static String evaluation(int sequences, int length) {
        return "an evaluation of " + sequences + " x " + length + " tokens";
    }

    private static Reading placed(List<Reading> all, int place) {
        return all.get(Math.min(place, all.size() - 1));
    }

    private static List<NDArray> rows(List<Reading> all, int places) {
        return IntStream.range(0, places).mapToObj(u -> placed(all, u).row()).toList();
    }

    /** A seed for each place, or none. */
    private static long[] seeds(List<Reading> all, int places, int at) {
        return IntStream.range(0, places)
                .mapToObj(u -> placed(all, u).noise().seeds(at))
                .flatMapToLong(LongStream::of)
                .toArray();
    }

    /**
     * n sequences of each adapter [places · n, length].
     *
     * @param at number of the first
     * @param of ids or targets
     */
    private static NDArray cut(
            List<Reading> all, int places, int at, int n, Function<TokenWindows, long[]> of, NDManager m) {
        int length = all.get(0).windows().length();
        int size = n * length;
        long[] numbers = new long[Math.multiplyExact(places, size)];
        for (int u = 0; u < places; u++) {
            System.arraycopy(of.apply(placed(all, u).windows()), at * length, numbers, u * size, size);
        }
        return m.create(numbers, new Shape((long) places * n, length));
    }
}
