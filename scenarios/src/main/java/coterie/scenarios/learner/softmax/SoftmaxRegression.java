package coterie.scenarios.learner.softmax;

import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.config.UserAttack;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Softmax regression on vectors, in plain Java: users learn to predict the label of a row.
 *
 * @param l2 λ of the penalty λ/2 · ‖W‖² that is added to the training loss
 */
@Component(name = "softmax", about = "softmax regression, from vectors; computes on the CPU, loads no base")
public record SoftmaxRegression(@Setting("0.0") double l2) implements RunnableLearner {
    /** Of a run besides its users: actors, messages, records. */
    private static final double RUN_BYTES = 20e6;

    public SoftmaxRegression {
        Checks.notNegative("l2", l2);
    }

    @Override
    public Task task() {
        return Task.CLASSIFICATION;
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
        return List.of(
                "collaboration.fidelity",
                "model.base",
                "model.precision",
                "model.base_dropout",
                "model.evaluation_dropout",
                "model.lora",
                "model.adapter",
                "data.train_tokens",
                "data.validation_tokens",
                "data.test_tokens",
                "data.shared_tokens",
                "data.shared",
                "training.context",
                "collaboration.trust.compare",
                "collaboration.trust.normalise",
                "collaboration.trust.top_k_logits",
                "collaboration.trust.shared_windows",
                "collaboration.trust.positions",
                "collaboration.trust.validation_tokens",
                "evaluation.tokens",
                "evaluation.protocol",
                "record.samples");
    }

    @Override
    public void check(Scenario s, UnaryOperator<String> at) {
        if (s.record().utility() > 0) {
            requireValidation(s, "record.utility", at);
        }
        if (UserAttack.baits(s)) {
            requireValidation(s, "an attack that trains on it", at);
        }
        // Every row is an example, so that any number of them can be trained on.
        UserGroup.refuse(
                s, at, "train_tokens", UserGroup.GroupData::trainTokens, "model.learner softmax; use train_rows");
    }

    @Override
    public void check(Scenario s, Strategy strategy, CollaborationStrategy method, UnaryOperator<String> at) {
        if (method.needsValidationSet()) {
            requireValidation(s, strategy.label(), at);
        }
        if (s.collaboration().aggregation().measuresUnder(method)) {
            requireValidation(s, s.collaboration().aggregation().label(), at);
        }
        if (method.fineTuneShare() > 0) {
            int rows = Arrays.stream(UserGroup.trainRows(s)).min().orElseThrow();
            long kept = Math.round(method.fineTuneShare() * rows);
            if (kept == 0 || kept == rows) {
                throw new InputException(at.apply("collaboration.fine_tune_share") + ": " + strategy.label()
                        + " trains on " + (rows - kept) + " of the train_rows, then on the other " + kept
                        + "; both must be at least 1, found share " + method.fineTuneShare());
            }
        }
    }

    private static void requireValidation(Scenario s, String what, UnaryOperator<String> at) {
        if (s.data().validationRows() == 0) {
            throw new InputException(
                    at.apply("data.validation_rows") + ": must be at least 1 for " + what + ", found 0");
        }
    }

    @Override
    public long examples(Scenario.Training t) {
        return (long) t.batchSize() * t.accumulationSteps();
    }

    @Override
    public long testExamples(Scenario s) {
        return s.data().testRows();
    }

    @Override
    public String engine() {
        return "Java " + Runtime.version().feature();
    }

    @Override
    public void checkDevices(List<String> names) {
        for (String name : names) {
            if (!name.equals("cpu")) {
                throw new InputException(
                        "--device: model.learner softmax computes on the CPU, found " + name + ", allowed: cpu");
            }
        }
    }

    @Override
    public double bytesPerRun(Loaded loaded) {
        try (VectorInputs vectors = new VectorInputs(loaded, l2)) {
            return RUN_BYTES + vectors.bytesPerRun(loaded.scenario());
        }
    }

    @Override
    public LearnerInputs open(Loaded loaded) {
        return new VectorInputs(loaded, l2);
    }
}
