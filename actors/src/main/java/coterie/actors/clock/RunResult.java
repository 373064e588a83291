package coterie.actors.clock;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How a run ended.
 *
 * @param completed whether every user lived to its last turn; false where the run was stopped before
 * @param virtualSeconds instant of the last thing recorded
 * @param events processed by all users
 * @param traceHash of every event of every user: the same for any number of threads, another for another seed
 * @param users how each ended
 */
public record RunResult(boolean completed, double virtualSeconds, long events, String traceHash, List<End> users) {
    /**
     * How a user ended.
     *
     * @param turns it began
     * @param parameters its adapter at the end of its last turn [P]; null where it had none
     * @param trace hash of its events
     */
    public record End(boolean completed, int turns, float[] parameters, long events, long trace) {
    }

    static RunResult of(boolean completed, double virtualSeconds, List<End> users) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            long events = 0;
            for (End e : users) {
                sha.update(ByteBuffer.allocate(16).putLong(e.trace).putLong(e.events).array());
                events += e.events;
            }
            return new RunResult(completed, virtualSeconds, events, "sha256:" + HexFormat.of().formatHex(sha.digest()), users);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
