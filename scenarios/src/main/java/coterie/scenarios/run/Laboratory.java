package coterie.scenarios.run;

import coterie.actors.clock.Checkpoints;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.SavedRun;
import coterie.actors.clock.Simulation;
import coterie.actors.life.World;
import coterie.model.adapter.AdapterLayout;
import coterie.model.gpt2.AdamW;
import coterie.model.gpt2.Gpt2Weights;
import coterie.model.gpt2.PretrainedGpt2;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.LearningRules;
import coterie.model.learn.OneCycle;
import coterie.model.learn.Schedule;
import coterie.model.text.DataException;
import coterie.model.text.Society;
import coterie.model.text.UserData;
import coterie.model.trust.Collaborator;
import coterie.model.trust.Fidelity;
import coterie.model.trust.TrustStrategy;
import coterie.scenarios.results.Categories;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import coterie.scenarios.schema.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All that the runs of one scenario share: base, text and device, loaded once. */
public final class Laboratory implements AutoCloseable {
    private final Society society;
    private final LearningDevice device;
    private final Engine engine;

    /**
     * Loads what a scenario needs.
     *
     * @param threads compute workers
     * @param stack users that one worker computes in one pass at most
     * @throws InputException where base, text or device cannot be had
     */
    public Laboratory(Loaded loaded, String deviceName, int threads, int stack) {
        Scenario s = loaded.scenario();
        try {
            String base = s.model().base();
            PretrainedGpt2 pretrained = PretrainedGpt2.load(base.startsWith("builtin:") ? base : Texts.resolve(base, loaded.file()).toString());
            Gpt2Weights weights = pretrained.weights();
            if (s.training().context() > weights.config().context()) {
                throw new InputException(loaded.file() + ": training.context: the base reads at most " + weights.config().context() + " tokens, found "
                        + s.training().context());
            }
            society = Texts.deal(s, loaded.file(), pretrained.tokenizer());
            pretrained.tokenizer().close();
            if (s.collaboration().fidelity() == Fidelity.RELEASED) {
                weights = new Gpt2Weights(weights.config().withExactGelu(true), weights.arrays());
            }
            AdapterLayout layout = new AdapterLayout(weights.config(), s.model().lora().config());
            Scenario.Training t = s.training();
            AdamW optimiser = new AdamW(t.betas().get(0), t.betas().get(1), t.epsilon(), t.weightDecay());
            device = new LearningDevice(deviceName, weights, layout, optimiser, s.model().precision(), s.model().baseDropout(), threads, stack);
        } catch (DataException e) {
            throw new InputException(loaded.file() + ": model.base: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage());
        }
        engine = new Engine();
    }

    public Society society() {
        return society;
    }

    public AdapterLayout layout() {
        return device.layout();
    }

    /**
     * Runs a scenario; base, data and adapters must be those of the scenario this was made for.
     *
     * @param world the scenario's
     * @param checkpoints when it is saved
     * @param from what to go on from; null to begin
     * @param started is given the run as soon as it can be stopped
     */
    public RunResult run(Loaded loaded, World world, RunObserver observer, Checkpoints checkpoints, SavedRun from, Consumer<Simulation> started) {
        Scenario s = loaded.scenario();
        Collaborator.Rules trust = Strategies.rules(s, society, device.layout());
        Society holding = holding(trust.strategy());
        List<Learner> learners = new ArrayList<>();
        try {
            LearningRules rules = learningRules(s, trust.strategy());
            Starts starts = new Starts(loaded, device.layout());
            for (int u = 0; u < s.users(); u++) {
                learners.add(device.learner(u, holding, starts.row(u), rules, new Collaborator(u, trust)));
            }
            try (Simulation simulation = engine.start(world, learners, observer, clock(s), checkpoints, from)) {
                started.accept(simulation);
                return simulation.await();
            }
        } finally {
            device.settle();
            learners.forEach(Learner::close);
        }
    }

    private static Simulation.Clock clock(Scenario s) {
        return s.time().clock() == Scenario.Clock.WALL ? new Simulation.Wall(s.time().speed()) : new Simulation.Virtual();
    }

    /** The data as a strategy divides it. */
    private Society holding(TrustStrategy strategy) {
        if (strategy.fineTuneShare() == 0) {
            return society;
        }
        List<UserData> users = society.users().stream().map(u -> u.withFineTuneShare(strategy.fineTuneShare())).toList();
        return new Society(society.categories(), users, society.shared());
    }

    /** The world of a scenario. */
    public World world(Loaded loaded) {
        try {
            return Worlds.of(loaded.scenario(), Categories.of(society.mixtures()).toArray());
        } catch (IllegalArgumentException e) {
            throw new InputException(loaded.file() + ": " + e.getMessage());
        }
    }

    private static LearningRules learningRules(Scenario s, TrustStrategy strategy) {
        Scenario.Training t = s.training();
        Scenario.Trust trust = s.collaboration().trust();
        boolean released = s.collaboration().fidelity() == Fidelity.RELEASED;
        Schedule schedule = t.schedule() == Scenario.ScheduleKind.CONSTANT ? Schedule.constant(t.learningRate())
                : new OneCycle(t.iterations(), t.learningRate(), t.warmup(), t.startDivisor(), t.endDivisor());
        // The released code draws other sequences in every round; users that are not at the same turn could not compare them.
        LearningRules.PredictionRules predictions = !strategy.needsPredictions() ? null
                : new LearningRules.PredictionRules(trust.topKLogits(), trust.sharedWindows(), trust.positions() == Scenario.Positions.LAST,
                        released && s.time().mode() == coterie.actors.life.Mode.SYNCHRONOUS);
        return new LearningRules(s.seed(), t.batchSize(), t.accumulationSteps(), t.context(), schedule, s.collaboration().exchange(),
                s.evaluation().every(), new LearningRules.EvaluationRules(s.evaluation().tokens(), s.evaluation().protocol() == Scenario.TestSet.RELEASED),
                new LearningRules.ValidationRules(trust.validationTokens(), released), predictions, s.faults().faults().any());
    }

    @Override
    public void close() {
        engine.close();
        device.close();
    }
}
