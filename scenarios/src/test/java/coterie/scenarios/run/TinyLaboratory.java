package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.adapter.Target;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.AtomicFiles;
import coterie.model.learn.Learner;
import coterie.model.learn.LogisticLearner;
import coterie.model.text.DatasetOutline;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.TrustManager;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.learner.Strategies;
import coterie.scenarios.learner.TextSample;
import coterie.scenarios.results.Categories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Users that learn a softmax regression: a run takes milliseconds. Their parameters are as many as an adapter of the
 * layout has, and are kept as one.
 */
final class TinyLaboratory implements RunBackend {
    private static final int WIDTH = 4;
    private static final int ROWS = 8;
    private final Engine engine = new Engine();
    private final AdapterLayout layout = new AdapterLayout(
            Gpt2Family.shape(1, WIDTH, 1, 10, 10), new LoraConfig(1, 1, 0, Set.of(Target.of("attn.c_proj"))));
    private final FederatedDataset dataset;

    TinyLaboratory(int users) {
        List<UserData> all = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            double share = (u + 1.0) / (users + 1);
            all.add(new UserData(new int[20], new int[0], new int[5], new int[5], new double[] {share, 1 - share}));
        }
        dataset = new FederatedDataset(List.of("a", "b"), all, new int[][] {new int[3], new int[2]});
    }

    @Override
    public DatasetOutline dataset() {
        return dataset.outline();
    }

    @Override
    public void write(Path folder, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files)
            throws IOException {
        PeftFiles.write(folder.resolve("adapters/user-" + user), layout, parameters, "none", files);
    }

    @Override
    public String engine() {
        return "none";
    }

    @Override
    public SimulationConfig config(Loaded loaded) {
        return SimulationConfigs.checked(
                loaded.scenario(), Categories.of(dataset.mixtures()).toArray(), loaded::at);
    }

    @Override
    public Workers workers() {
        return new Workers(List.of("none"), 1, 1, 0);
    }

    @Override
    public String modelHash(Loaded loaded) {
        return null;
    }

    @Override
    public String dataHash() {
        return null;
    }

    @Override
    public String device() {
        return "none";
    }

    @Override
    public RunResult run(
            Loaded loaded,
            SimulationConfig config,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            Consumer<Simulation> started) {
        TrustManager.Rules rules =
                Strategies.rules(loaded.scenario(), UserMixtures.constant(dataset.mixtures()), layout);
        List<Learner> learners = new ArrayList<>();
        for (int u = 0; u < config.users(); u++) {
            // Two rows of weights, each with a bias.
            learners.add(new LogisticLearner(
                    u,
                    loaded.scenario().seed(),
                    WIDTH - 1,
                    ROWS,
                    loaded.scenario().evaluation().every(),
                    loaded.scenario().collaboration().exchange(),
                    new TrustManager(u, rules)));
        }
        Simulation.Clock clock = RunBackend.clock(loaded.scenario());
        try (Simulation simulation = engine.start(config, learners, observer, clock, checkpoints, from)) {
            started.accept(simulation);
            return simulation.await();
        }
    }

    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return List.of();
    }

    @Override
    public void close() {
        engine.close();
    }
}
