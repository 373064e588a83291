package coterie.actors.clock;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.RecordLevel;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.protocol.fedbuff.FedBuffProtocol;
import coterie.actors.protocol.gossip.GossipProtocol;
import coterie.actors.protocol.swift.SwiftProtocol;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Balance;
import coterie.model.aggregation.Bucketing;
import coterie.model.aggregation.Median;
import coterie.model.aggregation.MultiKrum;
import coterie.model.aggregation.NearestNeighbourMixing;
import coterie.model.aggregation.NoPreAggregation;
import coterie.model.aggregation.PreAggregator;
import coterie.model.aggregation.SelfCentredClipping;
import coterie.model.aggregation.Ubar;
import coterie.model.attack.AgeForgery;
import coterie.model.attack.Attack;
import coterie.model.attack.Attacks;
import coterie.model.attack.Backdoor;
import coterie.model.attack.Collusion;
import coterie.model.attack.Dissensus;
import coterie.model.attack.Flooding;
import coterie.model.attack.FreeRider;
import coterie.model.attack.GaussianNoise;
import coterie.model.attack.InnerProduct;
import coterie.model.attack.Knowledge;
import coterie.model.attack.LabelFlip;
import coterie.model.attack.LittleIsEnough;
import coterie.model.attack.LogitForgery;
import coterie.model.attack.Mimic;
import coterie.model.attack.PoisonedText;
import coterie.model.attack.Scaling;
import coterie.model.attack.SignFlip;
import coterie.model.attack.SlowPoison;
import coterie.model.attack.StaleReplay;
import coterie.model.attack.Timing;
import coterie.model.attack.ValidationBaiting;
import coterie.model.exchange.Exchange;
import coterie.model.trust.AdaptiveRefresh;
import coterie.model.trust.FedAvg;
import coterie.model.trust.Refresh;
import coterie.model.trust.TrustManager;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.device.Faults;
import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Members;
import coterie.topology.graph.TopologyModel;
import coterie.topology.group.Group;
import coterie.topology.group.Groups;
import coterie.topology.group.Membership;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.network.NetworkPartition;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Component;
import java.util.ArrayList;
import java.util.List;

/**
 * Simulations drawn from a seed: any graph, protocol, mode, delays, bandwidth, faults, presence and drift that a
 * scenario may have.
 */
public final class RandomConfigs {
    private RandomConfigs() {}

    public static Setting drawn(long seed) {
        return drawn(seed, true);
    }

    /** @param endsOnDivergence see {@link SimulationConfig} */
    public static Setting drawn(long seed, boolean endsOnDivergence) {
        RandomStream s = RandomStream.of(seed, Purpose.START);
        while (true) {
            try {
                return attempt(seed, s, endsOnDivergence);
            } catch (IllegalArgumentException e) {
                // Not all settings fit together; those that do not are drawn again from the same stream.
            }
        }
    }

    private static Setting attempt(long seed, RandomStream s, boolean endsOnDivergence) {
        int users = 1 + s.below(9);
        int[] categories = new int[users];
        for (int u = 0; u < users; u++) {
            categories[u] = u % 2;
        }
        Groups groups = groups(seed, users);
        SimulationConfigBuilder builder = SimulationConfig.builder(
                        seed, topology(s).over(new Members(users, seed, categories)))
                .links(grouped(links(s, users), groups))
                .bandwidth(groups.bandwidth(bandwidth(s)))
                .compute(groups.compute(compute(s)), new ComputeTime.Work(2, 3))
                .participation(
                        groups.participation(participation(s)),
                        s.chance(0.5) ? OfflineBehaviour.TRAIN : OfflineBehaviour.SLEEP)
                .keepsMail(s.chance(0.5))
                .faults(grouped(faults(s, users), groups))
                .mode(s.chance(0.4) ? Mode.SYNCHRONOUS : Mode.ASYNCHRONOUS)
                .protocol(protocol(s, seed))
                .refresh(adaptive(seed, new Refresh.EveryTurn()))
                .schedule(new TurnSchedule(1 + s.below(30), s.below(5), 1 + s.below(4), s.chance(0.3) ? 0.25 : 0))
                .drifts(drifts(seed, users))
                .evaluateEvery(2)
                .until(s.chance(0.2) ? 20 + s.below(200) : Double.POSITIVE_INFINITY)
                .records(RecordLevel.MESSAGES)
                .endsOnDivergence(endsOnDivergence);
        withDoor(builder, seed);
        SimulationConfig config = withAttacks(builder, attacks(seed, users));
        Refresh refresh = switch (s.below(4)) {
            case 0 -> new Refresh.EveryTurns(1 + s.below(3));
            case 1 -> new Refresh.OlderThan(s.below(40));
            case 2 -> new Refresh.OnReceipt();
            default -> new Refresh.Budget(s.below(3));
        };
        TrustManager.Rules rules = aggregating(
                seed, config.schedule().turns(), ArithmeticLearner.rules(adaptive(seed, refresh), config.drifts()));
        // One strategy needs parameters beside updates, the other does not.
        return new Setting(
                config,
                updates(seed) && seed % 2 == 0
                        ? new TrustManager.Rules(new FedAvg(), 1, rules.discount(), rules.remainder())
                        : rules);
    }

    /** Half of the simulations do not mix by the weighted mean; drawn from a separate stream. */
    private static TrustManager.Rules aggregating(long seed, int turns, TrustManager.Rules r) {
        RandomStream s = RandomStream.of(seed, Purpose.BUCKETS, -1);
        List<Aggregator> rules = List.of(
                new Median(),
                new MultiKrum(0.2),
                new SelfCentredClipping(null, 0.2),
                new Balance(2, 1, 0.5),
                new Ubar(0.4, 0.5));
        List<PreAggregator> steps = List.of(new NoPreAggregation(), new NearestNeighbourMixing(0.2), new Bucketing(2));
        Aggregator rule = rules.get(s.below(rules.size()));
        PreAggregator before = steps.get(s.below(steps.size()));
        return s.chance(0.5)
                ? r
                : new TrustManager.Rules(
                        r.strategy(),
                        r.refresh(),
                        r.maxAge(),
                        r.discount(),
                        r.remainder(),
                        new AggregationRules(rule, before, seed, turns),
                        r.drifts());
    }

    /** A fifth of the simulations; drawn from a separate stream, so that everything else stays the same. */
    private static Refresh adaptive(long seed, Refresh otherwise) {
        RandomStream s = RandomStream.of(seed, Purpose.START, 2);
        return s.chance(0.2)
                ? new AdaptiveRefresh(0.2 + 0.2 * s.below(5), 0.05 * (1 + s.below(4)), 1 + s.below(6), s.below(3))
                : otherwise;
    }

    /** Half of the simulations have groups; drawn from a separate stream, so that everything else stays the same. */
    private static Groups groups(long seed, int users) {
        RandomStream s = RandomStream.of(seed, Purpose.GROUP, 1);
        List<Group> groups = new ArrayList<>();
        for (int g = 0; s.chance(0.5) && g < 2; g++) {
            Membership members = s.chance(0.5)
                    ? new Membership(1, null, null)
                    : new Membership(null, Math.max(1.0 / users, 0.3), null);
            Latency latency = links(s, users).latency();
            CrashRate crashes = s.chance(0.2) ? new CrashRate(60, 10) : null;
            groups.add(new Group(
                    "group-" + g,
                    members,
                    s.chance(0.5) ? compute(s) : null,
                    s.chance(0.5) ? latency : null,
                    s.chance(0.5) ? bandwidth(s) : null,
                    s.chance(0.5) ? participation(s) : null,
                    crashes));
        }
        return Groups.of(seed, users, groups);
    }

    /** Half of the simulations have drift; drawn from a separate stream, so that everything else stays the same. */
    private static Drifts drifts(long seed, int users) {
        RandomStream s = RandomStream.of(seed, Purpose.DRIFT, -2);
        List<Drift> drifts = new ArrayList<>();
        while (s.chance(0.5) && drifts.size() < 3) {
            Membership members = switch (s.below(3)) {
                case 0 -> new Membership(1, null, null);
                case 1 -> new Membership(null, Math.max(1.0 / users, 0.5), null);
                default -> null;
            };
            double from = s.below(100);
            drifts.add(new Drift(members, from, from + 1 + s.below(50), s.chance(0.5) ? 0 : s.below(60)));
        }
        return Drifts.of(seed, users, drifts);
    }

    /** Half of the simulations have attackers; drawn from a separate stream, so that everything else stays the same. */
    private static Attacks attacks(long seed, int users) {
        RandomStream s = RandomStream.of(seed, Purpose.ADVERSARY, -2);
        List<Adversary> entries = new ArrayList<>();
        List<Attacks.Entry> kinds = new ArrayList<>();
        while (s.chance(0.5) && entries.size() < 3) {
            Membership members = s.chance(0.5)
                    ? new Membership(1, null, null)
                    : new Membership(null, Math.max(1.0 / users, 0.3), null);
            double from = s.chance(0.5) ? 0 : s.below(100);
            Attack attack = attack(s);
            Knowledge knows = attack.needsOthers() || s.chance(0.3) ? Knowledge.NEIGHBOURS : Knowledge.OWN;
            entries.add(
                    new Adversary(members, from, s.chance(0.5) ? Double.POSITIVE_INFINITY : from + 1 + s.below(90)));
            kinds.add(new Attacks.Entry(
                    attack.getClass().getAnnotation(Component.class).name(), attack, knows));
        }
        try {
            return new Attacks(Adversaries.of(seed, users, 0, entries), kinds);
        } catch (IllegalArgumentException e) {
            // There are too few users.
            return Attacks.NONE;
        }
    }

    /** Receivers check in half of the simulations; drawn from a separate stream, so that the rest stays the same. */
    private static void withDoor(SimulationConfigBuilder builder, long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.ADVERSARY, -3);
        builder.door(s.chance(0.5), 1 + s.below(4), s.chance(0.5) ? null : 1.0 + s.below(12));
    }

    /** No user attacks where attacks do not fit the simulation, which stays as it is drawn. */
    private static SimulationConfig withAttacks(SimulationConfigBuilder builder, Attacks attacks) {
        builder.build();
        try {
            return builder.attacks(attacks).build();
        } catch (IllegalArgumentException e) {
            return builder.attacks(Attacks.NONE).build();
        }
    }

    private static Attack attack(RandomStream s) {
        return switch (s.below(19)) {
            case 0 -> new SignFlip(1);
            case 1 -> new Scaling(3);
            case 2 -> new GaussianNoise(0.1);
            case 3 -> new LittleIsEnough(s.chance(0.5) ? null : 1.5);
            case 4 -> new InnerProduct(0.5);
            case 5 -> new Dissensus(1.5);
            case 6 -> new Mimic(null);
            case 7 -> new FreeRider(s.chance(0.5) ? FreeRider.Sends.MIXTURE : FreeRider.Sends.START);
            case 8 -> new AgeForgery(s.chance(0.5) ? 3 : -3);
            case 9 -> new StaleReplay();
            case 10 -> new LogitForgery(1);
            case 11 -> new Flooding(2 + s.below(3), s.chance(0.5) ? null : new SignFlip(1));
            case 12 -> new SlowPoison(s.below(5), 1 + s.below(4), s.chance(0.5) ? null : new LittleIsEnough(1.5));
            case 13 -> new Collusion();
            case 14 -> new ValidationBaiting(0);
            case 15 -> new PoisonedText(0.5);
            case 16 -> new Backdoor("a", "b", 0.25);
            case 17 -> new Timing(s.below(3), s.chance(0.5) ? null : new Dissensus(1.5));
            default -> new LabelFlip();
        };
    }

    private static Links grouped(Links l, Groups groups) {
        return new Links(
                groups.latency(l.latency()), l.loss(), l.duplication(), l.reordering(), l.reorderingMs(), l.cuts());
    }

    private static Faults grouped(Faults f, Groups groups) {
        return new Faults(f.crashes(), groups.crashes(f.rates().of(0)), f.saveEvery(), f.keepInbox());
    }

    private static TopologyModel topology(RandomStream s) {
        return switch (s.below(14)) {
            case 0, 1 -> new GraphModel.Ring();
            case 2, 3 -> new GraphModel.Full();
            case 4 -> new GraphModel.Line();
            case 5, 6 -> new GraphModel.Star();
            case 7 -> new GraphModel.Torus(0);
            case 8 -> new GraphModel.ErdosRenyi(0.5, s.chance(0.5));
            case 9 -> new GraphModel.StochasticBlock(0.8, 0.3);
            case 10 -> new GraphModel.Exponential();
            case 11 -> new TopologyModel.RandomPeers(1 + s.below(3));
            case 12 -> new TopologyModel.TrustedPeers(1 + s.below(2), s.below(2));
            default ->
                new TopologyModel.Schedule(List.of(
                        new TopologyModel.Schedule.Phase(0, new GraphModel.Ring()),
                        new TopologyModel.Schedule.Phase(30, new GraphModel.Full())));
        };
    }

    private static Links links(RandomStream s, int users) {
        Latency latency = switch (s.below(4)) {
            case 0 -> new Latency.Constant(0);
            case 1 -> new Latency.Constant(40_000);
            case 2 -> new Latency.LogNormal(0, 500, 2);
            default -> new Latency.Uniform(s.chance(0.5) ? 0 : 50, 20_000);
        };
        List<NetworkPartition> cuts = new ArrayList<>();
        if (users > 2 && s.chance(0.2)) {
            cuts.add(new NetworkPartition(s.below(50), 50 + s.below(100), List.of(List.of(0, 1))));
        }
        boolean bad = s.chance(0.4);
        return new Links(latency, s.chance(0.5) ? 0 : 0.2, bad ? 0.2 : 0, bad ? 0.2 : 0, 5000, cuts);
    }

    private static Bandwidth bandwidth(RandomStream s) {
        // A message is 16 bytes.
        return switch (s.below(4)) {
            case 0 -> new Bandwidth.Constant(16e-6, 64e-6);
            case 1 -> new Bandwidth.LogNormal(16e-6, 32e-6, 1);
            default -> new Bandwidth.Unlimited();
        };
    }

    private static ComputeTime compute(RandomStream s) {
        return switch (s.below(4)) {
            case 0 -> new ComputeTime.Constant(10);
            case 1 -> new ComputeTime.Stragglers(10, 0.3, 0.3, 5);
            case 2 -> new ComputeTime.FedScale(500, 0.7);
            default -> new ComputeTime.LogNormal(10, 0.8);
        };
    }

    private static Participation participation(RandomStream s) {
        return switch (s.below(6)) {
            case 0 -> new Participation.Bernoulli(0.6);
            case 1 -> new Participation.Cohort(0.5, 1 + s.below(3));
            case 2 -> new Participation.OnlineOffline(40, 1, 0.6);
            case 3 -> new Participation.Diurnal(0.1, 0.8, 0.5, 24);
            default -> new Participation.Always();
        };
    }

    private static Faults faults(RandomStream s, int users) {
        return switch (s.below(5)) {
            case 0 ->
                new Faults(
                        List.of(
                                new Faults.Crash(
                                        s.below(users), s.below(100), s.chance(0.3) ? null : 1.0 + s.below(50)),
                                new Faults.Crash(s.below(users), s.below(100), 5.0)),
                        0,
                        60,
                        1 + s.below(3),
                        s.chance(0.5));
            case 1 -> new Faults(List.of(), 30, 20, 1 + s.below(3), s.chance(0.5));
            default -> Faults.NONE;
        };
    }

    /**
     * The same, but half of those with trust exchange updates; this is drawn from a separate stream, so that everything
     * else stays the same.
     */
    private static Protocol protocol(RandomStream s, long seed) {
        Protocol p = protocol(s);
        return p instanceof TrustProtocol t && updates(seed)
                ? new TrustProtocol(t.bound(), t.buffer(), Exchange.UPDATES)
                : p;
    }

    private static boolean updates(long seed) {
        return RandomStream.of(seed, Purpose.START, 1).chance(0.5);
    }

    private static Protocol protocol(RandomStream s) {
        return switch (s.below(10)) {
            case 0 -> new AdPsgdProtocol();
            case 1 -> new GossipProtocol();
            case 2 -> new SwiftProtocol(1 + s.below(2));
            case 3 -> new FedBuffProtocol(1 + s.below(3), 1);
            case 4 -> new TrustProtocol(s.below(3), 0);
            case 5 -> new TrustProtocol(null, 1 + s.below(3));
            default -> TrustProtocol.PLAIN;
        };
    }
}
