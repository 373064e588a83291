package coterie.scenarios.run;

import coterie.actors.user.SimulationConfig;
import coterie.model.adapter.AdapterLayout;
import coterie.model.base.Gpt2Weights;
import coterie.model.base.PretrainedGpt2;
import coterie.model.learn.LearningDevice;
import coterie.model.program.AdamW;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.model.text.UserData;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.results.Categories;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What runs of a scenario are made of, whoever computes them: text, and the shape of base and adapters. */
final class RunInputs implements AutoCloseable {
    private static final int CHUNK = 1 << 14;
    private final FederatedDataset dataset;
    private final AdapterLayout layout;
    private final Tokenizer tokenizer;
    private final String base;
    private Gpt2Weights weights;

    /**
     * Loads them.
     *
     * @throws InputException where base or text cannot be had, or do not fit into memory
     */
    RunInputs(Loaded loaded) {
        this(loaded, false);
    }

    /** @param alone whether all users live on this machine, so that its memory must suffice for them */
    RunInputs(Loaded loaded, boolean alone) {
        RunBase loadedBase = RunBase.load(loaded);
        base = loadedBase.name();
        tokenizer = loadedBase.tokenizer();
        layout = loadedBase.layout();
        weights = loadedBase.weights();
        try {
            if (alone) {
                MemoryEstimate.check(loaded, layout);
            }
            dataset = Texts.deal(loaded, tokenizer);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    FederatedDataset dataset() {
        return dataset;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    AdapterLayout layout() {
        return layout;
    }

    /**
     * A hash of the base's shape and switches, every weight and every token: machines on which it differs would learn
     * different things. Before {@link #forgetWeights}.
     */
    String fingerprint() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            // What is the same in every weight may still be computed otherwise.
            sha.update(weights.config().toString().getBytes(StandardCharsets.UTF_8));
            for (float[] a : weights.arrays()) {
                ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK);
                for (int at = 0; at < a.length; at += CHUNK) {
                    int n = Math.min(CHUNK, a.length - at);
                    chunk.clear().asFloatBuffer().put(a, at, n);
                    sha.update(chunk.array(), 0, 4 * n);
                }
            }
            for (UserData u : dataset.users()) {
                for (int[] tokens : new int[][] {u.train(), u.validation(), u.test()}) {
                    update(sha, tokens);
                }
            }
            for (int[] tokens : dataset.shared()) {
                update(sha, tokens);
            }
            return "sha256:" + HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(MessageDigest sha, int[] tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * tokens.length);
        bytes.asIntBuffer().put(tokens);
        sha.update(bytes);
    }

    /**
     * Loads the base onto a device.
     *
     * @param threads compute workers
     * @param stack users that one worker computes in one pass at most
     * @throws InputException where there is no such device
     */
    LearningDevice device(Loaded loaded, String name, int threads, int stack) {
        Scenario s = loaded.scenario();
        Scenario.Training t = s.training();
        Gpt2Weights weights = this.weights != null ? this.weights : reloaded(s);
        AdamW optimiser = new AdamW(t.betas().get(0), t.betas().get(1), t.epsilon(), t.weightDecay());
        try {
            return new LearningDevice(
                    name,
                    weights,
                    layout,
                    optimiser,
                    s.model().precision(),
                    s.model().baseDropout(),
                    threads,
                    stack);
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage());
        }
    }

    private Gpt2Weights reloaded(Scenario s) {
        PretrainedGpt2 again = PretrainedGpt2.load(base);
        again.tokenizer().close();
        return RunBase.asComputed(s, again.weights());
    }

    /**
     * Lets go of the base's weights in this memory: every device that needs them has them. Whoever needs one more reads
     * them again.
     */
    void forgetWeights() {
        weights = null;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /**
     * The world of a scenario.
     *
     * @throws InputException where there is none over these users
     */
    SimulationConfig config(Loaded loaded) {
        return SimulationConfigs.checked(
                loaded.scenario(), Categories.of(dataset.mixtures()).toArray(), loaded::at);
    }
}
