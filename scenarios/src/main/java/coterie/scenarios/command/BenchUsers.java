package coterie.scenarios.command;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.base.DecoderConfig;
import coterie.model.base.family.Gpt2Family;
import coterie.model.base.family.LlamaFamily;
import coterie.model.exchange.Exchange;
import coterie.model.learn.Learner;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.LearningRules;
import coterie.model.learn.Passes;
import coterie.model.learn.Schedule;
import coterie.model.text.FederatedDataset;
import coterie.model.text.UserData;
import coterie.model.trust.Local;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.scenarios.config.InputException;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Users of a benchmark. Their text is random, since speed does not depend on it. */
final class BenchUsers {
    private final AdapterLayout layout;
    private final FederatedDataset dataset;
    private final LearningRules rules;
    private final TrustManager.Rules alone =
            new TrustManager.Rules(new Local(), 1, new StalenessDiscount.Constant(), StalenessDiscount.Remainder.SELF);

    BenchUsers(DecoderConfig config, AdapterLayout layout, int users, int batch, int context) {
        this.layout = layout;
        int[] text = new int[8 * context + 1];
        RandomStream stream = RandomStream.of(1, Purpose.BATCH);
        for (int i = 0; i < text.length; i++) {
            text[i] = stream.below(config.vocabulary());
        }
        UserData data = new UserData(text, new int[0], text, text, new double[] {1});
        dataset = new FederatedDataset(List.of("random"), Collections.nCopies(users, data), new int[1][0]);
        rules = new LearningRules(
                1,
                batch,
                1,
                context,
                Schedule.constant(1e-4),
                Exchange.PARAMETERS,
                Integer.MAX_VALUE,
                new LearningRules.EvaluationRules(0, false),
                new LearningRules.ValidationRules(0, false),
                null,
                false,
                false);
    }

    /**
     * The configuration of a base by its name.
     *
     * @throws InputException if there is none, or the sequence is too long for it
     */
    static DecoderConfig config(String model, int context) {
        DecoderConfig config = switch (model) {
            case "124m" -> Gpt2Family.GPT2_124M;
            case "tiny" -> Gpt2Family.shape(6, 192, 6, 4096, 128);
            case "smollm2-135m" -> LlamaFamily.SMOLLM2_135M;
            default -> throw new InputException("--model must be 124m, smollm2-135m or tiny, found " + model);
        };
        if (context > config.context()) {
            throw new InputException("--context must be at most " + config.context() + ", found " + context);
        }
        return config;
    }

    static AdapterLayout layout(DecoderConfig config, double dropout) {
        return new AdapterLayout(config, new LoraConfig(4, 32, dropout, Set.of(Target.ALL_LINEAR)));
    }

    /**
     * A user on a device.
     *
     * @param shared how it shares passes; null for what the device has measured
     */
    Learner learner(LearningDevice on, int user, Passes shared) {
        float[] start = layout.start(AdapterLayout.Start.SHARED, 1, user);
        TrustManager trustManager = new TrustManager(user, alone);
        return shared == null
                ? on.learner(user, dataset, layout, start, rules, trustManager)
                : on.learner(user, dataset, layout, start, rules, trustManager, shared);
    }

    Passes passes(LearningDevice on) {
        return on.passes(rules, layout, dataset.users().size());
    }
}
