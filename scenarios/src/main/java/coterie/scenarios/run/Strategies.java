package coterie.scenarios.run;

import coterie.model.adapter.AdapterLayout;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Predictions;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.FedAvg;
import coterie.model.trust.Fidelity;
import coterie.model.trust.Local;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Oracle;
import coterie.model.trust.PredictionSimilarity;
import coterie.model.trust.Selection;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import coterie.scenarios.config.Scenario;

/** The strategy that a scenario names, with its settings. */
public final class Strategies {
    private Strategies() {}

    /**
     * By which users trust.
     *
     * @param mixtures [N][categories] of users' text
     * @param layout of adapters; null where rows are made of evidence that is known
     */
    public static TrustManager.Rules rules(Scenario s, double[][] mixtures, AdapterLayout layout) {
        Scenario.Collaboration c = s.collaboration();
        return new TrustManager.Rules(
                strategy(s, mixtures, layout),
                c.trust().refreshing(),
                c.trust().maxAge() == null ? TrustManager.FOREVER : c.trust().maxAge(),
                c.staleness().discount(),
                c.staleness().remainder(),
                new WeightedMean());
    }

    private static TrustStrategy strategy(Scenario s, double[][] mixtures, AdapterLayout layout) {
        Scenario.Collaboration c = s.collaboration();
        Scenario.Trust t = c.trust();
        Selection selection = new Selection(t.topK(), t.threshold() == null ? Double.NEGATIVE_INFINITY : t.threshold());
        return switch (c.strategy()) {
            case LOCAL -> new Local();
            // Protocols of their own ask no strategy whom to trust.
            case FEDAVG, AD_PSGD, GOSSIP, SWIFT, FEDBUFF -> new FedAvg(0);
            case FEDAVG_THEN_LOCAL -> new FedAvg(c.fineTuneShare());
            case ORACLE -> new Oracle(mixtures);
            case MODEL_SIMILARITY -> new ModelSimilarity(t.scale(), c.fidelity(), selection, layout);
            case VALIDATION_PERFORMANCE ->
                new ValidationPerformance(t.scale(), c.fidelity(), selection, c.fidelity() != Fidelity.RELEASED);
            case PREDICTION_SIMILARITY ->
                t.compare() == Scenario.Compare.CHANGES
                        ? new ChangeSimilarity(t.scale(), selection)
                        : new PredictionSimilarity(
                                t.scale(),
                                t.normalise(),
                                c.fidelity() == Fidelity.RELEASED
                                        ? Predictions.Missing.ZERO
                                        : Predictions.Missing.FLOOR,
                                selection);
        };
    }
}
