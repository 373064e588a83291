package coterie.actors.clock;

import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.event.Dated;
import coterie.actors.message.Message;
import coterie.actors.user.Outlook;
import java.util.List;

/** What users report to their clock. */
public sealed interface Report extends ClockCommand {
    int user();

    /**
     * A user has advanced as far as it may.
     *
     * @param sent messages since its last report
     * @param observed observations since its last report
     */
    record Progressed(int user, Outlook outlook, List<Message> sent, List<Dated> observed) implements Report {}

    /**
     * How a user has ended.
     *
     * @param gone whether it will not be back
     * @param waitsFor the user it is waiting for, in words; null for none
     */
    record Finished(int user, RunResult.End end, boolean gone, String waitsFor) implements Report {}

    /** A user's part of a checkpoint. */
    record Checkpointed(UserCheckpoint checkpoint) implements Report {
        @Override
        public int user() {
            return checkpoint.user();
        }
    }

    /** A user cannot continue. */
    record Failed(int user, Throwable reason) implements Report {}
}
