package coterie.actors.protocol.swift;

import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.schedule.Mode;
import coterie.topology.graph.MixingMatrix;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.List;

/**
 * SWIFT: users send their models to all neighbours and never wait.
 *
 * @param every turns between two mixings
 */
@Component(name = "swift", about = "no trust: wait-free averaging with the newest of all neighbours")
public record SwiftProtocol(
        @Setting(at = "protocol.mix_every") int every) implements Protocol, VerifiableMixing {
    /** @throws IllegalArgumentException if {@code every} is less than 1 */
    public SwiftProtocol {
        if (every < 1) {
            throw new IllegalArgumentException("mix_every must be at least 1, found " + every);
        }
    }

    @Override
    public void check(Neighbourhoods neighbourhoods, Mode mode) {
        Protocol.super.check(neighbourhoods, mode);
        Protocol.fixedGraph(neighbourhoods, name());
    }

    @Override
    public Participant participant(ProtocolContext context) {
        return new SwiftParticipant(context, every);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(SwiftParticipant.State.class);
    }

    @Override
    public VerifiableMixing verifiableMixing() {
        return this;
    }

    @Override
    public Trigger trigger() {
        return Trigger.AFTER_TURN;
    }

    @Override
    public boolean mayMix(int turn) {
        return (turn + 1) % every == 0;
    }

    @Override
    public boolean mustMix(int turn) {
        return mayMix(turn);
    }

    @Override
    public RowCalculator rows(Collaboration collaboration, int user) {
        return row -> {
            Topology graph = collaboration.neighbourhoods().graph(row.tick());
            int[] users = row.users();
            double[] weights = new double[users.length];
            weights[row.self()] = 1;
            for (int k = 0; k < users.length; k++) {
                if (k != row.self()) {
                    weights[k] = MixingMatrix.metropolis(graph, user, users[k]);
                    weights[row.self()] -= weights[k];
                }
            }
            return weights;
        };
    }
}
