package coterie.actors.verify;

import coterie.actors.user.Observation;
import coterie.actors.user.ProtocolModel;
import coterie.actors.user.SimulationConfig;
import coterie.model.protocol.AgedModel;
import coterie.model.protocol.BufferedAggregation;
import coterie.topology.graph.MixingMatrix;
import coterie.topology.graph.Topology;
import java.util.Arrays;
import java.util.List;

/** Checks one user's rows under a protocol without trust: they follow from the candidates alone. */
final class ProtocolRows {
    private static final double ROUNDING = 1e-12;
    private final SimulationConfig config;
    private final Findings findings;
    /** Of its model, under gossip learning; negative where that is not known. */
    private long age;

    ProtocolRows(SimulationConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    /** @param atEnd what was sent at the turn's end */
    void ended(Observation.TurnEnded t, List<Mail.Flight> atEnd) {
        if (age >= 0 && t.tokens() > 0) {
            age += config.schedule().turn(t.turn()).iterations();
        }
        atEnd.forEach(f -> f.modelAge = age);
    }

    void restarted() {
        age = 0;
    }

    /** @param used messages that were mixed, in the order of arrival; null where that is not certain */
    void mixed(Observation.Mixed m, int self, List<Arrivals.Receipt> used) {
        findings.check(
                m.row().computed() == m.turn()
                        && m.row().passes() == 0
                        && Arrays.stream(m.row().evidenceAges()).allMatch(a -> a == 0),
                m,
                "evidence_age, row_computed_in_turn and forward_passes tell of measurements, and nothing is measured");
        double[] follows = follows(m, self, used);
        for (int k = 0; follows != null && k < follows.length; k++) {
            findings.check(
                    Math.abs(follows[k] - m.row().weights()[k]) <= ROUNDING,
                    m,
                    "a weight of %s for user %d; the protocol gives it %s",
                    m.row().weights()[k],
                    m.row().users()[k],
                    follows[k]);
        }
    }

    private double[] follows(Observation.Mixed m, int self, List<Arrivals.Receipt> used) {
        int[] users = m.row().users();
        double[] w = new double[users.length];
        ProtocolModel p = config.protocol();
        if (p instanceof ProtocolModel.AgedGossip) {
            return gossip(m, self, used);
        }
        if (p instanceof ProtocolModel.Swift) {
            Topology graph = config.neighbourhoods().graph(Instants.tick(m.seconds()));
            w[self] = 1;
            for (int k = 0; k < users.length; k++) {
                if (k != self) {
                    w[k] = MixingMatrix.metropolis(graph, m.user(), users[k]);
                    w[self] -= w[k];
                }
            }
            return w;
        }
        if (users.length != 2) {
            findings.check(false, m, "a row of %d users, and two mix at a time", users.length);
            return null;
        }
        int other = 1 - self;
        double share = p instanceof ProtocolModel.FedBuff f
                ? m.user() == ProtocolModel.FedBuff.SERVER
                        ? BufferedAggregation.discount(m.row().ages()[other]) / f.buffer()
                        : 1
                : 0.5;
        w[self] = 1 - share;
        w[other] = share;
        return w;
    }

    /** Models are merged one after another, by their ages. */
    private double[] gossip(Observation.Mixed m, int self, List<Arrivals.Receipt> used) {
        if (used == null || age < 0 || used.stream().anyMatch(r -> r.flight().modelAge < 0)) {
            age = -1;
            return null;
        }
        double[] w = new double[m.row().users().length];
        w[self] = 1;
        for (Arrivals.Receipt r : used) {
            AgedModel mine = new AgedModel(null, age);
            AgedModel theirs = new AgedModel(null, r.flight().modelAge);
            double share = mine.weight(theirs);
            for (int k = 0; k < w.length; k++) {
                w[k] *= share;
            }
            w[Arrays.binarySearch(m.row().users(), r.flight().sent.user())] += 1 - share;
            age = Math.max(age, theirs.age());
        }
        return w;
    }
}
