package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.SentTotals;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.user.SimulationConfig;
import coterie.topology.graph.Topology;
import coterie.topology.time.Ticks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks messages: they take exactly as long as their links, all that arrive were sent, and turns count what was sent
 * since the turn before. Keeps messages in transit, and those sent since a user's last turn.
 */
final class Mail {
    /** A message that was sent. */
    static final class Flight {
        final Observation.Sent sent;
        /** When the oldest local step in it began; NaN if unknown. */
        double began = Double.NaN;
        /** {@link RowCalculator#note} of its sender; null if unknown. */
        Object note;

        private boolean first;
        private boolean second;

        Flight(Observation.Sent sent) {
            this.sent = sent;
        }
    }

    private static final class User {
        private long lastNumber = -1;
        private final Map<Long, Flight> underWay = new HashMap<>();
        /** Sent since its last turn ended. */
        private final ArrayDeque<Flight> untold = new ArrayDeque<>();

        private int ended = -1;
        private double endedBegan;
        private int published = -1;
        private double publishedBegan;
    }

    private final SimulationConfig config;
    private final VerifiableMixing rules;
    private final boolean exact;
    private final Findings findings;
    private final User[] users;
    private SentTotals sentByTurns = SentTotals.NONE;
    private long sent;
    private long carrying;
    private long lost;
    private long taken;
    private long dropped;
    private long bytes;
    /** Bytes of the parameters in a message: all adapters of a run have the same length. 0 while unknown. */
    private long parameters;

    private boolean seen;
    private boolean complete;

    Mail(SimulationConfig config, boolean exact, Findings findings) {
        this.config = config;
        rules = config.protocol().verifiableMixing();
        this.exact = exact;
        this.findings = findings;
        users = new User[config.users()];
        Arrays.setAll(users, u -> new User());
    }

    void sent(Observation.Sent s) {
        seen = true;
        if (s.to() < 0 || s.to() >= users.length) {
            findings.check(false, s, "there is no user %d", s.to());
            return;
        }
        User u = users[s.user()];
        sent++;
        carrying += s.bytes() > 0 ? 1 : 0;
        lost += s.lost() ? 1 : 0;
        bytes += s.bytes();
        findings.check(s.number() > u.lastNumber, s, "numbered %d after %d", s.number(), u.lastNumber);
        u.lastNumber = s.number();
        // A message that would arrive after the end of virtual time is recorded as arriving at the end.
        double delay =
                Math.min(config.links().delay(s.user(), s.to(), s.number(), 0), Ticks.LONGEST_SECONDS - s.seconds());
        findings.check(Instants.same(s.delay(), delay), s, "a delay of %s where the link says %s", s.delay(), delay);
        findings.check(
                s.lost() == config.links().lost(s.user(), s.to(), s.number(), s.seconds()),
                s,
                "lost or not, the link says otherwise");
        findings.check(
                s.doubled() == (!s.lost() && config.links().doubled(s.user(), s.to(), s.number())),
                s,
                "doubled or not, the link says otherwise");
        Topology graph = config.neighbourhoods().graph(Instants.tick(s.seconds()));
        if (graph != null && s.kind() == Kind.SNAPSHOT) {
            findings.check(
                    Arrays.binarySearch(graph.outNeighbours(s.user()), s.to()) >= 0,
                    s,
                    "user %d is no neighbour",
                    s.to());
        }
        Flight f = new Flight(s);
        f.began = began(u, s);
        if (!s.lost()) {
            u.underWay.put(s.number(), f);
        }
        if (!config.protocol().serves(s.user())) {
            u.untold.add(f);
        }
    }

    /** What is known when a message is sent; {@link #ended} sets it for messages at the end of a turn. */
    private double began(User u, Observation.Sent s) {
        boolean trusts = config.protocol().trusts();
        if (s.kind() == Kind.REPLY && !trusts) {
            return s.seconds();
        }
        if (s.kind() != Kind.SNAPSHOT && s.kind() != Kind.REPLY) {
            return Double.NaN;
        }
        // A turn that is repeated after a crash may end while its user is absent: then what it had published stays.
        return s.turn() == u.published ? u.publishedBegan : s.turn() == u.ended ? u.endedBegan : Double.NaN;
    }

    /** @return the message that has arrived; null if it was never sent */
    Flight received(Observation.Received r) {
        taken += r.taken() ? 1 : 0;
        dropped += r.taken() ? 0 : 1;
        User from = r.from() < 0 || r.from() >= users.length ? null : users[r.from()];
        Flight f = from == null ? null : from.underWay.get(r.number());
        if (f == null || f.sent.to() != r.user() || f.sent.kind() != r.kind() || f.sent.turn() != r.turn()) {
            boolean gone = from != null && config.links().lost(r.from(), r.user(), r.number(), r.sent());
            findings.check(false, r, gone ? "it was lost" : "no user has sent this, or it came before");
            return null;
        }
        Observation.Sent s = f.sent;
        findings.check(!r.copy() || s.doubled(), r, "a second copy of what was not doubled");
        findings.check(Instants.same(s.seconds(), r.sent()), r, "sent at %s, not at %s", s.seconds(), r.sent());
        findings.check(!(r.copy() ? f.second : f.first), r, "it came before");
        f.first |= !r.copy();
        f.second |= r.copy();
        if (f.first && (f.second || !s.doubled())) {
            from.underWay.remove(r.number());
        }
        double delay = config.links().delay(r.from(), r.user(), r.number(), r.copy() ? 1 : 0);
        double under = r.seconds() - r.sent();
        if (!exact) {
            findings.check(
                    under >= delay - Instants.NANOSECONDS, r, "under way for %s where the link says %s", under, delay);
        } else if (!config.network().transfers(r.from(), r.user(), s.bytes())) {
            findings.check(Instants.same(under, delay), r, "under way for %s where the link says %s", under, delay);
        } else {
            double least = delay
                    + s.bytes()
                            / Math.min(
                                    config.lines().mostUp(r.from()),
                                    config.lines().mostDown(r.user()));
            findings.check(
                    under >= least - Instants.NANOSECONDS,
                    r,
                    "under way for %s where latency and bandwidth need %s",
                    under,
                    least);
        }
        return f;
    }

    /**
     * Checks the counts of a turn: messages sent since the turn before. A message sent later in the same nanosecond may
     * stand before the turn in the files.
     *
     * @return messages that were sent at its end
     */
    List<Flight> ended(Observation.TurnEnded t) {
        SentTotals said = t.sent();
        sentByTurns = sentByTurns.plus(said);
        User u = users[t.user()];
        int version = config.attacks().claimed(t.user(), t.started(), t.turn());
        u.ended = version;
        u.endedBegan = t.started();
        if (t.tookPart()) {
            u.published = version;
            u.publishedBegan = t.started();
        }
        List<Flight> atEnd = new ArrayList<>();
        for (Flight f : u.untold) {
            boolean ofTurn = !rules.numbersTurns() || f.sent.turn() == version;
            if (f.sent.seconds() == t.seconds() && ofTurn && f.sent.kind() != Kind.REPLY) {
                f.began = t.started();
                atEnd.add(f);
            }
        }
        if (seen || said.messages() == 0) {
            account(t, u);
        }
        return atEnd;
    }

    private void account(Observation.TurnEnded t, User u) {
        SentTotals said = t.sent();
        long messages = 0;
        long gone = 0;
        long all = 0;
        long snapshots = 0;
        while (messages < said.messages() && !u.untold.isEmpty()) {
            Observation.Sent s = u.untold.poll().sent;
            messages++;
            gone += s.lost() ? 1 : 0;
            all += s.bytes();
            snapshots += s.bytes() > 0 ? 1 : 0;
        }
        long earlier =
                u.untold.stream().filter(f -> f.sent.seconds() < t.seconds()).count();
        u.untold.removeIf(f -> f.sent.seconds() < t.seconds());
        findings.check(
                messages == said.messages() && earlier == 0,
                t,
                "messages_sent is %d, and %d were sent since the" + " turn before",
                said.messages(),
                messages + earlier);
        if (messages != said.messages() || earlier > 0) {
            return;
        }
        findings.check(gone == said.lost(), t, "messages_lost is %d, and %d were lost", said.lost(), gone);
        findings.check(
                said.parameterBytes() + said.predictionBytes() == all,
                t,
                "parameter_bytes and prediction_bytes are %d, and messages of %d bytes were sent",
                said.parameterBytes() + said.predictionBytes(),
                all);
        if (snapshots > 0) {
            parameters = parameters == 0 ? said.parameterBytes() / snapshots : parameters;
            findings.check(
                    said.parameterBytes() == snapshots * parameters,
                    t,
                    "parameter_bytes is %d, and %d messages carry parameters of %d bytes",
                    said.parameterBytes(),
                    snapshots,
                    parameters);
        }
    }

    /** Checks sums, after the last observation. */
    void finished(Verifier.Totals t) {
        if (seen || sent > 0) {
            equal("messages.sent", t.sent(), sent);
            equal("messages.lost", t.lost(), lost);
            equal("messages.delivered", t.arrived(), taken);
            equal("messages.dropped", t.dropped(), dropped);
            equal("bytes_sent.total", t.bytes(), bytes);
        }
        long most = seen ? sent : t.sent() < 0 ? Long.MAX_VALUE : t.sent();
        long mostBytes = seen ? bytes : t.bytes() < 0 ? Long.MAX_VALUE : t.bytes();
        findings.check(
                sentByTurns.messages() <= most
                        && sentByTurns.parameterBytes() + sentByTurns.predictionBytes() <= mostBytes,
                "turns say more was sent than was sent: " + sentByTurns + " of " + most + " messages and " + mostBytes
                        + " bytes");
    }

    /**
     * Checks what holds for a run that was not stopped.
     *
     * @param last instant of the last observation
     */
    void completed(Verifier.Totals t, double last) {
        complete = true;
        if (allByTurns()) {
            equal("messages.sent", t.sent(), sentByTurns.messages(), "turns.jsonl");
            equal("messages.lost", t.lost(), sentByTurns.lost(), "turns.jsonl");
            equal(
                    "bytes_sent.total",
                    t.bytes(),
                    sentByTurns.parameterBytes() + sentByTurns.predictionBytes(),
                    "turns.jsonl");
        }
        if (exact && config.lines() == null) {
            for (User u : users) {
                u.underWay.values().forEach(f -> arrived(f, last));
            }
        }
    }

    /** Whether all messages are sent at the ends of turns, and so counted by them. */
    private boolean allByTurns() {
        // Under the wall clock, turns that end when time is up are not recorded.
        boolean recorded = exact && (config.until() == Ticks.NEVER || Instants.exact(Ticks.seconds(config.until())));
        return complete
                && rules.sendsOnlyAtTurnEnds()
                && !config.attacks().holdBack()
                && recorded
                && config.neighbourhoods().asking() == null
                && !config.faults().any();
    }

    /** Checks that a message due before the last observation has arrived. */
    private void arrived(Flight f, double last) {
        Observation.Sent s = f.sent;
        for (int copy = 0; copy < (s.doubled() ? 2 : 1); copy++) {
            double due = s.seconds() + config.links().delay(s.user(), s.to(), s.number(), copy);
            findings.check(
                    (copy == 0 ? f.first : f.second) || due >= last - Instants.NANOSECONDS,
                    s,
                    "message %d to user %d arrived at %s, and no line of messages.jsonl says so",
                    s.number(),
                    s.to(),
                    due);
        }
    }

    private void equal(String what, long said, long counted) {
        // Under the wall clock a run may end while users are active; what they do then is not recorded.
        equal(what, exact ? said : Math.min(said, counted), counted, "messages.jsonl");
    }

    private void equal(String what, long said, long counted, String where) {
        findings.check(
                said < 0 || said == counted,
                "summary.json: " + what + " is " + said + ", and in " + where + " it is " + counted);
    }

    /** Bytes of parameters in all messages; negative if unknown. */
    long parameterBytes() {
        long ofMessages = carrying > 0 && parameters == 0 ? -1 : carrying * parameters;
        return !exact ? -1 : seen ? ofMessages : allByTurns() ? sentByTurns.parameterBytes() : -1;
    }

    boolean seen() {
        return seen;
    }
}
