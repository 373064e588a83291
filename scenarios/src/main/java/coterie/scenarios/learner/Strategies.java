package coterie.scenarios.learner;

import coterie.model.adapter.AdapterLayout;
import coterie.model.aggregation.AggregationRules;
import coterie.model.trust.FedAvg;
import coterie.model.trust.TrustContext;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.SimulationConfigs;

/** By which rules the users of a scenario trust and mix. */
public final class Strategies {
    private Strategies() {}

    /**
     * The rules of a run.
     *
     * @param mixtures of users' data over time
     * @param layout of adapters; null if users train none, or rows are recomputed from known scores
     */
    public static TrustManager.Rules rules(Scenario s, UserMixtures mixtures, AdapterLayout layout) {
        Scenario.Collaboration c = s.collaboration();
        // A protocol of its own asks no strategy.
        TrustStrategy strategy = c.method() instanceof TrustStrategy t ? t : new FedAvg();
        return new TrustManager.Rules(
                strategy.in(new TrustContext(mixtures, layout)),
                c.trust().refresh(),
                c.trust().maxAge() == null ? TrustManager.FOREVER : c.trust().maxAge(),
                c.staleness().discount(),
                c.staleness().remainder(),
                new AggregationRules(
                        c.aggregation().rule(),
                        c.aggregation().before(),
                        s.seed(),
                        SimulationConfigs.schedule(s).turns()),
                mixtures.drifts());
    }
}
