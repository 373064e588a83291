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

/** What goes in parcels during a run: a closed list of records, by {@link RunCodec}. */
final class DataMessages {
    private static final byte KEYED = 0;
    private static final byte WHOLE = 1;
    private static final RunCodec CODEC = new RunCodec(List.of(
            Housed.class,
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

    /** All users of a node are there. */
    record Housed() {}

    /**
     * Who lives where.
     *
     * @param first user of each node; users of a node follow one another
     * @param posts of the nodes' lanes for snapshots, as paths
     */
    record Placement(int[] first, List<String> posts) {}

    /** A snapshot, and by how many messages it will be asked for. */
    record Held(Snapshot snapshot, int expected) {
        private static final int BESIDES = 200;

        /** On the wire, about. */
        long bytes() {
            return snapshot.parameterBytes() + snapshot.predictionBytes() + BESIDES;
        }
    }

    record Snapshots(List<Held> all) {
        long bytes() {
            return all.stream().mapToLong(Held::bytes).sum();
        }
    }

    /** A user, as it was saved. */
    record Restore(int user, byte[] life) {}

    /**
     * What a user is told.
     *
     * @param number end of a window, or which checkpoint; 0 otherwise
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

    /**
     * A user, or its node, cannot go on.
     *
     * @param user -1 for the node
     */
    record Broken(int user, String reason) {}

    /** A line of a node's log. */
    record Said(String line) {}

    private DataMessages() {}

    /**
     * A parcel in which snapshots are known by their keys.
     *
     * @param room bytes that it will take, about
     */
    static byte[] keyed(Object piece, int room) {
        return CODEC.write(piece, s -> {}, new byte[] {KEYED}, room);
    }

    /**
     * A parcel with whole snapshots.
     *
     * @param room bytes that it will take, about
     */
    static byte[] whole(Object piece, long room) {
        return CODEC.whole(piece, new byte[] {WHOLE}, (int) Math.min(room, Integer.MAX_VALUE / 2));
    }

    /** A parcel of snapshots. */
    static byte[] whole(Snapshots s) {
        return whole(s, s.bytes());
    }

    /**
     * What is in a parcel.
     *
     * @param snapshots where those known by their keys are found
     */
    static Object read(byte[] parcel, Function<Snapshot.Key, Snapshot> snapshots) throws IOException {
        if (parcel.length == 0 || parcel[0] != KEYED && parcel[0] != WHOLE) {
            throw new IOException("a parcel of no known kind");
        }
        return parcel[0] == WHOLE ? CODEC.readWhole(parcel, 1) : CODEC.read(parcel, 1, snapshots);
    }
}
