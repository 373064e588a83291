package coterie.scenarios.components;

import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.protocol.fedbuff.FedBuffProtocol;
import coterie.actors.protocol.gossip.GossipProtocol;
import coterie.actors.protocol.swift.SwiftProtocol;
import coterie.model.aggregation.Balance;
import coterie.model.aggregation.Bucketing;
import coterie.model.aggregation.GeometricMedian;
import coterie.model.aggregation.Krum;
import coterie.model.aggregation.Median;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.NearestNeighbourMixing;
import coterie.model.aggregation.NoPreAggregation;
import coterie.model.aggregation.NormBound;
import coterie.model.aggregation.SelfCentredClipping;
import coterie.model.aggregation.TrimmedMean;
import coterie.model.aggregation.Ubar;
import coterie.model.aggregation.WeightedMean;
import coterie.model.attack.AgeForgery;
import coterie.model.attack.Backdoor;
import coterie.model.attack.Collusion;
import coterie.model.attack.Dissensus;
import coterie.model.attack.Flooding;
import coterie.model.attack.FreeRider;
import coterie.model.attack.GaussianNoise;
import coterie.model.attack.InnerProduct;
import coterie.model.attack.LabelFlip;
import coterie.model.attack.LittleIsEnough;
import coterie.model.attack.LogitForgery;
import coterie.model.attack.Mimic;
import coterie.model.attack.NoAttack;
import coterie.model.attack.PoisonedText;
import coterie.model.attack.Scaling;
import coterie.model.attack.SignFlip;
import coterie.model.attack.SlowPoison;
import coterie.model.attack.StaleReplay;
import coterie.model.attack.Timing;
import coterie.model.attack.ValidationBaiting;
import coterie.model.text.SharedText;
import coterie.model.text.TextCorpus;
import coterie.model.trust.AdaptiveRefresh;
import coterie.model.trust.FedAvg;
import coterie.model.trust.FedAvgThenLocal;
import coterie.model.trust.Local;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Oracle;
import coterie.model.trust.PredictionSimilarity;
import coterie.model.trust.Refresh;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.ValidationPerformance;
import coterie.model.vectors.VectorFiles;
import coterie.scenarios.config.ComponentProvider;
import coterie.scenarios.learner.lora.LoraAdapters;
import coterie.scenarios.learner.softmax.SoftmaxRegression;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.TopologyModel;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import java.util.List;

/** The components of Coterie in the order of {@code coterie list}. */
public final class BuiltinComponents implements ComponentProvider {
    @Override
    public List<Class<? extends Record>> components() {
        return List.of(
                Local.class,
                FedAvg.class,
                FedAvgThenLocal.class,
                Oracle.class,
                ModelSimilarity.class,
                ValidationPerformance.class,
                PredictionSimilarity.class,
                AdPsgdProtocol.class,
                GossipProtocol.class,
                SwiftProtocol.class,
                FedBuffProtocol.class,
                Refresh.EveryTurn.class,
                Refresh.EveryTurns.class,
                Refresh.OlderThan.class,
                Refresh.OnReceipt.class,
                Refresh.Budget.class,
                AdaptiveRefresh.class,
                WeightedMean.class,
                Median.class,
                TrimmedMean.class,
                Krum.class,
                MultiKrum.class,
                GeometricMedian.class,
                SelfCentredClipping.class,
                NormBound.class,
                Balance.class,
                Ubar.class,
                NoPreAggregation.class,
                NearestNeighbourMixing.class,
                Bucketing.class,
                GraphModel.Ring.class,
                GraphModel.Full.class,
                GraphModel.Line.class,
                GraphModel.Star.class,
                GraphModel.Torus.class,
                GraphModel.KRegular.class,
                GraphModel.ErdosRenyi.class,
                GraphModel.SmallWorld.class,
                GraphModel.StochasticBlock.class,
                GraphModel.Exponential.class,
                GraphModel.FromFile.class,
                TopologyModel.Schedule.class,
                TopologyModel.RandomPeers.class,
                TopologyModel.TrustedPeers.class,
                ComputeTime.Constant.class,
                ComputeTime.LogNormal.class,
                ComputeTime.Stragglers.class,
                ComputeTime.FedScale.class,
                ComputeTime.Trace.class,
                Latency.Constant.class,
                Latency.Uniform.class,
                Latency.LogNormal.class,
                Latency.Matrix.class,
                Bandwidth.Unlimited.class,
                Bandwidth.Constant.class,
                Bandwidth.LogNormal.class,
                Bandwidth.Trace.class,
                Participation.Always.class,
                Participation.Bernoulli.class,
                Participation.Cohort.class,
                Participation.OnlineOffline.class,
                Participation.Diurnal.class,
                Participation.Trace.class,
                StalenessDiscount.Constant.class,
                StalenessDiscount.Polynomial.class,
                StalenessDiscount.Hinge.class,
                StalenessDiscount.Exponential.class,
                StalenessDiscount.CutOff.class,
                NoAttack.class,
                SignFlip.class,
                Scaling.class,
                GaussianNoise.class,
                LittleIsEnough.class,
                InnerProduct.class,
                Dissensus.class,
                Mimic.class,
                FreeRider.class,
                AgeForgery.class,
                StaleReplay.class,
                LogitForgery.class,
                LabelFlip.class,
                Flooding.class,
                Timing.class,
                SlowPoison.class,
                Collusion.class,
                ValidationBaiting.class,
                PoisonedText.class,
                Backdoor.class,
                TextCorpus.FromFiles.class,
                TextCorpus.News.class,
                TextCorpus.Builtin.class,
                VectorFiles.class,
                SharedText.OfUsers.class,
                SharedText.FromFiles.class,
                SharedText.Builtin.class,
                SharedText.RandomTokens.class,
                LoraAdapters.class,
                SoftmaxRegression.class);
    }

    @Override
    public boolean isBuiltin() {
        return true;
    }
}
