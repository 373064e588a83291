package coterie.scenarios.learner.lora;

import coterie.model.base.PretrainedBase;
import coterie.model.task.Task;
import coterie.model.torch.NativeLibraries;
import coterie.model.torch.Torch;
import coterie.model.trust.CollaborationStrategy;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.config.UserAttack;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import coterie.topology.settings.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Low-rank adapters on a frozen language model, trained to predict the next token. */
@Component(name = "lora", about = "adapters on a frozen language model, from text: the settings of model")
public record LoraAdapters() implements RunnableLearner {
    /** Largest number of tokens of one pass, which are indexed by an int. */
    private static final int MOST_TOKENS = Integer.MAX_VALUE - 8;

    private static final double BUILTIN_BYTES = 25e6;
    private static final double STEP_BYTES = 400e6;
    private static final double USER_SHARE = 0.04;

    @Override
    public Task task() {
        return Task.LANGUAGE_MODELLING;
    }

    @Override
    public boolean predicts() {
        return true;
    }

    @Override
    public boolean drifts() {
        return true;
    }

    @Override
    public boolean measuresUtility() {
        return true;
    }

    @Override
    public boolean flipsLabels() {
        return true;
    }

    @Override
    public List<String> unused() {
        return List.of("data.train_rows", "data.validation_rows", "data.test_rows");
    }

    @Override
    public void check(Scenario s, UnaryOperator<String> at) {
        if (s.evaluation().protocol() == Scenario.TestSet.RELEASED) {
            requireValidation(s, "the released evaluation", at);
        }
        if (s.record().utility() > 0) {
            requireValidation(s, "record.utility", at);
            requireShared(s, "record.utility", at);
        }
        if (UserAttack.baits(s)) {
            requireValidation(s, "an attack that trains on it", at);
        }
        requireWindow(s, at, "data.train_tokens", s.data().trainTokens());
        requireWindow(s, at, "data.test_tokens", s.data().testTokens());
        for (int k = 0; k < s.groups().size(); k++) {
            UserGroup.GroupData data = s.groups().get(k).data();
            if (data != null && data.trainTokens() != null) {
                requireWindow(s, at, "groups." + k + ".data.train_tokens", data.trainTokens());
            }
        }
        UserGroup.refuse(s, at, "train_rows", UserGroup.GroupData::trainRows, "model.learner lora; use train_tokens");
        long window = s.training().context() + 1L;
        if (s.training().batchSize() > MOST_TOKENS / window) {
            throw new InputException(at.apply("training.batch_size") + ": batch_size × (context + 1) must be at most "
                    + MOST_TOKENS
                    + " tokens, found " + s.training().batchSize() + " × " + window);
        }
    }

    @Override
    public void check(Scenario s, Strategy strategy, CollaborationStrategy method, UnaryOperator<String> at) {
        int context = s.training().context();
        if (method.predictions() != CollaborationStrategy.PredictionForm.NONE) {
            requireShared(s, strategy.label(), at);
        }
        if (method.needsValidationSet()) {
            requireValidation(s, strategy.label(), at);
        }
        if (s.collaboration().aggregation().measuresUnder(method)) {
            requireValidation(s, s.collaboration().aggregation().label(), at);
        }
        if (method.fineTuneShare() > 0) {
            int tokens = Arrays.stream(UserGroup.trainTokens(s)).min().orElseThrow();
            long kept = Math.round(method.fineTuneShare() * tokens);
            long least = Math.min(kept == 0 ? Long.MAX_VALUE : kept, tokens - kept);
            if (least <= context) {
                throw new InputException(at.apply("collaboration.fine_tune_share") + ": " + strategy.label()
                        + " trains on " + (tokens - kept) + " of the train_tokens, then on the other " + kept
                        + "; both must be at least " + (context + 1) + " (training.context + 1), found share "
                        + method.fineTuneShare());
            }
        }
    }

    private static void requireShared(Scenario s, String what, UnaryOperator<String> at) {
        int least = s.training().context() + 1;
        if (s.data().sharedTokens() < least) {
            throw new InputException(at.apply("data.shared_tokens") + ": " + what
                    + " compares predictions on a shared set of at least "
                    + least + " tokens (training.context + 1), found "
                    + s.data().sharedTokens());
        }
    }

    private static void requireValidation(Scenario s, String what, UnaryOperator<String> at) {
        int least = s.training().context() + 1;
        if (s.data().validationTokens() < least) {
            throw new InputException(at.apply("data.validation_tokens") + ": must be at least " + least
                    + " (training.context + 1) for " + what + ", found "
                    + s.data().validationTokens());
        }
    }

    private static void requireWindow(Scenario s, UnaryOperator<String> at, String path, int tokens) {
        if (tokens <= s.training().context()) {
            throw new InputException(at.apply(path) + ": must be at least "
                    + (s.training().context() + 1) + " (training.context + 1), found " + tokens);
        }
    }

    @Override
    public long examples(Scenario.Training t) {
        return (long) t.batchSize() * t.accumulationSteps() * t.context();
    }

    @Override
    public long testExamples(Scenario s) {
        int most = s.evaluation().tokens();
        return most == 0 ? s.data().testTokens() : Math.min(most, s.data().testTokens());
    }

    @Override
    public String engine() {
        return Torch.version();
    }

    @Override
    public void checkMachine() {
        NativeLibraries.check();
    }

    @Override
    public void checkElsewhere(Loaded loaded) {
        if (loaded.scenario().model().base().startsWith("builtin:")) {
            RunBase.load(loaded).tokenizer().close();
        }
    }

    /** Each run has its own base, memory for a step, and a twenty-fifth of a base per user. */
    @Override
    public double bytesPerRun(Loaded loaded) {
        return STEP_BYTES
                + baseBytes(loaded) * (2 + USER_SHARE * loaded.scenario().users());
    }

    /** Size of the base's files. A base that cannot be read has none: opening it says why. */
    private static double baseBytes(Loaded loaded) {
        String name = loaded.scenario().model().base();
        if (name.startsWith("builtin:")) {
            return BUILTIN_BYTES;
        }
        try {
            Path base = InputFile.located(Path.of(name), loaded.file());
            double bytes = 0;
            for (Path file : Files.isDirectory(base) ? PretrainedBase.files(base) : List.of(base)) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            return 0;
        }
    }

    @Override
    public LearnerInputs open(Loaded loaded) {
        return new LanguageModelInputs(loaded);
    }
}
