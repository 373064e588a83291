package coterie.actors.message;

import coterie.actors.message.Payload.Kind;

/**
 * What receivers refuse: the same for all users of a run.
 *
 * <p>A receiver knows what every user knows: the schedule of turns, its own clock, which shows the virtual time since
 * the run began, the least latency of a link, and, if the scenario says so, the shortest time that a turn can take. By
 * these, a sender has ended turn v (the first is 0) at the earliest after (v + 1) · {@code turnSeconds}, and its
 * message arrives at least {@code leastSeconds} later. A version that is further ahead is refused. The receiver does
 * not know how fast its sender is, how long a message was under way, or how many it has missed: so earlier messages of
 * the same sender give no closer bound, and a sender that is slow can claim to be as fast as the fastest. Nothing
 * bounds how old a version is: a message may be under way for any time.
 *
 * <p>Worked example: turns take at least 10 s, links at least 0.5 s. A snapshot of turn 2 cannot arrive before 30.5 s.
 *
 * @param checks whether anything is refused
 * @param norm largest norm that is let in, in multiples of that of the receiver's own longest snapshot so far
 * @param turnSeconds the shortest time that a turn can take, in virtual seconds; null if it is unknown
 * @param turns of a user
 * @param leastSeconds the least latency of a link, in virtual seconds
 * @param numbersTurns whether messages carry the number of the sender's turn; false if the protocol does not say
 * @param repliesWithTurns whether replies do, too: not where a reply has the newest model of a turn that has not ended
 */
public record DoorRules(
        boolean checks,
        double norm,
        Double turnSeconds,
        int turns,
        double leastSeconds,
        boolean numbersTurns,
        boolean repliesWithTurns) {
    /** Nothing is refused. */
    public static final DoorRules NONE = new DoorRules(false, Double.POSITIVE_INFINITY, null, 0, 0, false, false);

    /** Times are recorded in nanoseconds; sums of them are rounded. */
    private static final double ROUNDING = 1e-6;

    /**
     * Whether a message can arrive at an instant.
     *
     * @param turn that it claims
     * @param seconds virtual seconds of its arrival
     */
    public boolean possible(Kind kind, int turn, double seconds) {
        boolean numbered = numbersTurns && (kind == Kind.SNAPSHOT || kind == Kind.REPLY && repliesWithTurns);
        if (!numbered) {
            return true;
        }
        double since = turnSeconds == null ? 0 : (turn + 1.0) * turnSeconds + leastSeconds;
        return turn >= 0 && turn < turns && since <= seconds + ROUNDING;
    }

    /**
     * Whether each turn of a sender is let in once. This holds for snapshots that no user has asked for. Requests and
     * replies are exempt: a user that repeats a turn after a crash asks again, and must be answered.
     */
    public boolean once(Kind kind) {
        return numbersTurns && kind == Kind.SNAPSHOT;
    }
}
