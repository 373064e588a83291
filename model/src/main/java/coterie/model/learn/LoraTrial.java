package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Predictions;
import coterie.model.torch.ComputeDevice;
import coterie.model.utility.UtilityMeter;
import coterie.topology.drift.PhaseShares;
import java.util.function.Function;

/** A user's adapter with any parameters, on which the utility of its neighbours is measured. */
record LoraTrial(AdapterLayout layout, LearningRules rules, LoraReadings readings, LearningDevice device)
        implements UtilityMeter.Model {
    @Override
    public double validationLoss(float[] parameters, PhaseShares shares) {
        return withRow(
                parameters,
                row -> shares.mean(phase -> new double[] {device.forward().loss(layout, readings.utility(row, phase))})[
                        0]);
    }

    @Override
    public Predictions predictions(float[] parameters, PhaseShares shares) {
        LearningRules.PredictionRules where = rules.utility().predictions();
        return withRow(
                parameters, row -> device.forward().predictions(layout, where, readings.utilityPredictions(row)));
    }

    private <T> T withRow(float[] parameters, Function<NDArray, T> use) {
        try (NDManager m = device.device().root().newSubManager()) {
            return use.apply(ComputeDevice.array(m, parameters, parameters.length));
        }
    }
}
