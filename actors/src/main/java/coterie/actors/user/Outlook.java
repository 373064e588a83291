package coterie.actors.user;

/**
 * What a user's clock needs to know about what the user will do. Ticks are {@link coterie.topology.time.Ticks#NEVER}
 * where nothing will happen.
 *
 * @param next tick of the next event that is certain to happen, unless a message arrives before
 * @param quiet whether the user sends nothing, and records nothing earlier than {@code reportedUntil}, before
 *     {@code earliestSending}, whatever it receives
 * @param earliestSending the earliest tick at which it can send a message
 * @param reportedUntil it will record nothing earlier than this tick, except about messages not handed to it yet
 * @param telling tick of the next thing that the turn under way reports before it ends; the user must be called then
 * @param idle whether it has nothing left to do and no messages on their way. If this is so of all users and nothing is
 *     in transit, the run is over
 * @param serverFault of a user that serves, the tick at which its device fails or is up again
 */
public record Outlook(
        long next,
        boolean quiet,
        long earliestSending,
        long reportedUntil,
        long telling,
        boolean idle,
        long serverFault) {}
