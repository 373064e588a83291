package coterie.scenarios.learner.lora;

import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.learn.LearningRules;
import coterie.model.text.DatasetOutline;
import coterie.model.text.FederatedDataset;
import coterie.model.trust.TrustManager;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.DeviceShares;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.Learners;
import coterie.scenarios.learner.Mixtures;
import coterie.scenarios.learner.Strategies;
import coterie.scenarios.learner.TextSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** A base on its devices, and the text of the users that learn there. */
final class LanguageModelHost implements LearnerHost {
    private final LanguageModelInputs inputs;
    private final List<LearningDevice> devices;
    private final List<HostDevice> settings;
    private final HostedText text = new HostedText();
    /** Null in a process that hosts all users: it is compared with no other. */
    private String baseHash;

    /**
     * @param devices with the base on them
     * @param settings of the same devices
     */
    LanguageModelHost(LanguageModelInputs inputs, List<LearningDevice> devices, List<HostDevice> settings) {
        this.inputs = inputs;
        this.devices = List.copyOf(devices);
        this.settings = List.copyOf(settings);
    }

    @Override
    public String device() {
        return devices.stream().map(LearningDevice::name).collect(Collectors.joining(","));
    }

    @Override
    public boolean recomputes() {
        return devices.stream().anyMatch(LearningDevice::recomputes);
    }

    @Override
    public DatasetOutline load(Loaded loaded) {
        return text.hostAll(loaded, inputs.tokenizer()).outline();
    }

    @Override
    public DatasetOutline load(Loaded loaded, int[] users, byte[] index) {
        baseHash = inputs.baseHash(loaded);
        try {
            return text.host(loaded, inputs.tokenizer(), users, NodeText.read(index))
                    .outline();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String fingerprint(int[] users) {
        return text.hash(baseHash, users);
    }

    @Override
    public String dataHash() {
        return text.hash();
    }

    @Override
    public Learners learners(Loaded loaded, int[] users) {
        AdapterLayout layout = inputs.layout();
        TrustManager.Rules trust = Strategies.rules(
                loaded.scenario(), Mixtures.overTime(loaded, text.dataset().categories()), layout);
        FederatedDataset holding = LoraRules.holding(text.dataset(), trust.strategy());
        LearningRules rules =
                LoraRules.of(loaded.scenario(), trust.strategy(), LoraRules.backdoor(loaded, inputs.tokenizer()));
        Starts starts = new Starts(loaded, layout);
        int[] shares = DeviceShares.of(settings, users.length);
        return new Learners(
                users,
                (user, place) -> devices.get(shares[place])
                        .learner(user, holding, layout, starts.row(user), rules, new TrustManager(user, trust)),
                () -> devices.forEach(LearningDevice::settle));
    }

    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return SampleWriter.write(
                loaded.scenario(), text.dataset(), inputs.tokenizer(), inputs.layout(), parameters, devices.get(0));
    }

    @Override
    public void close() {
        devices.forEach(LearningDevice::close);
    }
}
