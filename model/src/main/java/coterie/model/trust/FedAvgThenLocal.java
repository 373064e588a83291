package coterie.model.trust;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * {@link FedAvg} followed by local fine-tuning: the last share of the iterations is local and uses the last share of
 * the training data, which is held back from FedAvg.
 *
 * @param fineTuneShare in [0, 1)
 */
@Component(name = "fedavg-then-local", about = "FedAvg, then local fine-tuning on held-back data")
public record FedAvgThenLocal(
        @Setting(at = "fine_tune_share") double fineTuneShare) implements UnmeasuredStrategy {
    public FedAvgThenLocal {
        if (!(fineTuneShare >= 0 && fineTuneShare < 1)) {
            throw new IllegalArgumentException("fine_tune_share must lie in [0, 1), found " + fineTuneShare);
        }
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return FedAvg.uniform(users.length);
    }

    @Override
    public boolean needsConnectedGraph() {
        return true;
    }
}
