package coterie.scenarios.run;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.BaseWeights;
import coterie.model.learn.LearningDevice;
import coterie.model.program.AdamW;
import coterie.model.text.Tokenizer;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The base of a scenario's runs, its tokenizer, and the layout of its adapters. */
final class RunInputs implements AutoCloseable {
    private static final int CHUNK = 1 << 14;
    private final AdapterLayout layout;
    private final Tokenizer tokenizer;
    private final String base;
    private final BaseWeights weights;

    /**
     * Loads them.
     *
     * @throws InputException if the base cannot be read
     */
    RunInputs(Loaded loaded) {
        RunBase loadedBase = RunBase.load(loaded);
        base = loadedBase.name();
        tokenizer = loadedBase.tokenizer();
        layout = loadedBase.layout();
        weights = loadedBase.weights();
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    AdapterLayout layout() {
        return layout;
    }

    /**
     * A hash of the base's configuration and of every weight: machines on which it differs would learn different
     * things.
     */
    String baseHash() {
        MessageDigest sha = Sha256.digest();
        // Equal weights may still be computed with in different ways.
        sha.update(weights.config().toString().getBytes(StandardCharsets.UTF_8));
        ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK);
        try {
            weights.read(piece -> {
                float[] a = piece.floats();
                for (int at = 0; at < a.length; at += CHUNK) {
                    int n = Math.min(CHUNK, a.length - at);
                    chunk.clear().asFloatBuffer().put(a, at, n);
                    sha.update(chunk.array(), 0, 4 * n);
                }
            });
        } catch (IOException e) {
            throw new InputException("cannot read base " + base + ": " + e.getMessage());
        }
        return InputHashes.PREFIX + Sha256.hex(sha);
    }

    /**
     * Loads the base onto a device.
     *
     * @param threads compute workers
     * @param stack users that one worker computes in one pass at most
     * @throws InputException if there is no such device
     */
    LearningDevice device(Loaded loaded, String name, int threads, int stack) {
        Scenario s = loaded.scenario();
        Scenario.Training t = s.training();
        AdamW optimiser = new AdamW(t.betas().get(0), t.betas().get(1), t.epsilon(), t.weightDecay());
        try {
            return new LearningDevice(
                    name, weights, optimiser, s.model().precision(), s.model().baseDropout(), threads, stack);
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage());
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
