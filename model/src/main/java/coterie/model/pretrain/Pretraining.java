package coterie.model.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.files.AtomicFiles;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.learn.OneCycle;
import coterie.model.program.AdamW;
import coterie.model.program.DecoderProgram;
import coterie.model.text.BpeTrainer;
import coterie.model.text.DealtDocuments;
import coterie.model.text.TextFiles;
import coterie.model.text.Tokenizer;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.Torch;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Trains a small base from scratch on text: learns the vocabulary, then all parameters by AdamW on a one-cycle
 * schedule. Writes a directory in Hugging Face's layout and resumes from its last checkpoint.
 */
public final class Pretraining implements AutoCloseable {
    private static final int EVALUATION_WINDOWS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();
    private final PretrainPlan plan;
    private final Path directory;
    private final Consumer<String> log;
    private final ComputeDevice device;
    private final ExecutorService workers;
    private final Tokenizer tokenizer;
    private final DecoderConfig config;
    private final DecoderProgram program;
    private final List<TokenStream> training = new ArrayList<>();
    private final List<TokenStream> heldOut = new ArrayList<>();

    public Pretraining(PretrainPlan plan, Path directory, ComputeDevice device, int threads, Consumer<String> log)
            throws IOException {
        this.plan = plan;
        this.directory = directory;
        this.device = device;
        this.log = log;
        workers = Executors.newFixedThreadPool(threads, r -> {
            Thread t = new Thread(r, "pretraining");
            t.setDaemon(true);
            return t;
        });
        Files.createDirectories(directory);
        AtomicFiles.sweep(directory, name -> true);
        if (!Files.exists(directory.resolve("tokenizer.json"))) {
            learnVocabulary();
        }
        tokenizer = Tokenizer.in(directory);
        config = plan.config().resized(plan.config().blocks(), tokenizer.size());
        program =
                new DecoderProgram(config, new AdamW(0.9, 0.95, 1e-8, plan.weightDecay()), plan.precision(), 0, device);
        readText();
    }

    private void learnVocabulary() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        double total =
                plan.sources().stream().mapToDouble(PretrainPlan.Source::weight).sum();
        for (PretrainPlan.Source source : plan.sources()) {
            long left = (long) (plan.tokenizerCharacters() * source.weight() / total);
            TextFiles files = new TextFiles(source.path());
            List<String> categories = source.categories().isEmpty() ? files.categories() : source.categories();
            for (String category : categories) {
                long share = left / categories.size();
                List<String> documents = files.documents(category);
                for (String d : documents.subList((int) (source.from() * documents.size()), documents.size())) {
                    trainer.add(d);
                    share -= d.length();
                    if (share <= 0) {
                        break;
                    }
                }
            }
        }
        var vocabulary = trainer.train(plan.config().vocabulary());
        AtomicFiles.write(directory.resolve("tokenizer.json"), vocabulary.toTokenizerJson());
        log.accept("learned a vocabulary of " + vocabulary.size() + " tokens");
    }

    /** Holds out every fiftieth document and skips copies of documents. */
    private void readText() {
        for (PretrainPlan.Source source : plan.sources()) {
            TokenStream train = new TokenStream();
            TokenStream held = new TokenStream();
            DealtDocuments read = new DealtDocuments();
            TextFiles files = new TextFiles(source.path());
            List<String> categories = source.categories().isEmpty() ? files.categories() : source.categories();
            for (int c = 0; c < categories.size(); c++) {
                int limit = (int) ((long) source.maxTokens() * (c + 1) / categories.size());
                List<String> documents = files.documents(categories.get(c));
                int n = 0;
                for (String d : documents.subList((int) (source.from() * documents.size()), documents.size())) {
                    if (!read.isNew(source.label(), d)) {
                        continue;
                    }
                    (n++ % 50 == 49 ? held : train).add(d, tokenizer);
                    if (train.size() >= limit) {
                        break;
                    }
                }
            }
            files.notes().forEach(log);
            read.notes().forEach(log);
            log.accept(source.label() + ": " + train.size() + " tokens to train on, " + held.size() + " held out");
            training.add(train);
            heldOut.add(held);
        }
    }

    /** Trains until the end of the plan and writes the base. */
    public void run() throws IOException {
        try (NDManager owner = device.root().newSubManager()) {
            Torch.prepareThread();
            int size = Math.toIntExact(config.parameters());
            NDArray row = owner.zeros(new Shape(size));
            NDArray expAvg = owner.zeros(new Shape(size));
            NDArray expAvgSq = owner.zeros(new Shape(size));
            int step = restore(row, expAvg, expAvgSq);
            OneCycle schedule = new OneCycle(plan.steps(), plan.rate(), 0.03, 25, 0.4);
            long started = System.nanoTime();
            int began = step;
            double smooth = Double.NaN;
            for (; step < plan.steps(); step++) {
                double loss = update(row, expAvg, expAvgSq, step, schedule.rate(step));
                smooth = Double.isNaN(smooth) ? loss : 0.98 * smooth + 0.02 * loss;
                int done = step + 1;
                if (done % 50 == 0) {
                    double seconds = (System.nanoTime() - started) / 1e9;
                    log.accept(String.format(
                            java.util.Locale.ROOT,
                            "step %d of %d, loss %.4f, %.0f tokens/s, %.0f min left",
                            done,
                            plan.steps(),
                            smooth,
                            (done - began) * (double) plan.batch() * config.context() / seconds,
                            seconds / (done - began) * (plan.steps() - done) / 60));
                }
                if (done % plan.evaluateEvery() == 0 || done == plan.steps()) {
                    save(row, expAvg, expAvgSq, done);
                }
            }
        }
    }

    private double update(NDArray row, NDArray expAvg, NDArray expAvgSq, int step, double rate) {
        int rows = plan.batch() / plan.shards();
        try (NDManager scratch = device.root().newSubManager()) {
            List<Future<DecoderProgram.Gradients>> parts = new ArrayList<>();
            for (int shard = 0; shard < plan.shards(); shard++) {
                int s = shard;
                parts.add(workers.submit(() -> {
                    Torch.prepareThread();
                    long[] ids = new long[rows * config.context()];
                    long[] targets = new long[ids.length];
                    for (int r = 0; r < rows; r++) {
                        RandomStream stream = RandomStream.of(plan.seed(), Purpose.BATCH, step, (long) s * rows + r);
                        training.get(pick(stream.uniform()))
                                .window(stream, config.context(), ids, targets, r * config.context());
                    }
                    Shape shape = new Shape(rows, config.context());
                    try (NDArray x = scratch.create(ids, shape);
                            NDArray y = scratch.create(targets, shape)) {
                        return program.baseGradients(x, y, row, scratch);
                    }
                }));
            }
            NDArray sum = null;
            double loss = 0;
            for (Future<DecoderProgram.Gradients> part : parts) {
                DecoderProgram.Gradients g = get(part);
                loss += ComputeDevice.floats(g.loss())[0] / plan.shards();
                sum = sum == null ? g.gradient() : sum.addi(g.gradient());
            }
            double norm = Math.sqrt(ComputeDevice.floats(sum.mul(sum).sum())[0]) / plan.shards();
            double clip = norm > 1 ? 1 / norm : 1;
            NDArray gradient = sum.reshape(1, sum.size());
            program.update(
                    List.of(row),
                    gradient,
                    List.of(expAvg),
                    List.of(expAvgSq),
                    new double[] {rate},
                    new double[] {step + 1.0},
                    clip / plan.shards(),
                    scratch);
            return loss;
        }
    }

    private int pick(double u) {
        double total =
                plan.sources().stream().mapToDouble(PretrainPlan.Source::weight).sum();
        int k = 0;
        for (double sum = plan.sources().get(0).weight();
                k + 1 < plan.sources().size() && u * total >= sum;
                sum += plan.sources().get(k).weight()) {
            k++;
        }
        return k;
    }

    /** Perplexity on the held-out text of each source that has at least one held-out window. */
    private Map<String, Double> evaluate(NDArray row) {
        Map<String, Double> result = new LinkedHashMap<>();
        int c = config.context();
        for (int k = 0; k < heldOut.size(); k++) {
            TokenStream text = heldOut.get(k);
            int windows = Math.min(EVALUATION_WINDOWS, (text.size() - 1) / c);
            if (windows == 0) {
                continue;
            }
            double sum = 0;
            for (int at = 0; at < windows; at += 8) {
                int n = Math.min(8, windows - at);
                long[] ids = new long[n * c];
                long[] targets = new long[n * c];
                for (int i = 0; i < n; i++) {
                    text.copy((int) ((long) (at + i) * ((text.size() - 1) / windows)), c, ids, targets, i * c);
                }
                try (NDManager m = device.root().newSubManager()) {
                    DecoderProgram.Gradients g = program.baseGradients(
                            m.create(ids, new Shape(n, c)), m.create(targets, new Shape(n, c)), row, m);
                    sum += n * ComputeDevice.floats(g.loss())[0];
                }
            }
            result.put(plan.sources().get(k).label(), Math.exp(sum / windows));
        }
        return result;
    }

    private void save(NDArray row, NDArray expAvg, NDArray expAvgSq, int step) throws IOException {
        Map<String, Double> perplexity = evaluate(row);
        log.accept("step " + step + ", held-out perplexity "
                + perplexity.entrySet().stream()
                        .map(e -> String.format(java.util.Locale.ROOT, "%s %.2f", e.getKey(), e.getValue()))
                        .toList());
        float[] w = ComputeDevice.floats(row);
        int[] shape = {w.length};
        Map<String, SafeTensors.Tensor> state = new LinkedHashMap<>();
        state.put("row", new SafeTensors.Tensor(shape, w));
        state.put("first", new SafeTensors.Tensor(shape, ComputeDevice.floats(expAvg)));
        state.put("second", new SafeTensors.Tensor(shape, ComputeDevice.floats(expAvgSq)));
        SafeTensors.write(
                directory.resolve("checkpoint.safetensors"),
                state,
                NumberType.F32,
                Map.of("step", String.valueOf(step)));
        MemoryWeights.ofFlat(config, w)
                .write(directory.resolve("model.safetensors"), NumberType.BF16, Map.of("step", String.valueOf(step)));
        AtomicFiles.write(directory.resolve("config.json"), config.family().write(config, tokenizer.endOfText()));
        ObjectNode card = JSON.createObjectNode();
        card.put("steps", step)
                .put("tokens", (long) step * plan.batch() * config.context())
                .put("parameters", config.parameters());
        ObjectNode p = card.putObject("held_out_perplexity");
        perplexity.forEach((k, v) -> p.put(k, Math.round(v * 100) / 100.0));
        AtomicFiles.write(directory.resolve("training.json"), card.toPrettyString() + "\n");
    }

    private int restore(NDArray row, NDArray expAvg, NDArray expAvgSq) throws IOException {
        Path file = directory.resolve("checkpoint.safetensors");
        int size = (int) row.size();
        if (!Files.exists(file)) {
            program.assign(row, MemoryWeights.random(config, plan.seed()).flat());
            return 0;
        }
        try (SafeTensors in = SafeTensors.open(file)) {
            program.assign(row, in.floats("row", size));
            program.assign(expAvg, in.floats("first", size));
            program.assign(expAvgSq, in.floats("second", size));
            int step = Integer.parseInt(in.metadata().getOrDefault("step", "0"));
            log.accept("going on from step " + step);
            return step;
        }
    }

    private static <T> T get(Future<T> f) {
        try {
            return f.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        tokenizer.close();
    }
}
