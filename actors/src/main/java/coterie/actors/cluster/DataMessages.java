package coterie.actors.cluster;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.Report;
import coterie.actors.clock.RunResult;
import coterie.actors.message.Message;
import coterie.actors.user.MessageCounts;
import coterie.actors.user.Outlook;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** The frames of a run: a closed list of records, written by {@link RunCodec}. */
final class DataMessages {
    private static final byte KEYED = 0;
    private static final byte WHOLE = 1;
    private static final RunCodec CODEC = new RunCodec(List.of(
            Prepare.class,
            Ready.class,
            Refused.class,
            Awake.class,
            Placement.class,
            Held.class,
            Snapshots.class,
            Restore.class,
            Call.class,
            Call.What.class,
            Calls.class,
            Answers.class,
            Broken.class,
            Said.class,
            Report.Progressed.class,
            Outlook.class,
            Report.Finished.class,
            RunResult.End.class,
            MessageCounts.class,
            Report.Checkpointed.class,
            UserCheckpoint.class));

    /**
     * To a node: load what your users need.
     *
     * @param node number of the node in the session
     * @param users of the run
     * @param shards into which they are divided
     * @param hosted shards of this node, ascending
     * @param run as its starter describes it
     * @param inputs where the inputs of the hosted users are
     * @param speed virtual seconds per second; 0 if time is virtual
     */
    record Prepare(int node, int users, int shards, int[] hosted, String run, byte[] inputs, double speed) {
        UserShards divided() {
            return new UserShards(users, shards);
        }

        int[] hostedUsers() {
            return divided().users(hosted);
        }
    }

    /**
     * A node has loaded what its users need.
     *
     * @param fingerprint of their inputs
     */
    record Ready(String fingerprint) {}

    /** A node cannot load what its users need. */
    record Refused(String reason) {}

    /** All users of a node are awake. */
    record Awake() {}

    /**
     * Where users are.
     *
     * @param nodeOf node of each shard
     * @param bulks paths of the nodes' transports for snapshots
     */
    record Placement(int[] nodeOf, List<String> bulks) {}

    /** A snapshot, and the number of messages that will ask for it. */
    record Held(Snapshot snapshot, int expected) {
        private static final int OVERHEAD = 200;

        /** Length in a frame, about. */
        long bytes() {
            return snapshot.parameterBytes() + snapshot.predictionBytes() + OVERHEAD;
        }
    }

    record Snapshots(List<Held> all) {
        long bytes() {
            return all.stream().mapToLong(Held::bytes).sum();
        }
    }

    /** A user's state from a checkpoint. */
    record Restore(int user, byte[] life) {}

    /**
     * What a user is told.
     *
     * @param number end of a window, or number of a checkpoint; 0 otherwise
     */
    record Call(int user, What what, long number, List<Message> messages) {
        enum What {
            BEGIN,
            RESUME,
            WINDOW,
            FREEZE,
            FINISH,
            YIELD
        }
    }

    record Calls(List<Call> all) {}

    record Answers(List<Report.Progressed> all) {}

    /** The {@link Broken#user} of a failure of the node itself. */
    static final int NO_USER = -1;

    /**
     * A user, or its node, cannot go on.
     *
     * @param user {@link #NO_USER} for the node
     */
    record Broken(int user, String reason) {}

    /** A line of a node's log. */
    record Said(String line) {}

    private DataMessages() {}

    /**
     * A frame in which snapshots are written as their keys.
     *
     * @param room its length, about
     */
    static byte[] keyed(Object message, int room) {
        return CODEC.write(message, s -> {}, new byte[] {KEYED}, room);
    }

    /**
     * A frame with whole snapshots.
     *
     * @param room its length, about
     */
    static byte[] whole(Object message, long room) {
        return CODEC.whole(message, new byte[] {WHOLE}, (int) Math.min(room, Integer.MAX_VALUE / 2));
    }

    /** A frame of snapshots. */
    static byte[] whole(Snapshots s) {
        return whole(s, s.bytes());
    }

    /**
     * Reads a frame.
     *
     * @param snapshots finds those written as their keys
     * @throws IOException if it is not a frame of a run
     */
    static Object read(byte[] frame, Function<Snapshot.Key, Snapshot> snapshots) throws IOException {
        if (frame.length == 0 || frame[0] != KEYED && frame[0] != WHOLE) {
            throw new IOException("a frame of no known kind");
        }
        return frame[0] == WHOLE ? CODEC.readWhole(frame, 1) : CODEC.read(frame, 1, snapshots);
    }
}
