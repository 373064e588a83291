package coterie.actors.protocol.trust;

import coterie.actors.protocol.Participant;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.ProtocolContext;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.schedule.Mode;
import coterie.model.exchange.Exchange;
import coterie.topology.graph.Neighbourhoods;
import java.util.List;

/**
 * Users send their snapshots to their neighbours, and mix the snapshots that have arrived by trust.
 *
 * @param bound maximum staleness in turns: a user waits for neighbours that are further behind; null to never wait
 * @param buffer users mix only when this many neighbours have sent something new; 0 to mix always
 * @param exchange what a snapshot contains: an update counts once, parameters until newer ones arrive
 */
public record TrustProtocol(Integer bound, int buffer, Exchange exchange) implements Protocol, VerifiableMixing {
    /** Never waits, and mixes parameters after every turn. */
    public static final TrustProtocol PLAIN = new TrustProtocol(null, 0);

    /** Exchanges parameters. */
    public TrustProtocol(Integer bound, int buffer) {
        this(bound, buffer, Exchange.PARAMETERS);
    }

    /** @throws IllegalArgumentException if {@code bound} or {@code buffer} is negative */
    public TrustProtocol {
        if (bound != null && bound < 0 || buffer < 0) {
            throw new IllegalArgumentException(
                    "bound and buffer must not be negative, found " + bound + " and " + buffer);
        }
    }

    @Override
    public String name() {
        return "trust";
    }

    @Override
    public void check(Neighbourhoods neighbourhoods, Mode mode) {
        if (bound != null && !neighbourhoods.byTurns()) {
            throw new IllegalArgumentException(
                    "a bound on staleness needs neighbours that do not depend on the time or on trust");
        }
        if (buffer > 0 && mode == Mode.SYNCHRONOUS) {
            throw new IllegalArgumentException("buffered mixing and synchronous mode exclude each other");
        }
    }

    @Override
    public Participant participant(ProtocolContext context) {
        return new TrustParticipant(context, this);
    }

    @Override
    public List<Class<?>> stateTypes() {
        return List.of(TrustParticipant.State.class, TrustParticipant.Pending.class);
    }

    @Override
    public boolean trusts() {
        return true;
    }

    @Override
    public Waiting waiting() {
        return bound != null ? Waiting.NEIGHBOURS : Waiting.NEVER;
    }

    @Override
    public boolean needsStart() {
        return false;
    }

    /** A matter of the trust strategy. */
    @Override
    public boolean needsConnectedGraph() {
        return false;
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
    public boolean mustMix(int turn) {
        return buffer == 0;
    }

    @Override
    public boolean sendsOnlyAtTurnEnds() {
        return true;
    }
}
