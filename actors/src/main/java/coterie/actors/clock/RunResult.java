package coterie.actors.clock;

import coterie.actors.user.MessageCounts;
import coterie.actors.user.UserProcess;
import coterie.topology.files.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * How a run ended.
 *
 * @param virtualSeconds instant of the last observation, or the end that was set
 * @param events processed by all users
 * @param traceHash of all events of all users: independent of the number of threads
 * @param users how each ended
 */
public record RunResult(EndedBy endedBy, double virtualSeconds, long events, String traceHash, List<End> users) {
    /** Why a run ended. */
    public enum EndedBy {
        /** All users that are left have done all turns. */
        TURNS,
        /** The end that was set is reached. */
        TIME,
        /** The mean over users of a metric has reached the target. */
        TARGET,
        /** The run was stopped. */
        STOP,
        /** The training of one user has diverged, and the scenario asks to stop; or that of all users has diverged. */
        DIVERGENCE,
        /** No user is left: each has a device that is down for ever, is away for ever, or has diverged. */
        GONE
    }

    /**
     * How a user ended.
     *
     * @param completed whether it did all its turns
     * @param turns that it began
     * @param parameters at the end of its last turn [P]; null if none has ended
     * @param traceHash hash of its events
     * @param diverged whether its training has diverged; {@code parameters} are then those before
     */
    public record End(
            boolean completed,
            int turns,
            float[] parameters,
            long events,
            long traceHash,
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
                    user.traceHash(),
                    user.messages(),
                    user.diverged());
        }
    }

    /** Whether it ended by itself, and was not stopped. */
    public boolean completed() {
        return endedBy != EndedBy.STOP;
    }

    /** Whether the training of any user has diverged. */
    public boolean diverged() {
        return users.stream().anyMatch(End::diverged);
    }

    static RunResult of(EndedBy by, double virtualSeconds, List<End> users) {
        MessageDigest sha = Sha256.digest();
        long events = 0;
        for (End e : users) {
            sha.update(ByteBuffer.allocate(16)
                    .putLong(e.traceHash)
                    .putLong(e.events)
                    .array());
            events += e.events;
        }
        return new RunResult(by, virtualSeconds, events, "sha256:" + Sha256.hex(sha), users);
    }
}
