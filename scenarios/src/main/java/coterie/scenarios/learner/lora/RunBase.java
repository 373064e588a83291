package coterie.scenarios.learner.lora;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import coterie.model.trust.Fidelity;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Path;

/** The base of a scenario, as its runs compute it, and the layout of its adapters. */
record RunBase(BaseWeights weights, Tokenizer tokenizer, AdapterLayout layout) {
    /**
     * Opens the base. Its numbers are checked when they are read.
     *
     * @throws InputException if it cannot be read, or does not fit the scenario
     */
    static RunBase load(Loaded loaded) {
        String name = loaded.scenario().model().base();
        name = name.startsWith("builtin:")
                ? name
                : InputFile.located(Path.of(name), loaded.file()).toString();
        PretrainedBase pretrained;
        try {
            pretrained = PretrainedBase.load(name);
        } catch (DataException e) {
            throw refusal(loaded, e);
        }
        try {
            BaseWeights weights;
            try {
                weights = asComputed(loaded.scenario(), pretrained.weights());
            } catch (IllegalArgumentException e) {
                throw new InputException(loaded.at("collaboration.fidelity")
                        + ": the released code computes GELU exactly, and " + e.getMessage());
            }
            return new RunBase(weights, pretrained.tokenizer(), layout(loaded, weights));
        } catch (RuntimeException | Error e) {
            pretrained.tokenizer().close();
            throw e;
        }
    }

    /** A base that cannot be read. */
    static InputException refusal(Loaded loaded, DataException e) {
        return new InputException(loaded.at("model.base") + ": " + e.getMessage());
    }

    private static AdapterLayout layout(Loaded loaded, BaseWeights weights) {
        Scenario s = loaded.scenario();
        if (s.training().context() > weights.config().context()) {
            throw new InputException(loaded.at("training.context") + ": the base reads at most "
                    + weights.config().context()
                    + " tokens, found " + s.training().context());
        }
        try {
            return new AdapterLayout(weights.config(), s.model().lora().config());
        } catch (IllegalArgumentException e) {
            throw new InputException(loaded.at("model.lora.rank") + ": " + e.getMessage());
        }
    }

    /** The released code computes GELU exactly, the published base its approximation. */
    static BaseWeights asComputed(Scenario s, BaseWeights weights) {
        return s.collaboration().fidelity() == Fidelity.RELEASED
                ? weights.as(weights.config().withExactGelu())
                : weights;
    }
}
