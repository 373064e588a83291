package coterie.actors.verify;

import coterie.actors.life.Letter.Kind;
import coterie.actors.life.Observation;
import coterie.actors.life.Outbox;
import coterie.actors.life.World;
import coterie.topology.graph.Topology;
import coterie.topology.world.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows a run and checks what must hold in any: time never goes back, what is mixed has arrived, messages take as long as their links and no longer,
 * ages are right, rows sum to one, everything has a cause. Knows the world, and nothing of how users are driven.
 */
public final class Verifier {
    private static final int MOST = 20;
    /**
     * Virtual time is kept in nanoseconds; seconds are printed from them, and after some months a nanosecond is less
     * than their last digit.
     */
    private static final double NANOSECONDS = 3e-9 + 2 * Math.ulp(Ticks.LONGEST_SECONDS);
    private static final double ROUNDING = 1e-9;

    /** A message as its receiver had it. */
    private record Receipt(double seconds, double sent) {
    }

    /** What is known of one user. */
    private static final class User {
        private int nextTurn;
        private double ended;
        private double crashed = -1;
        private double downUntil = -1;
        private int savedTurn;
        private long lastNumber = -1;
        private final Map<Long, Observation.Sent> sent = new HashMap<>();
        /** By sender and turn. */
        private final Map<Long, List<Receipt>> receipts = new HashMap<>();
        private final Map<Long, Boolean> copies = new HashMap<>();
    }

    private final World world;
    private final boolean exact;
    private final User[] users;
    private final UpdatesOnce updatesOnce;
    private final List<String> violations = new ArrayList<>();
    private long found;
    private double last;
    private Outbox.Sums sentByTurns = new Outbox.Sums(0, 0, 0, 0);
    private long messages;
    private long lost;
    private long received;
    private long dropped;
    private long bytes;
    private long checked;
    private boolean messagesSeen;

    /** Of a run under the virtual clock. */
    public Verifier(World world) {
        this(world, true);
    }

    /** @param exact whether messages took exactly as long as their links: under the wall clock they take a little longer */
    public Verifier(World world, boolean exact) {
        this.world = world;
        this.exact = exact;
        users = new User[world.users()];
        updatesOnce = new UpdatesOnce(world, exact);
        for (int u = 0; u < users.length; u++) {
            users[u] = new User();
        }
    }

    /** Checks the next thing a run has recorded. */
    public void observed(Observation o) {
        checked++;
        if (!(o.seconds() >= 0 && o.seconds() <= Ticks.LONGEST_SECONDS)) {
            check(false, o, "virtual time is from 0 to %s", Ticks.LONGEST_SECONDS);
            return;
        }
        check(o.seconds() >= last, o, "time goes back, from %s", last);
        last = Math.max(last, o.seconds());
        if (o.user() < 0 || o.user() >= users.length) {
            check(false, o, "there is no such user");
            return;
        }
        updatesOnce.observed(o, fault -> check(false, o, "%s", fault));
        if (o instanceof Observation.TurnEnded t) {
            turn(t);
        } else if (o instanceof Observation.Sent s) {
            sent(s);
        } else if (o instanceof Observation.Received r) {
            received(r);
        } else if (o instanceof Observation.Mixed m) {
            mixed(m);
        } else if (o instanceof Observation.Crashed c) {
            crashed(c);
        } else if (o instanceof Observation.Restarted r) {
            restarted(r);
        } else if (o instanceof Observation.Evaluated e) {
            check(Double.isNaN(e.loss()) || e.loss() >= 0 || !Double.isFinite(e.loss()), o, "a loss of %s", e.loss());
        }
    }

    private void turn(Observation.TurnEnded t) {
        User u = users[t.user()];
        check(t.turn() == u.nextTurn, t, "expected turn %d", u.nextTurn);
        check(t.started() >= u.ended - NANOSECONDS, t, "began at %s, before the one before ended, at %s", t.started(), u.ended);
        check(t.seconds() > t.started(), t, "ended before it began, at %s", t.started());
        check(t.seconds() >= u.downUntil, t, "ended while the device was down until %s", u.downUntil);
        check(t.turn() < world.schedule().turns(), t, "there are only %d turns", world.schedule().turns());
        u.nextTurn = t.turn() + 1;
        u.ended = t.seconds();
        Outbox.Sums s = t.sent();
        sentByTurns = new Outbox.Sums(sentByTurns.messages() + s.messages(), sentByTurns.lost() + s.lost(),
                sentByTurns.parameterBytes() + s.parameterBytes(), sentByTurns.predictionBytes() + s.predictionBytes());
    }

    private void sent(Observation.Sent s) {
        messagesSeen = true;
        if (s.to() < 0 || s.to() >= users.length) {
            check(false, s, "there is no user %d", s.to());
            return;
        }
        User u = users[s.user()];
        messages++;
        lost += s.lost() ? 1 : 0;
        bytes += s.bytes();
        check(s.number() > u.lastNumber, s, "numbered %d after %d", s.number(), u.lastNumber);
        u.lastNumber = s.number();
        u.sent.put(s.number(), s);
        // What would arrive after the end of virtual time is said to arrive there.
        double delay = Math.min(delay(s.user(), s.to(), s.number(), 0), Ticks.LONGEST_SECONDS - s.seconds());
        check(Math.abs(s.delay() - delay) <= NANOSECONDS, s, "a delay of %s where the link says %s", s.delay(), delay);
        check(s.lost() == world.links().lost(s.user(), s.to(), s.number(), s.seconds()), s, "lost or not, the link says otherwise");
        check(s.doubled() == (!s.lost() && world.links().doubled(s.user(), s.to(), s.number())), s, "doubled or not, the link says otherwise");
        Topology graph = world.neighbourhoods().graph(Ticks.at(s.seconds()));
        if (graph != null && s.kind() == Kind.SNAPSHOT) {
            check(Arrays.binarySearch(graph.outNeighbours(s.user()), s.to()) >= 0, s, "user %d is no neighbour", s.to());
        }
    }

    private double delay(int from, int to, long number, int copy) {
        return world.links().delay(from, to, number, copy);
    }

    private void received(Observation.Received r) {
        User me = users[r.user()];
        received += r.taken() ? 1 : 0;
        dropped += r.taken() ? 0 : 1;
        Observation.Sent s = r.from() < 0 || r.from() >= users.length ? null : users[r.from()].sent.get(r.number());
        if (s == null || s.to() != r.user() || s.kind() != r.kind() || s.turn() != r.turn()) {
            check(false, r, "nobody has sent this");
            return;
        }
        check(!s.lost(), r, "it was lost");
        check(!r.copy() || s.doubled(), r, "a second copy of what was not doubled");
        check(Math.abs(s.seconds() - r.sent()) <= NANOSECONDS, r, "sent at %s, not at %s", s.seconds(), r.sent());
        check(me.copies.put(r.from() * 2L + (r.copy() ? 1 : 0) + (r.number() << 32), true) == null, r, "it came before");
        double delay = delay(r.from(), r.user(), r.number(), r.copy() ? 1 : 0);
        double under = r.seconds() - r.sent();
        if (!exact) {
            check(under >= delay - NANOSECONDS, r, "under way for %s where the link says %s", under, delay);
        } else if (world.lines() == null || s.bytes() == 0) {
            check(Math.abs(under - delay) <= NANOSECONDS, r, "under way for %s where the link says %s", under, delay);
        } else {
            double least = delay + s.bytes() / Math.min(world.lines().mostUp(r.from()), world.lines().mostDown(r.user()));
            check(under >= least - NANOSECONDS, r, "under way for %s where latency and bandwidth need %s", under, least);
        }
        check(!r.taken() || r.seconds() >= me.downUntil, r, "taken while the device was down");
        if (r.taken()) {
            me.receipts.computeIfAbsent(key(r.from(), r.turn()), k -> new ArrayList<>(1)).add(new Receipt(r.seconds(), r.sent()));
        }
    }

    private static long key(int from, int turn) {
        return (long) from << 32 | turn;
    }

    private void mixed(Observation.Mixed m) {
        int[] row = m.row().users();
        double sum = 0;
        boolean self = false;
        for (int k = 0; k < row.length; k++) {
            double w = m.row().weights()[k];
            sum += w;
            check(w >= 0, m, "a weight of %s", w);
            check(k == 0 || row[k] > row[k - 1], m, "users are not in order");
            self |= row[k] == m.user();
            check(m.row().ages()[k] == Math.max(0, m.turn() - m.versions()[k]), m, "an age of %d for turn %d of user %d", m.row().ages()[k],
                    m.versions()[k], row[k]);
            if (row[k] != m.user()) {
                candidate(m, k);
            }
        }
        check(self, m, "the user itself is not in its row");
        check(Math.abs(sum - 1) <= ROUNDING, m, "the row sums to %s", sum);
    }

    private void candidate(Observation.Mixed m, int k) {
        check(m.secondsOld()[k] >= 0 && m.informationAge()[k] >= m.secondsOld()[k] - NANOSECONDS, m, "ages of %s and %s seconds", m.secondsOld()[k],
                m.informationAge()[k]);
        if (!messagesSeen) {
            return;
        }
        List<Receipt> receipts = users[m.user()].receipts.get(key(m.row().users()[k], m.versions()[k]));
        if (receipts == null) {
            check(false, m, "turn %d of user %d never arrived", m.versions()[k], m.row().users()[k]);
            return;
        }
        // There may be two copies, and turns done again after a crash: one of them must be it.
        double sent = m.seconds() - m.secondsOld()[k];
        double earliest = world.faults().keepInbox() ? 0 : users[m.user()].crashed;
        check(receipts.stream().anyMatch(r -> Math.abs(r.sent - sent) <= NANOSECONDS && r.seconds <= m.seconds() + NANOSECONDS && r.seconds >= earliest), m,
                "what user %d sent at %s did not come between %s, when everything was lost, and now", m.row().users()[k], sent, earliest);
    }

    private void crashed(Observation.Crashed c) {
        User u = users[c.user()];
        check(c.turn() + 1 >= c.savedTurn(), c, "its save is of turn %d", c.savedTurn());
        check(c.seconds() >= u.downUntil, c, "it was down already, until %s", u.downUntil);
        check(world.faults().any(), c, "nothing fails in this world");
        u.crashed = c.seconds();
        u.downUntil = c.until();
        u.savedTurn = c.savedTurn();
        u.nextTurn = c.savedTurn();
    }

    private void restarted(Observation.Restarted r) {
        User u = users[r.user()];
        check(Math.abs(r.seconds() - u.downUntil) <= NANOSECONDS, r, "it was to be down until %s", u.downUntil);
        check(r.turn() == u.savedTurn, r, "it was saved before turn %d", u.savedTurn);
        u.ended = r.seconds();
    }

    /**
     * What a run says of itself in the end. Numbers that are not known are negative.
     *
     * @param arrived taken by their receivers
     * @param dropped arrived while their receivers were down or away
     */
    public record Totals(long turns, long sent, long lost, long arrived, long dropped, long bytes) {
    }

    /** Checks sums, when all has been observed. */
    public void finished(Totals t) {
        int turns = Arrays.stream(users).mapToInt(u -> u.nextTurn).sum();
        boolean redone = world.faults().any();
        equal("turns", redone ? -1 : t.turns, turns);
        if (messagesSeen || messages > 0) {
            equal("messages sent", t.sent, messages);
            equal("messages lost", t.lost, lost);
            equal("messages delivered", t.arrived, received);
            equal("messages dropped", t.dropped, dropped);
            equal("bytes sent", t.bytes, bytes);
            checkSums(sentByTurns.messages() <= messages && sentByTurns.parameterBytes() + sentByTurns.predictionBytes() <= bytes,
                    "turns say more was sent than was sent: " + sentByTurns + " of " + messages + " messages and " + bytes + " bytes");
        }
    }

    private void equal(String what, long said, long counted) {
        checkSums(said < 0 || said == counted, what + ": said are " + said + ", counted " + counted);
    }

    /** Notes something that is wrong with the record itself. */
    public void broken(String what) {
        found++;
        if (violations.size() < MOST) {
            violations.add(what);
        }
    }

    private void checkSums(boolean holds, String otherwise) {
        if (!holds) {
            found++;
            violations.add(otherwise);
        }
    }

    private void check(boolean holds, Observation o, String otherwise, Object... arguments) {
        if (!holds) {
            found++;
            if (violations.size() < MOST) {
                String kind = o.getClass().getSimpleName();
                violations.add(String.format("at %s s, user %d, %s: ", o.seconds(), o.user(), kind) + String.format(otherwise, arguments));
            }
        }
    }

    /** What does not hold; the first of them where there are many. Empty for a run that can be true. */
    public List<String> violations() {
        return violations;
    }

    /** How many things do not hold. */
    public long found() {
        return found;
    }

    /** How many things were checked. */
    public long checked() {
        return checked;
    }

    /** Whether messages were recorded; otherwise nothing that concerns them was checked. */
    public boolean messagesSeen() {
        return messagesSeen;
    }
}
