package coterie.scenarios.learner.lora;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseWeights;
import coterie.model.files.AtomicFiles;
import coterie.model.learn.LearningDevice;
import coterie.model.program.PassMemory;
import coterie.model.program.Precision;
import coterie.model.text.DataException;
import coterie.model.text.DatasetOutline;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.DataIndex;
import coterie.scenarios.learner.GroupColumn;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.MemoryEstimate;
import coterie.scenarios.learner.Mixtures;
import coterie.scenarios.learner.Schedules;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The base of a scenario's runs, its tokenizer, and the layout of its adapters. */
final class LanguageModelInputs implements LearnerInputs {
    private static final int CHUNK = 1 << 14;
    /** Activations that a layer keeps per token for the backward pass, in multiples of the base's width. */
    private static final int WIDTHS_KEPT = 24;

    /** Arrays [P] of a user in Java's memory: the last snapshot. */
    private static final int HEAP_ROWS = 1;
    /** Arrays [P] of a user on the device: parameters and AdamW's two moments. */
    private static final int DEVICE_ROWS = 3;

    private final AdapterLayout layout;
    private final Tokenizer tokenizer;
    private final BaseWeights weights;
    /** Null until it is asked for. */
    private String baseHash;

    /**
     * Opens the base. Its weights are read by what computes with them, or only to be checked.
     *
     * @throws InputException if the base cannot be read
     */
    LanguageModelInputs(Loaded loaded) {
        RunBase loadedBase = RunBase.load(loaded);
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

    @Override
    public int parameters() {
        return layout.size();
    }

    /**
     * A hash of the base's configuration and of every weight: machines on which it differs would learn different
     * things.
     *
     * @throws InputException if a weight cannot be read
     */
    String baseHash(Loaded loaded) {
        if (baseHash == null) {
            try {
                baseHash = hash();
            } catch (DataException e) {
                throw RunBase.refusal(loaded, e);
            }
        }
        return baseHash;
    }

    @Override
    public String modelHash(Loaded loaded) {
        return loaded.scenario().model().base().startsWith("builtin:") ? baseHash(loaded) : null;
    }

    private String hash() {
        MessageDigest sha = Sha256.digest();
        // Equal weights may still be computed with in different ways.
        sha.update(weights.config().toString().getBytes(StandardCharsets.UTF_8));
        ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK);
        weights.read(piece -> {
            float[] a = piece.floats();
            for (int at = 0; at < a.length; at += CHUNK) {
                int n = Math.min(CHUNK, a.length - at);
                chunk.clear().asFloatBuffer().put(a, at, n);
                sha.update(chunk.array(), 0, 4 * n);
            }
        });
        return DataIndex.PREFIX + Sha256.hex(sha);
    }

    @Override
    public void checkMemory(Loaded loaded) {
        MemoryEstimate.checkUsers(loaded, "adapters", layout.size(), HEAP_ROWS, DEVICE_ROWS);
        double tokens = tokens(loaded);
        MemoryEstimate.check(
                loaded,
                "training.batch_size",
                String.format(Locale.ROOT, "a pass of %.0f tokens", tokens),
                kept(tokens, true));
    }

    @Override
    public List<String> memoryNotes(Loaded loaded) {
        double kept = pass(loaded, false).of(1);
        double machine = MemoryEstimate.machine();
        return kept <= machine
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "a pass of one user (%.0f tokens) takes about %.1f GiB, this machine has %.1f GiB: on its CPU,"
                                + " activations are recomputed, which takes about %.1f GiB and more time",
                        tokens(loaded),
                        kept / MemoryEstimate.GIB,
                        machine / MemoryEstimate.GIB,
                        pass(loaded, true).of(1) / MemoryEstimate.GIB));
    }

    /** Memory of passes on a CPU. */
    private PassMemory pass(Loaded loaded, boolean recompute) {
        Scenario s = loaded.scenario();
        return PassMemory.of(
                layout,
                s.training().batchSize(),
                s.training().context(),
                s.model().baseDropout(),
                recompute,
                true);
    }

    /** Tokens of a user's pass. */
    private static double tokens(Loaded loaded) {
        Scenario.Training t = loaded.scenario().training();
        return (double) t.batchSize() * t.context();
    }

    /**
     * Bytes of what a pass keeps for the backward pass.
     *
     * @param recompute whether it keeps the inputs of layers, and activations of one layer at a time
     */
    private double kept(double tokens, boolean recompute) {
        double blocks = layout.config().blocks();
        double widths = recompute ? blocks - 1 + WIDTHS_KEPT : WIDTHS_KEPT * blocks;
        return Float.BYTES * tokens * widths * layout.config().width();
    }

    /** The base, the users' parameters and moments, and a pass. */
    @Override
    public double deviceBytes(Loaded loaded, int users, int stack, boolean recomputes) {
        boolean full = loaded.scenario().model().precision() == Precision.FLOAT32;
        double base = (double) layout.config().parameters() * (full ? Float.BYTES : Short.BYTES);
        double adapters = (double) Float.BYTES * DEVICE_ROWS * users * layout.size();
        // Passes that recompute have one user.
        double pass = tokens(loaded) * (recomputes ? 1 : Math.min(stack, users));
        return base + adapters + kept(pass, recomputes);
    }

    @Override
    public DatasetOutline check(Loaded loaded) {
        checkWeights(loaded);
        new Starts(loaded, layout).check();
        LoraRules.backdoor(loaded, tokenizer);
        return Texts.outline(loaded, tokenizer);
    }

    private void checkWeights(Loaded loaded) {
        try {
            weights.check();
        } catch (DataException e) {
            throw RunBase.refusal(loaded, e);
        }
    }

    @Override
    public DataIndex index(Loaded loaded) {
        String hash = baseHash(loaded);
        return new TextIndex(this, Texts.index(loaded, tokenizer), hash);
    }

    @Override
    public LearnerHost host(Loaded loaded, List<HostDevice> devices) {
        List<LearningDevice> all = new ArrayList<>();
        try {
            for (HostDevice d : devices) {
                all.add(device(loaded, d));
            }
            return new LanguageModelHost(this, all, devices);
        } catch (RuntimeException | Error e) {
            all.forEach(LearningDevice::close);
            throw e;
        }
    }

    private LearningDevice device(Loaded loaded, HostDevice d) {
        Scenario s = loaded.scenario();
        try {
            return new LearningDevice(
                    d.name(),
                    weights,
                    Schedules.optimiser(s.training()),
                    s.model().precision(),
                    s.model().baseDropout(),
                    d.threads(),
                    d.stack());
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage());
        } catch (DataException e) {
            throw RunBase.refusal(loaded, e);
        }
    }

    @Override
    public void write(Path run, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files)
            throws IOException {
        PeftFiles.write(
                run.resolve("adapters/user-" + user),
                layout,
                parameters,
                loaded.scenario().model().base(),
                files);
    }

    @Override
    public void print(Loaded loaded, PrintStream out) {
        checkWeights(loaded);
        String shared = loaded.resolved().at("/data/shared/source").asText();
        FederatedDataset dataset = Texts.deal(loaded, tokenizer);
        UserMixtures mixtures = Mixtures.overTime(loaded, dataset.categories());
        new TextListing(dataset, mixtures, tokenizer, shared, GroupColumn.of(loaded), out).print();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
