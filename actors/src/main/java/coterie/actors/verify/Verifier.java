package coterie.actors.verify;

import coterie.actors.calendar.Absences;
import coterie.actors.event.Observation;
import coterie.actors.protocol.RowCalculator;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.trust.TrustManager;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Follows a run and checks what holds for every run: time never goes back, users mix the newest snapshots that have
 * arrived, messages take exactly as long as their links, ages are right, rows follow from their scores, every event has
 * a cause. Knows the configuration, and nothing of how users are implemented.
 */
public final class Verifier {
    /**
     * What is known of a run besides its configuration.
     *
     * @param exact whether recorded times are exact: under the wall clock events are a little late
     * @param rules by which users trust; null if they do not, or if unknown
     * @param tokensAnIteration on which a user trains; 0 if unknown
     * @param earlier whether an earlier version made the run, which recorded no absences and evaluated users when their
     *     first turns began
     */
    public record Known(boolean exact, TrustManager.Rules rules, long tokensAnIteration, boolean earlier) {
        /** A run under the virtual clock. */
        public static final Known NOTHING = new Known(true, null, 0);

        /** A run of this version. */
        public Known(boolean exact, TrustManager.Rules rules, long tokensAnIteration) {
            this(exact, rules, tokensAnIteration, false);
        }
    }

    /** What is known of one user. */
    private static final class User {
        private int nextTurn;
        private int iteration;
        private double downUntil = -1;
        private int savedTurn;
        private Arrivals arrivals;
        private TurnTimes times;
        private MixingTimes mixings;
        private Outages outages;
        private AbsenceCheck absences;
        /** Null if rows do not follow from trust, or the rules are unknown. */
        private RowCheck rows;
        /** Null if rows do not follow from the protocol. */
        private ProtocolRows protocolRows;
        /** Null if the rules are unknown. */
        private InfluenceCheck influence;

        private Evaluations evaluations;
        private DriftCheck drifts;
        private UtilityCheck utility;
        private AttackCheck attacks;
        private DoorCheck door;
        /** Whether it never trains again, though its turns are not over. */
        private boolean gone;
    }

    private final SimulationConfig config;
    private final Known known;
    private final Findings findings = new Findings();
    private final User[] users;
    private final Mail mail;
    private final UpdatesOnce updatesOnce;
    private final RowShape shape;
    private double last;
    private boolean diverged;
    private long checked;

    /** Checks a run under the virtual clock. */
    public Verifier(SimulationConfig config) {
        this(config, Known.NOTHING);
    }

    /** @param exact see {@link Known} */
    public Verifier(SimulationConfig config, boolean exact) {
        this(config, new Known(exact, null, 0));
    }

    /** Checks a run of which more is known. */
    public Verifier(SimulationConfig config, Known known) {
        this.config = config;
        this.known = known;
        mail = new Mail(config, known.exact, findings);
        updatesOnce = new UpdatesOnce(config, known.exact);
        shape = new RowShape(config.users(), findings);
        boolean ambiguous = config.faults().any() || config.attacks().forgeVersions();
        users = new User[config.users()];
        for (int u = 0; u < users.length; u++) {
            users[u] = new User();
            users[u].arrivals = new Arrivals(config, findings);
            users[u].times = new TurnTimes(config, u, known.exact, findings);
            users[u].mixings = new MixingTimes(config, findings);
            users[u].outages = new Outages(config, u, findings);
            users[u].absences = new AbsenceCheck(config, u, known, findings);
            users[u].evaluations = new Evaluations(config, u, known, findings);
            users[u].drifts = new DriftCheck(config.drifts(), u, findings);
            users[u].utility = new UtilityCheck(config, u, findings);
            users[u].attacks = new AttackCheck(config.attacks(), u, findings);
            users[u].door = new DoorCheck(config.door(), findings);
            RowCalculator calculator = config.protocol().verifiableMixing().rows(config.collaboration(), u);
            if (calculator != null) {
                users[u].protocolRows = new ProtocolRows(calculator, findings);
            } else if (config.protocol().trusts() && known.rules != null) {
                users[u].rows = new RowCheck(known.rules, ambiguous, findings);
                users[u].influence = new InfluenceCheck(known.rules.aggregation(), findings);
            }
        }
    }

    /** Checks the next observation. */
    public void observed(Observation o) {
        observed(o, null);
    }

    /**
     * Checks the next observation.
     *
     * @param place file and line of the observation, for messages
     */
    public void observed(Observation o, String place) {
        checked++;
        findings.at(place);
        if (!(o.seconds() >= 0 && o.seconds() <= Ticks.LONGEST_SECONDS)) {
            findings.check(false, o, "virtual time is from 0 to %s", Ticks.LONGEST_SECONDS);
            return;
        }
        findings.check(o.seconds() >= last, o, "time goes back, from %s", last);
        last = Math.max(last, o.seconds());
        if (o.user() < 0 || o.user() >= users.length) {
            findings.check(false, o, "there is no such user");
            return;
        }
        User user = users[o.user()];
        if (!(o instanceof Observation.Absent)) {
            user.absences.until(o.seconds(), o);
            DoorCheck.Arrival before = user.door.next(o, mail.seen());
            if (before != null) {
                notRefused(before);
            }
        }
        if (!(o instanceof Observation.Received)) {
            updatesOnce.observed(o, fault -> findings.check(false, o, "%s", fault));
        }
        if (o instanceof Observation.TurnEnded t) {
            turn(t);
        } else if (o instanceof Observation.Sent s) {
            mail.sent(s);
        } else if (o instanceof Observation.Received r) {
            received(r);
        } else if (o instanceof Observation.Mixed m) {
            mixed(m);
        } else if (o instanceof Observation.Crashed c) {
            crashed(c);
        } else if (o instanceof Observation.Restarted r) {
            restarted(r);
        } else if (o instanceof Observation.Slept s) {
            user.times.slept(s);
            user.gone |= s.until() == Double.POSITIVE_INFINITY;
        } else if (o instanceof Observation.Absent a) {
            user.absences.absent(a, user.nextTurn);
        } else if (o instanceof Observation.Evaluated e) {
            user.evaluations.evaluated(e, user.nextTurn);
        } else if (o instanceof Observation.Drifted d) {
            user.drifts.drifted(d);
        } else if (o instanceof Observation.Utility m) {
            user.utility.measured(m);
        } else if (o instanceof Observation.Attacked a) {
            user.attacks.attacked(a);
        } else if (o instanceof Observation.Diverged) {
            diverged = true;
            user.gone = true;
        }
        if (Absences.ends(o, config.schedule().turns())) {
            user.absences.ended();
        }
    }

    private void turn(Observation.TurnEnded t) {
        User u = users[t.user()];
        findings.check(t.turn() == u.nextTurn, t, "expected turn %d", u.nextTurn);
        findings.check(t.seconds() > t.started(), t, "ended before it began, at %s", t.started());
        findings.check(t.seconds() >= u.downUntil, t, "ended while the device was down until %s", u.downUntil);
        boolean exists = t.turn() >= 0 && t.turn() < config.schedule().turns();
        findings.check(exists, t, "there are only %d turns", config.schedule().turns());
        u.nextTurn = t.turn() + 1;
        u.evaluations.ended(t);
        u.mixings.ended(t);
        u.outages.ended(t);
        u.drifts.ended(t);
        if (u.rows != null) {
            u.rows.ended(t);
        }
        u.attacks.ended(t);
        List<Mail.Flight> atEnd = mail.ended(t);
        if (exists) {
            training(t, u);
            if (u.protocolRows != null) {
                u.protocolRows.ended(t, atEnd);
            }
        }
    }

    /** Checks iterations and participation of a turn. */
    private void training(Observation.TurnEnded t, User u) {
        TurnSchedule.Turn plan = config.schedule().turn(t.turn());
        boolean occasion = config.communicates() && plan.collaborates();
        boolean joins = occasion && config.collaborates(t.user(), t.turn());
        boolean asleep = config.offlineBehaviour() == OfflineBehaviour.SLEEP && occasion && !joins;
        int iterations = asleep || !config.attacks().trains(t.user(), t.started()) ? 0 : plan.iterations();
        findings.check(
                t.collaborative() == occasion,
                t,
                "collaborative is %s, the schedule says %s",
                t.collaborative(),
                occasion);
        u.times.ended(t, joins);
        u.absences.turnEnded(t, asleep);
        u.evaluations.training(t, u.iteration, iterations);
        u.iteration += iterations;
        findings.check(
                t.iteration() == u.iteration, t, "iteration is %d, the schedule says %d", t.iteration(), u.iteration);
        u.iteration = t.iteration();
        findings.check(
                known.tokensAnIteration == 0 || t.tokens() == iterations * known.tokensAnIteration,
                t,
                "tokens is %d, and %d iterations of %d tokens were trained",
                t.tokens(),
                iterations,
                known.tokensAnIteration);
    }

    private void received(Observation.Received r) {
        Mail.Flight f = mail.received(r);
        User me = users[r.user()];
        findings.check(!r.taken() || r.seconds() >= me.downUntil, r, "taken while the device was down");
        DoorCheck.Arrival arrival = new DoorCheck.Arrival(r, f);
        if (!r.taken() || !me.door.taken(arrival)) {
            arrived(arrival);
        }
    }

    private void notRefused(DoorCheck.Arrival a) {
        User me = users[a.received().user()];
        me.door.letIn(a.received(), me.gone || me.nextTurn >= config.schedule().turns());
        arrived(a);
    }

    private void arrived(DoorCheck.Arrival a) {
        Observation.Received r = a.received();
        updatesOnce.observed(r, fault -> findings.check(false, r, "%s", fault));
        if (a.flight() != null && r.taken()) {
            users[r.user()].arrivals.taken(r.seconds(), a.flight());
        }
    }

    private void mixed(Observation.Mixed m) {
        int self = shape.self(m);
        if (self < 0) {
            return;
        }
        User u = users[m.user()];
        u.mixings.mixed(m);
        u.utility.mixed(m);
        findings.check(m.versions()[self] == m.turn(), m, "its own snapshot is of turn %d", m.versions()[self]);
        List<Arrivals.Receipt> used = mail.seen() ? u.arrivals.mixed(m) : null;
        if (u.rows != null) {
            u.rows.mixed(m, self);
            u.influence.mixed(m);
        } else if (u.protocolRows != null) {
            u.protocolRows.mixed(m, self, used);
        }
    }

    private void crashed(Observation.Crashed c) {
        User u = users[c.user()];
        boolean between = u.nextTurn == 0 || u.times.between(c.seconds());
        u.outages.crashed(c, u.nextTurn, between);
        u.times.crashed();
        u.drifts.crashed();
        u.attacks.crashed();
        u.door.crashed();
        u.absences.crashed();
        u.mixings.crashed();
        findings.check(c.seconds() >= u.downUntil, c, "it was down already, until %s", u.downUntil);
        findings.check(config.faults().any(), c, "no device fails in this run");
        u.arrivals.crashed(c.seconds());
        if (u.rows != null) {
            u.rows.wentBack();
        }
        u.downUntil = c.until();
        u.savedTurn = c.savedTurn();
        u.nextTurn = c.savedTurn();
    }

    private void restarted(Observation.Restarted r) {
        User u = users[r.user()];
        findings.check(Instants.same(r.seconds(), u.downUntil), r, "it was to be down until %s", u.downUntil);
        findings.check(r.turn() == u.savedTurn, r, "it was saved before turn %d", u.savedTurn);
        u.outages.restarted(r);
        u.times.restarted(r);
        u.iteration = r.iteration();
        u.evaluations.restarted(r);
        if (u.protocolRows != null) {
            u.protocolRows.restarted();
        }
    }

    /**
     * The sums that a run reports. Unknown numbers are negative.
     *
     * @param arrived taken by their receivers
     * @param dropped arrived while their receivers were down or away
     */
    public record Totals(long turns, long sent, long lost, long arrived, long dropped, long bytes) {}

    /** Checks sums, after the last observation. */
    public void finished(Totals t) {
        int turns = Arrays.stream(users).mapToInt(u -> u.nextTurn).sum();
        findings.check(
                config.faults().any() || t.turns < 0 || t.turns == turns,
                "summary.json: turns is " + t.turns + ", and " + turns + " have ended");
        mail.finished(t);
    }

    /** Checks sums, and that nothing is missing, of a run that was not stopped. */
    public void completed(Totals t) {
        finished(t);
        findings.at(null);
        mail.completed(t, last);
        for (User u : users) {
            u.absences.until(last, null);
            u.utility.finished();
            if (known.exact && !diverged) {
                u.evaluations.finished();
            }
            Observation.Evaluated end = u.evaluations.last();
            if (end != null) {
                u.mixings.finished(end);
                u.times.finished(end, u.mixings.last());
            }
        }
    }

    /** Adds a finding about the files themselves. */
    public void broken(String what) {
        findings.add(what);
    }

    /** Contradictions; only the first ones if there are many. */
    public List<String> violations() {
        return findings.violations();
    }

    /** Number of contradictions. */
    public long found() {
        return findings.found();
    }

    /** Number of observations checked. */
    public long checked() {
        return checked;
    }

    /** Whether messages were recorded and so were checked. */
    public boolean messagesSeen() {
        return mail.seen();
    }

    /** Bytes of parameters in all messages; negative if unknown. */
    public long parameterBytes() {
        return mail.parameterBytes();
    }

    /** Number of rows without recorded scores, which were not checked. */
    public long unscored() {
        return rows(RowCheck::unscored);
    }

    /** Number of rows with recorded scores. */
    public long scored() {
        return rows(RowCheck::scored);
    }

    private long rows(ToLongFunction<RowCheck> count) {
        return Arrays.stream(users)
                .filter(u -> u.rows != null)
                .mapToLong(u -> count.applyAsLong(u.rows))
                .sum();
    }
}
