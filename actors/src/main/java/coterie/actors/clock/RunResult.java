package coterie.actors.clock;

import coterie.actors.user.MessageCounts;
import coterie.actors.user.UserProcess;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How a run ended.
 *
 * @param virtualSeconds instant of the last thing recorded, or the end that was set
 * @param events processed by all users
 * @param traceHash of every event of every user: the same for any number of threads, another for another seed
 * @param users how each ended
 */
public record RunResult(EndedBy endedBy, double virtualSeconds, long events, String traceHash, List<End> users) {
    /** Why a run ended. */
    public enum EndedBy {
        /** Everybody who could has lived to the last turn. */
        TURNS,
        /** The time that was set is over. */
        TIME,
        /** The mean over users of a metric has reached the target. */
        TARGET,
        /** Somebody has stopped it. */
        STOP,
        /**
         * The training of one user has diverged and the scenario stops there, or the training of all users has
         * diverged.
         */
        DIVERGENCE,
        /**
         * No user is left: each one's device is down for ever, the user is away for ever, or its training has diverged.
         */
        GONE
    }

    /**
     * How a user ended.
     *
     * @param completed whether it lived to its last turn
     * @param turns it began
     * @param parameters its adapter at the end of its last turn [P]; null where it had none
     * @param trace hash of its events
     * @param diverged whether its training has; then {@code parameters} are those of its last turn that went well
     */
    public record End(
            boolean completed,
            int turns,
            float[] parameters,
            long events,
            long trace,
            MessageCounts messages,
            boolean diverged) {
        /** Stands for a user that did not answer. */
        static final End UNKNOWN = new End(false, 0, null, 0, 0, MessageCounts.NONE, false);

        /** How a user has ended. */
        static End of(UserProcess user) {
            return new End(
                    user.done(),
                    user.turn(),
                    user.parameters(),
                    user.events(),
                    user.trace(),
                    user.messages(),
                    user.diverged());
        }
    }

    /** Whether it ended as it was to, and was not stopped. */
    public boolean completed() {
        return endedBy != EndedBy.STOP;
    }

    /** Whether the training of any user has diverged. */
    public boolean diverged() {
        return users.stream().anyMatch(End::diverged);
    }

    static RunResult of(EndedBy by, double virtualSeconds, List<End> users) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            long events = 0;
            for (End e : users) {
                sha.update(ByteBuffer.allocate(16)
                        .putLong(e.trace)
                        .putLong(e.events)
                        .array());
                events += e.events;
            }
            return new RunResult(
                    by, virtualSeconds, events, "sha256:" + HexFormat.of().formatHex(sha.digest()), users);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
