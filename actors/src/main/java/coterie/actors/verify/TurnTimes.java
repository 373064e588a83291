package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.protocol.Protocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.topology.availability.Availability;
import coterie.topology.availability.Sessions;
import coterie.topology.time.Ticks;
import java.util.ArrayDeque;

/**
 * Checks when one user's turns begin and end, and when it sleeps. A turn begins when the one before has ended, unless
 * the user waits for others or is away, and takes as long as its device needs. Under the wall clock events may be late.
 */
final class TurnTimes {
    /** After so many sessions in one turn, a user may be taken to be gone; see {@link Availability}. */
    private static final long MANY_SESSIONS = 50_000;

    private final SimulationConfig config;
    private final int user;
    private final boolean exact;
    private final Findings findings;
    private final boolean presentByTime;
    private final boolean sleeps;
    private final Availability presence;
    /** The same for other instants: each can only be asked forward in time. */
    private final Availability whereItSleeps;

    private long sessions;
    /** When the last turn ended, or the device was up again. */
    private double ended;
    /** Whether the user may wait for others before its next turn. */
    private boolean mayWait;
    /** Whether no turn has ended since the run began or the device restarted. */
    private boolean fresh = true;
    /** Its sleep since its last turn began. In the files, sleep stands before turns of the same instant. */
    private final ArrayDeque<Observation.Slept> slept = new ArrayDeque<>(2);

    TurnTimes(SimulationConfig config, int user, boolean exact, Findings findings) {
        this.config = config;
        this.user = user;
        this.exact = exact;
        this.findings = findings;
        Sessions spells = config.collaboration().participation().sessions(user);
        presentByTime = spells != null;
        sleeps = presentByTime && config.offlineBehaviour() == OfflineBehaviour.SLEEP;
        presence = new Availability(
                !presentByTime
                        ? null
                        : () -> {
                            sessions++;
                            return spells.next();
                        });
        whereItSleeps = new Availability(config.collaboration().participation().sessions(user));
    }

    /**
     * A turn of the schedule has ended.
     *
     * @param joins whether the user takes part, provided it is present
     */
    void ended(Observation.TurnEnded t, boolean joins) {
        long before = sessions;
        if (t.started() >= 0 && t.started() <= t.seconds()) {
            began(t);
            long ends = length(t, before);
            participation(t, joins, ends, before);
        }
        mayWait = t.tookPart() && waits();
        fresh = false;
        ended = t.seconds();
    }

    /** Whether a user may wait after a turn in which it took part. */
    private boolean waits() {
        return config.mode() == Mode.SYNCHRONOUS || config.protocol().waiting() != Protocol.Waiting.NEVER;
    }

    private void began(Observation.TurnEnded t) {
        findings.check(
                t.started() >= ended - Instants.NANOSECONDS,
                t,
                "began at %s, before the one before ended, at %s",
                t.started(),
                ended);
        Observation.Slept s = null;
        // Sleep at the instant at which this turn ends is after the turn.
        while (!slept.isEmpty() && slept.peek().seconds() < t.seconds()) {
            s = slept.poll();
        }
        if (s != null) {
            int turn = fresh ? t.turn() : t.turn() - 1;
            findings.check(
                    s.turn() == turn,
                    t,
                    "the user slept before it, and the line of events.jsonl says turn %d" + " where it is %d",
                    s.turn(),
                    turn);
            findings.check(
                    !exact || mayWait || Instants.same(s.seconds(), ended),
                    t,
                    "the user slept before it from" + " %s on, and could begin at %s",
                    s.seconds(),
                    ended);
            boolean then =
                    exact ? Instants.same(t.started(), s.until()) : t.started() >= s.until() - Instants.NANOSECONDS;
            findings.check(then, t, "began at %s, and the user slept until %s", t.started(), s.until());
        } else if (exact && !mayWait && (!sleeps || Instants.exact(t.started()))) {
            double from = sleeps ? Ticks.seconds(presence.from(Instants.tick(ended))) : ended;
            findings.check(
                    from <= ended + Instants.NANOSECONDS,
                    t,
                    "no line of events.jsonl says that the user slept" + " from %s to %s",
                    ended,
                    from);
            findings.check(
                    Instants.same(t.started(), from),
                    t,
                    "began at %s, and the user could begin at %s",
                    t.started(),
                    from);
        }
    }

    /** @return tick at which the turn ends by the configuration; {@link Ticks#NEVER} if unknown */
    private long length(Observation.TurnEnded t, long before) {
        TurnSchedule.Turn plan = config.schedule().turn(t.turn());
        double needs = plan.length() * config.pace().seconds(user, t.turn());
        // Within a nanosecond it depends on ticks, which are not recorded.
        boolean known = needs > Instants.NANOSECONDS && (!presentByTime || Instants.exact(t.seconds()));
        if (!known) {
            return Ticks.NEVER;
        }
        long begins = Instants.tick(t.started());
        long length = Ticks.after(begins, needs) - begins;
        long ends = sleeps ? presence.after(begins, length) : begins + length;
        if (ends == Ticks.NEVER || sessions - before > MANY_SESSIONS) {
            return Ticks.NEVER;
        }
        double seconds = Ticks.seconds(ends);
        findings.check(
                exact ? Instants.same(t.seconds(), seconds) : t.seconds() >= seconds - Instants.NANOSECONDS,
                t,
                "began at %s, and its device needs until %s",
                t.started(),
                seconds);
        return ends;
    }

    private void participation(Observation.TurnEnded t, boolean joins, long ends, long before) {
        boolean trainsAway = presentByTime && !sleeps;
        boolean known = !trainsAway || ends != Ticks.NEVER;
        boolean there = true;
        if (trainsAway && known) {
            presence.at(Instants.tick(t.started()));
            there = presence.will(ends);
            known = sessions - before <= MANY_SESSIONS;
        }
        findings.check(
                known ? t.tookPart() == (joins && there) : joins || !t.tookPart(),
                t,
                "participated is %s, the scenario says %s",
                t.tookPart(),
                joins && there);
    }

    void slept(Observation.Slept s) {
        findings.check(sleeps, s, "no user sleeps in this run");
        findings.check(s.until() > s.seconds(), s, "until %s", s.until());
        // If a user sleeps for ever, it may be its turn that never ends.
        if (sleeps && Double.isFinite(s.until()) && Instants.exact(s.seconds())) {
            double until = Ticks.seconds(whereItSleeps.from(Instants.tick(s.seconds())));
            findings.check(
                    Instants.same(s.until(), until), s, "until %s, and the user is back at %s", s.until(), until);
        }
        slept.add(s);
    }

    void crashed() {
        slept.clear();
    }

    /** Whether an instant may be between two turns. */
    boolean between(double seconds) {
        return mayWait || sleeps || Instants.same(seconds, ended);
    }

    void restarted(Observation.Restarted r) {
        ended = r.seconds();
        mayWait = false;
        fresh = true;
    }

    /**
     * A run has ended and was not stopped: checks the instant of the last evaluation.
     *
     * @param mixed when the user mixed after its last turn; NaN if it did not
     */
    void finished(Observation.Evaluated last, double mixed) {
        double at = Double.isNaN(mixed) ? ended : mixed;
        boolean certain = !Double.isNaN(mixed) || exact && !mayWait;
        findings.check(
                certain ? Instants.same(last.seconds(), at) : last.seconds() >= at - Instants.NANOSECONDS,
                last,
                "the last turn was over, and what was to be mixed mixed, at %s",
                at);
    }
}
