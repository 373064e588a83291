package coterie.actors.clock;

import coterie.actors.user.Message;
import coterie.actors.user.UserProcess.Dated;
import coterie.model.exchange.Snapshot;
import java.util.List;

/** What users tell their clock. */
public sealed interface Report extends RunActor.Command {
    int user();

    /**
     * A user has done all that it may.
     *
     * @param idle see {@link coterie.actors.user.UserProcess#idle}
     * @param serverFault see {@link coterie.actors.user.UserProcess#serverFault}
     */
    record Progressed(
            int user,
            long next,
            boolean quiet,
            long earliestSending,
            long reportedUntil,
            long telling,
            boolean idle,
            long serverFault,
            List<Message> sent,
            List<Dated> observed)
            implements Report {}

    /** How a user ended. */
    record Finished(int user, RunResult.End end, boolean gone, String waitsFor) implements Report {}

    /**
     * All that a user knows.
     *
     * @param life as {@link RunCodec} writes it
     * @param refersTo snapshots that it refers to
     * @param snapshots of those, all that have not been handed in with other users' lives
     */
    record Frozen(int user, byte[] life, List<Snapshot.Key> refersTo, List<Snapshot> snapshots) implements Report {}

    /** A user could not go on. */
    record Failed(int user, Throwable reason) implements Report {}
}
