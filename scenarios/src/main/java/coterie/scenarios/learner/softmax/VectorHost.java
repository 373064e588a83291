package coterie.scenarios.learner.softmax;

import coterie.model.learn.SoftmaxRules;
import coterie.model.learn.SoftmaxWorkers;
import coterie.model.text.DatasetOutline;
import coterie.model.trust.TrustManager;
import coterie.model.utility.UtilityMeter;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorUser;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.Learners;
import coterie.scenarios.learner.Mixtures;
import coterie.scenarios.learner.Schedules;
import coterie.scenarios.learner.Strategies;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that compute regressions, and the vectors of the users that learn there. */
final class VectorHost implements LearnerHost {
    private final VectorInputs inputs;
    private final SoftmaxWorkers workers;
    private VectorDataset dataset;

    VectorHost(VectorInputs inputs, List<HostDevice> devices) {
        this.inputs = inputs;
        workers = new SoftmaxWorkers(
                devices.stream().mapToInt(HostDevice::threads).sum());
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public DatasetOutline load(Loaded loaded) {
        dataset = inputs.deal(loaded);
        return dataset.outline();
    }

    @Override
    public DatasetOutline load(Loaded loaded, int[] users, byte[] index) {
        dataset = inputs.deal(loaded, users);
        return dataset.outline();
    }

    @Override
    public String fingerprint(int[] users) {
        return VectorHashes.of(
                dataset,
                Arrays.stream(users)
                        .mapToObj(u -> VectorHashes.of(dataset.users().get(u)))
                        .toList());
    }

    @Override
    public String dataHash() {
        return fingerprint(IntStream.range(0, dataset.users().size()).toArray());
    }

    @Override
    public Learners learners(Loaded loaded, int[] users) {
        TrustManager.Rules trust =
                Strategies.rules(loaded.scenario(), Mixtures.overTime(loaded, dataset.categories()), null);
        VectorDataset holding = holding(trust.strategy().fineTuneShare());
        SoftmaxRules rules = rules(loaded.scenario());
        return new Learners(
                users,
                (user, place) -> workers.learner(user, holding, rules, new TrustManager(user, trust)),
                workers::settle);
    }

    /** The data as a strategy divides it. */
    private VectorDataset holding(double fineTuneShare) {
        if (fineTuneShare == 0) {
            return dataset;
        }
        List<VectorUser> users = dataset.users().stream()
                .map(u -> u.withFineTuneShare(fineTuneShare))
                .toList();
        return new VectorDataset(dataset.inputs(), dataset.classes(), dataset.categories(), users);
    }

    private SoftmaxRules rules(Scenario s) {
        Scenario.Training t = s.training();
        return new SoftmaxRules(
                s.seed(),
                t.batchSize(),
                t.accumulationSteps(),
                Schedules.of(t),
                Schedules.optimiser(t),
                inputs.l2(),
                s.collaboration().exchange(),
                s.evaluation().every(),
                s.deviceFaults().any(),
                s.record().utility() == 0 ? null : new UtilityMeter(s.record().utilityEpsilon(), null, false));
    }

    @Override
    public void close() {
        workers.close();
    }
}
