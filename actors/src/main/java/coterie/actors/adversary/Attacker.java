package coterie.actors.adversary;

import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.model.attack.Attack;
import coterie.model.attack.Attacks;
import coterie.model.attack.Knowledge;
import coterie.model.attack.Occasion;
import coterie.model.exchange.Snapshot;
import coterie.model.files.FieldState;
import coterie.topology.adversary.Adversaries;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.graph.Topology;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * One user as an adversary. It decides when the user attacks; an {@link Attack} decides what is sent then. An attack
 * holds for whole turns: for those that begin while it lasts, and all that they send. Plain code without threads or
 * clocks. Of an honest user it does nothing.
 */
public final class Attacker {
    /** What a checkpoint contains. */
    public static final class State implements FieldState {
        /** Entry of the attack in the current turn. */
        private int entry = Adversaries.HONEST;
        /** Virtual seconds at which the current turn began. */
        private double began;
        /** The user's parameters at the beginning of the run [P]; null if its learner has no state. */
        private float[] start;
        /** What would have been sent first since the attack began; null before. */
        private Snapshot first;
        /** The newest message with a snapshot of each honest user, by user. */
        private TreeMap<Integer, Message> known = new TreeMap<>();
        /** Number of snapshots that were forged. */
        private long forged;

        private HeldMessages.State held;
    }

    private final int me;
    private final long seed;
    private final Neighbourhoods neighbourhoods;
    private final Attacks attacks;
    private final Adversaries adversaries;
    private final EventTrace trace;
    /** Whether what arrives is kept. */
    private final boolean listens;

    private final boolean holdsBack;
    private final HeldMessages held = new HeldMessages();
    private State state = new State();

    /** Creates a user that does not attack yet. */
    public Attacker(int me, long seed, Neighbourhoods neighbourhoods, Attacks attacks, EventTrace trace) {
        this.me = me;
        this.seed = seed;
        this.neighbourhoods = neighbourhoods;
        this.attacks = attacks;
        this.trace = trace;
        adversaries = attacks.adversaries();
        listens = adversaries.of(me).stream()
                .anyMatch(a -> attacks.entries().get(a.entry()).knows() != Knowledge.OWN);
        holdsBack = adversaries.of(me).stream()
                .anyMatch(a -> attacks.attack(a.entry()).holdsBack());
        state.held = held.state();
    }

    /** Whether the user attacks at some time. */
    public boolean isAdversary() {
        return adversaries.contains(me);
    }

    /**
     * Takes the user's parameters at the beginning of the run [P].
     *
     * @param parameters must not be changed; may be null
     */
    public void started(float[] parameters) {
        state.start = parameters;
    }

    /** A turn begins: records whether an attack has begun or ended since the turn before. */
    public void turnBegan(long tick, int turn) {
        state.began = Ticks.seconds(tick);
        int entry = adversaries.entry(me, state.began);
        if (entry == state.entry) {
            return;
        }
        if (state.entry != Adversaries.HONEST) {
            observe(tick, turn, false);
        }
        state.entry = entry;
        state.first = null;
        if (entry != Adversaries.HONEST) {
            observe(tick, turn, true);
        }
    }

    private void observe(long tick, int turn, boolean begins) {
        if (trace.recordsTurns()) {
            String name = attacks.entries().get(state.entry).name();
            trace.observe(tick, new Observation.Attacked(Ticks.seconds(tick), me, turn, state.entry, name, begins));
        }
    }

    private Attack attack() {
        return attacks.attack(state.entry);
    }

    /** Whether the user trains in the current turn. */
    public boolean trains() {
        return attack() == null || attack().trains();
    }

    /** Whether the user trains on flipped labels in the current turn. */
    public boolean flipsLabels() {
        return attack() != null && attack().flipsLabels();
    }

    /** Number of the user on whose validation data it trains in the current turn; −1 for none. */
    public int baits() {
        return attack() == null ? -1 : attack().baits();
    }

    /** Share of the tokens that are replaced where it trains in the current turn. */
    public double replacedTokens() {
        return attack() == null ? 0 : attack().replacedTokens();
    }

    /** Share of the sequences that it trains on in the current turn that have a backdoor's phrase. */
    public double backdoored() {
        return attack() == null ? 0 : attack().backdoored();
    }

    /** A message has arrived that the user takes. */
    public void received(Message m) {
        if (holdsBack && m.snapshot() != null) {
            held.received(m);
        }
        if (!listens || m.snapshot() == null || adversaries.contains(m.from())) {
            return;
        }
        // Messages may overtake each other: the one sent later counts.
        Message before = state.known.get(m.from());
        if (before == null || before.payload().sent() < m.payload().sent()) {
            state.known.put(m.from(), m);
        }
    }

    /** Returns what is published in place of an honest snapshot. */
    public Snapshot publish(Snapshot honest) {
        Attack attack = attack();
        if (attack == null) {
            return honest;
        }
        state.first = state.first == null ? honest : state.first;
        return attack.eachReceiver() ? honest : attack.forge(occasion(honest, null));
    }

    /** Returns what is sent to one receiver in place of a payload. */
    public Payload send(Payload payload, int to) {
        Attack attack = attack();
        if (attack == null || !attack.eachReceiver() || payload.snapshot() == null) {
            return payload;
        }
        Snapshot forged = attack.forge(occasion(payload.snapshot(), receiver(payload, to)));
        return payload.with(forged);
    }

    /** How many times a payload is sent to a receiver. */
    public int times(Payload payload) {
        return attack() != null && isPublished(payload) ? attack().times() : 1;
    }

    /** Whether it has a snapshot that no user has asked for. */
    private static boolean isPublished(Payload payload) {
        return payload.kind() == Payload.Kind.SNAPSHOT && payload.snapshot() != null;
    }

    /** Whether the user may send something in the middle of a turn. */
    public boolean holdsBack() {
        return holdsBack;
    }

    /**
     * Holds a payload back if the attack does so; {@link #release} returns it when it is to be sent.
     *
     * @return false if it is to be sent now
     */
    public boolean hold(Payload payload, int to) {
        if (!holdsBack || !isPublished(payload)) {
            return false;
        }
        held.drop(to);
        return attack() != null && attack().holdsBack() && held.hold(attack(), payload, to);
    }

    /** Tick at which something that was held back is sent; {@link Ticks#NEVER} if there is nothing. */
    public long nextRelease() {
        return holdsBack ? held.next() : Ticks.NEVER;
    }

    /** Takes what was held back until a tick. */
    public List<HeldMessages.Held> release(long tick) {
        return held.take(tick);
    }

    /** Under the wall clock, what is held back is not sent before now. */
    public void postpone(long now) {
        held.postpone(now);
    }

    /** Drops what was held back: the device has failed, or training has diverged. */
    public void dropHeld() {
        held.clear();
    }

    private Occasion occasion(Snapshot honest, Occasion.Receiver receiver) {
        return new Occasion(
                honest,
                state.start,
                state.first,
                known(honest),
                neighbourhoods.users(),
                adversaries.count(state.began),
                receiver,
                RandomStream.of(seed, Purpose.ADVERSARY, me, honest.turn(), state.forged++));
    }

    private List<Snapshot> known(Snapshot honest) {
        List<Snapshot> known = new ArrayList<>();
        if (attacks.entries().get(state.entry).knows() != Knowledge.OWN) {
            state.known.headMap(me).values().forEach(m -> known.add(m.snapshot()));
            known.add(honest);
            state.known.tailMap(me).values().forEach(m -> known.add(m.snapshot()));
        } else {
            known.add(honest);
        }
        return known;
    }

    private Occasion.Receiver receiver(Payload payload, int to) {
        Topology graph = neighbourhoods.graph(payload.sent());
        int[] senders = graph == null ? neighbourhoods.senders(to, payload.turn()) : graph.inNeighbours(to);
        int[] honest =
                Arrays.stream(senders).filter(u -> !adversaries.contains(u)).toArray();
        int attackers = (int) Arrays.stream(senders)
                .filter(u -> adversaries.entry(u, state.began) != Adversaries.HONEST)
                .count();
        return new Occasion.Receiver(to, honest, attackers);
    }

    /** The state for a checkpoint, which changes with this attacker; null of an honest user. */
    public State state() {
        return isAdversary() ? state : null;
    }

    /** Continues from a checkpoint. */
    public void restore(State s) {
        state = s == null ? state : s;
        held.restore(state.held);
    }
}
