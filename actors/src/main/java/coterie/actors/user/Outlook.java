package coterie.actors.user;

/**
 * What a user's clock needs to know about what the user will do. Ticks are {@link coterie.topology.time.Ticks#NEVER}
 * where nothing will happen.
 *
 * @param next tick of the user's next event if no message arrives before
 * @param quiet whether the user sends nothing before {@code earliestSending}, whatever it receives. Until then it
 *     records nothing earlier than {@code reportedUntil}
 * @param earliestSending the earliest tick at which the user can send a message
 * @param reportedUntil the user will record nothing earlier than this tick, except about messages that it has not been
 *     given yet
 * @param nextReport tick of the next report that the current turn makes before it ends. The user must be called then
 * @param idle whether the user has nothing left to do and no messages to process. The run is over when all users are
 *     idle and nothing is in transit
 * @param serverFault tick at which the device of a serving user fails next, or is up again
 */
public record Outlook(
        long next,
        boolean quiet,
        long earliestSending,
        long reportedUntil,
        long nextReport,
        boolean idle,
        long serverFault) {}
