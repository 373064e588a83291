package coterie.actors.life;

import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.Snapshot;
import coterie.topology.random.Stream;
import coterie.topology.world.Links;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * One user from its first turn to its last.
 *
 * <p>A turn begins: its computation is started at once, since all it depends on is known. It ends when its modelled time is over, and only then is
 * the result needed: the user publishes. Two ticks later, when all that was sent in the same nanosecond has arrived, it mixes and the next turn
 * begins; a synchronous user mixes when the last snapshot it waits for is there. Synchronous and asynchronous differ in {@link #mayMix} and in
 * what {@link Inbox} keeps, and in nothing else.
 *
 * <p>Plain code: whoever drives it (an actor, or a loop in a test) hands it messages and asks it to go on to some tick; it never looks at a clock.
 */
public final class UserLife {
    private static final long MIX_DELAY = 2;

    private enum Phase { TRAINING, WAITING, DONE }

    /** What a user did between two instants. */
    public record Progress(List<Message> sent, List<Dated> observed) {
    }

    /**
     * An observation, and where it stands among all others.
     *
     * @param number how many observations the user had made before
     */
    public record Dated(long tick, int user, long number, Observation observation) implements Comparable<Dated> {
        @Override
        public int compareTo(Dated o) {
            int c = Long.compare(tick, o.tick);
            c = c != 0 ? c : Integer.compare(user, o.user);
            return c != 0 ? c : Long.compare(number, o.number);
        }
    }

    /** What is to be said of a mixing when its row is known. Holds no snapshots: they must not outlive their use. */
    private record Mixture(long tick, int turn, Map<Integer, Long> sent) {
    }

    private final int me;
    private final World world;
    private final Learner learner;
    private final Inbox inbox;
    private final PriorityQueue<Message> coming = new PriorityQueue<>();
    private Phase phase = Phase.TRAINING;
    /** The turn under way, or, while waiting, the one that has ended. */
    private int turn;
    private int iteration;
    private long next;
    private long started;
    private boolean asleep;
    private CompletableFuture<TurnOutcome> computation;
    private Mixture mixture;
    private Snapshot own;
    private float[] parameters;
    private List<Message> sent = new ArrayList<>();
    private List<Dated> observed = new ArrayList<>();
    private long messages;
    private long observations;
    private long events;
    private long trace;

    public UserLife(int me, World world, Learner learner) {
        this.me = me;
        this.world = world;
        this.learner = learner;
        inbox = new Inbox(world.mode());
        trace = Stream.mix(me);
    }

    /** Begins the first turn at tick 0. */
    public void begin() {
        beginTurn(0, null);
    }

    /** Takes messages that arrive later than all that was processed. */
    public void receive(List<Message> messages) {
        coming.addAll(messages);
    }

    /**
     * Goes on until nothing is left before {@code end}, or until a computation is needed that is not ready.
     *
     * @return true when nothing is left before {@code end}; false when {@link #computation} has to be waited for
     */
    public boolean advance(long end) {
        while (true) {
            long message = coming.isEmpty() ? Ticks.NEVER : coming.peek().arrival();
            if (Math.min(message, next) >= end) {
                return true;
            }
            if (message <= next) {
                arrived(coming.poll());
            } else if (phase == Phase.WAITING) {
                mix(next);
            } else if (computation.isDone()) {
                endTurn(next);
            } else {
                return false;
            }
        }
    }

    private void arrived(Message m) {
        event(m.arrival(), 1, m.from(), m.snapshot() == null ? 0 : m.snapshot().hash());
        if (phase == Phase.DONE) {
            return;
        }
        inbox.put(m);
        if (phase == Phase.WAITING && next == Ticks.NEVER && mayMix()) {
            next = m.arrival() + 1;
        }
    }

    private void beginTurn(long tick, TurnPlan.Mix mix) {
        phase = Phase.TRAINING;
        started = tick;
        boolean last = turn == world.schedule().turns();
        boolean due = iteration % world.evaluateEvery() == 0 || last;
        if (last) {
            computation = learner.turn(new TurnPlan(turn, mix, due, iteration, 0, false, false));
            next = tick + 1;
            return;
        }
        TurnSchedule.Turn t = world.schedule().turn(turn);
        boolean collaborates = world.collaborates(me, turn);
        asleep = world.idle() == Idle.SLEEP && world.communicates() && t.collaborates() && !collaborates;
        int iterations = asleep ? 0 : t.iterations();
        computation = learner.turn(new TurnPlan(turn, mix, due, iteration, iterations, t.fineTune(), collaborates));
        next = Ticks.after(tick, t.length() * world.compute().seconds(world.seed(), me, turn));
    }

    private void endTurn(long tick) {
        TurnOutcome outcome = computation.join();
        report(outcome, tick);
        boolean last = turn == world.schedule().turns();
        parameters = outcome.parameters();
        event(tick, 2, turn, outcome.hash());
        if (last) {
            phase = Phase.DONE;
            next = Ticks.NEVER;
            computation = null;
            own = null;
            inbox.clear();
            return;
        }
        iteration += asleep ? 0 : world.schedule().turn(turn).iterations();
        own = outcome.snapshot();
        Sending sending = own == null ? new Sending(0, 0) : publish(tick);
        observe(tick, new Observation.TurnEnded(Ticks.seconds(tick), me, turn, Ticks.seconds(started), iteration, outcome.trainingLoss(), outcome.tokens(),
                world.communicates() && world.schedule().turn(turn).collaborates(), own != null, sending.sent, sending.lost, own == null ? 0 : sending.sent * own.parameterBytes(),
                own == null ? 0 : sending.sent * own.predictionBytes(), outcome.hash()));
        phase = Phase.WAITING;
        next = mayMix() ? tick + MIX_DELAY : Ticks.NEVER;
    }

    private record Sending(int sent, int lost) {
    }

    private Sending publish(long tick) {
        int lost = 0;
        int[] receivers = world.topology().outNeighbours(me);
        for (int to : receivers) {
            Links.Transit transit = world.links().transit(world.seed(), me, to, turn);
            lost += transit.lost() ? 1 : 0;
            // Whoever waits must learn of a loss; nobody else does.
            if (!transit.lost() || world.mode() == Mode.SYNCHRONOUS) {
                sent.add(new Message(tick, Ticks.after(tick, transit.seconds()), me, to, messages, turn, transit.lost() ? null : own));
            }
            messages++;
        }
        return new Sending(receivers.length, lost);
    }

    private boolean mayMix() {
        if (own == null || world.mode() == Mode.ASYNCHRONOUS) {
            return true;
        }
        for (int from : world.topology().inNeighbours(me)) {
            if (world.collaborates(from, turn) && !inbox.has(from, turn)) {
                return false;
            }
        }
        return true;
    }

    private void mix(long tick) {
        TurnPlan.Mix mix = null;
        if (own != null) {
            List<Message> there = inbox.take(turn);
            List<Snapshot> candidates = new ArrayList<>();
            for (Message m : there) {
                if (m.from() > me && (candidates.isEmpty() || candidates.get(candidates.size() - 1).user() < me)) {
                    candidates.add(own);
                }
                candidates.add(m.snapshot());
            }
            if (candidates.isEmpty() || candidates.get(candidates.size() - 1).user() < me) {
                candidates.add(own);
            }
            int[] ages = candidates.stream().mapToInt(s -> Math.max(0, turn - s.turn())).toArray();
            mix = new TurnPlan.Mix(turn, candidates, ages);
            Map<Integer, Long> sentAt = new HashMap<>();
            there.forEach(m -> sentAt.put(m.from(), m.sent()));
            mixture = new Mixture(tick, turn, sentAt);
            inbox.forget(turn);
        }
        event(tick, 3, turn, mix == null ? 0 : mix.candidates().size());
        turn++;
        beginTurn(tick, mix);
    }

    /** Everything a computation brought, each with the instant it belongs to. */
    private void report(TurnOutcome outcome, long tick) {
        if (outcome.row() != null) {
            double[] old = new double[outcome.row().users().length];
            for (int k = 0; k < old.length; k++) {
                Long sentAt = mixture.sent.get(outcome.row().users()[k]);
                old[k] = sentAt == null ? 0 : Ticks.seconds(mixture.tick) - Ticks.seconds(sentAt);
            }
            observe(mixture.tick, new Observation.Mixed(Ticks.seconds(mixture.tick), me, mixture.turn, outcome.row(), old));
            event(mixture.tick, 4, mixture.turn, outcome.mixedHash());
            mixture = null;
        }
        int iterations = turn == world.schedule().turns() || asleep ? 0 : world.schedule().turn(turn).iterations();
        for (TurnOutcome.Evaluation e : outcome.evaluations()) {
            double share = iterations == 0 ? 0 : (double) (e.iteration() - iteration) / iterations;
            long at = started + (long) (share * (tick - started));
            observe(at, new Observation.Evaluated(Ticks.seconds(at), me, e.iteration(), turn, e.loss()));
        }
    }

    private void observe(long tick, Observation o) {
        observed.add(new Dated(tick, me, observations++, o));
    }

    private void event(long tick, long kind, long other, long hash) {
        events++;
        trace = Stream.mix(trace * 31 + tick);
        trace = Stream.mix(trace * 31 + kind);
        trace = Stream.mix(trace * 31 + other);
        trace = Stream.mix(trace * 31 + hash);
    }

    /** What was done since this was last asked. */
    public Progress progress() {
        Progress p = new Progress(sent, observed);
        sent = new ArrayList<>();
        observed = new ArrayList<>();
        return p;
    }

    /** Tick of the next thing that is certain to happen; {@link Ticks#NEVER} where only a message can make one happen, or the life is over. */
    public long next() {
        return Math.min(next, coming.isEmpty() ? Ticks.NEVER : coming.peek().arrival());
    }

    /** Whether a turn is under way: until it ends the user can send nothing, whatever it receives. */
    public boolean training() {
        return phase == Phase.TRAINING;
    }

    /** The earliest tick at which this user can send anything; {@link Ticks#NEVER} where only an event can make it send. */
    public long earliestSending() {
        return phase == Phase.TRAINING ? next : Ticks.NEVER;
    }

    /** No observation earlier than this is still to come. */
    public long reportedUntil() {
        return phase == Phase.TRAINING ? started : phase == Phase.DONE ? Ticks.NEVER : next();
    }

    public boolean done() {
        return phase == Phase.DONE;
    }

    /** The result that is waited for. */
    public CompletableFuture<TurnOutcome> computation() {
        return computation;
    }

    /** Parameters at the end of the last turn that ended; null before. */
    public float[] parameters() {
        return parameters;
    }

    /** Events processed. */
    public long events() {
        return events;
    }

    /** A hash of every event so far: its tick, kind, other user or turn, and parameters. */
    public long trace() {
        return trace;
    }

    public int turn() {
        return turn;
    }
}
