package coterie.actors.clock;

import coterie.actors.user.EventTrace;
import coterie.actors.user.FedBuffClient;
import coterie.actors.user.FedBuffServer;
import coterie.actors.user.GossipProtocol;
import coterie.actors.user.Inbox;
import coterie.actors.user.Message;
import coterie.actors.user.Observation;
import coterie.actors.user.Outbox;
import coterie.actors.user.PairwiseProtocol;
import coterie.actors.user.Payload;
import coterie.actors.user.PendingUpdates;
import coterie.actors.user.SwiftProtocol;
import coterie.actors.user.TrustProtocol;
import coterie.actors.user.UserProcess;
import coterie.actors.user.UserState;
import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.files.RecordCodec;
import coterie.model.learn.Divergence;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AgedModel;
import coterie.model.protocol.BufferedAggregation;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.topology.network.MaxMinFairNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A run's pieces as bytes, for checkpoints and for other nodes: the closed list of what may be in one. Append, never
 * reorder.
 *
 * <p>Snapshots are large and shared by many. Lives and messages are written with the keys of their snapshots only, so
 * that the reader must hold the snapshots; {@link #whole} writes the snapshots themselves.
 */
public final class RunCodec {
    /** All that a run is saved as. */
    public static final RunCodec STANDARD = new RunCodec(List.of());

    private static final int KEY_BYTES = 20;
    private final RecordCodec codec;

    /** @param more records that may occur as well */
    public RunCodec(List<Class<?>> more) {
        List<Class<?>> types = new ArrayList<>(List.of(
                ClockState.class,
                Calendar.State.class,
                EarlyStop.State.class,
                MaxMinFairNetwork.State.class,
                MaxMinFairNetwork.FlowState.class,
                UserState.class,
                UserProcess.Phase.class,
                UserProcess.Save.class,
                UserProcess.Dated.class,
                EventTrace.State.class,
                Outbox.State.class,
                Outbox.Sums.class,
                Payload.class,
                Payload.Kind.class,
                Message.class,
                Inbox.SenderState.class,
                TrustProtocol.State.class,
                TrustProtocol.Pending.class,
                PairwiseProtocol.State.class,
                GossipProtocol.State.class,
                SwiftProtocol.State.class,
                FedBuffServer.State.class,
                FedBuffClient.State.class,
                AgedModel.class,
                BufferedAggregation.State.class,
                BufferedAggregation.Update.class,
                LearnerState.class,
                LearnerState.Saved.class,
                LearnerState.Predicted.class,
                PredictionChanges.class,
                TrustManager.State.class,
                TrustManager.Evidence.class,
                TurnOutcome.class,
                TurnOutcome.Evaluation.class,
                TurnPlan.Own.class,
                TurnPlan.Saved.class,
                TrustRow.class,
                Observation.TurnEnded.class,
                Observation.Evaluated.class,
                Observation.Mixed.class,
                Observation.Sent.class,
                Observation.Received.class,
                Observation.Crashed.class,
                Observation.Restarted.class,
                Observation.Slept.class,
                Report.Progressed.class,
                Report.Finished.class,
                Report.Frozen.class,
                RunResult.End.class,
                UserProcess.Post.class,
                Snapshot.class,
                Snapshot.Key.class,
                Observation.Diverged.class,
                Divergence.class,
                Divergence.Symptom.class,
                PendingUpdates.SenderState.class));
        types.addAll(more);
        codec = new RecordCodec(
                types, List.of(new RecordCodec.Encoded<>(Predictions.class, Predictions::encode, Predictions::decode)));
    }

    /** A piece with whole snapshots in it. */
    public byte[] whole(Object piece) {
        return whole(piece, new byte[0], 0);
    }

    /**
     * The same behind some other bytes.
     *
     * @param room bytes that it will take, about
     */
    public byte[] whole(Object piece, byte[] head, int room) {
        return codec.bytes(piece, head, room);
    }

    /**
     * Reads what {@link #whole(Object)} wrote.
     *
     * @throws IOException where the bytes are something else
     */
    public Object readWhole(byte[] bytes) throws IOException {
        return readWhole(bytes, 0);
    }

    /**
     * Reads what stands behind a head of a length.
     *
     * @throws IOException where the bytes are something else
     */
    public Object readWhole(byte[] bytes, int head) throws IOException {
        return codec.read(bytes, head);
    }

    /**
     * A piece with nothing of its snapshots but their keys.
     *
     * @param met is given each snapshot in it, some more than once
     */
    public byte[] write(Object piece, Consumer<Snapshot> met) {
        return write(piece, met, new byte[0], 0);
    }

    /**
     * The same behind some other bytes.
     *
     * @param room bytes that it will take, about
     */
    public byte[] write(Object piece, Consumer<Snapshot> met, byte[] head, int room) {
        return keyed(
                        s -> {
                            met.accept(s);
                            return keyBytes(s.key());
                        },
                        b -> null)
                .bytes(piece, head, room);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param snapshots where they are found; null where one is not
     * @throws IOException where the bytes are something else, or a snapshot is missing
     */
    public Object read(byte[] bytes, Function<Snapshot.Key, Snapshot> snapshots) throws IOException {
        return read(bytes, 0, snapshots);
    }

    /** Reads what stands behind a head of a length. */
    public Object read(byte[] bytes, int head, Function<Snapshot.Key, Snapshot> snapshots) throws IOException {
        return keyed(s -> null, b -> {
                    Snapshot.Key key = key(b);
                    Snapshot found = snapshots.apply(key);
                    if (found == null) {
                        throw new IllegalArgumentException("a snapshot is missing: " + key);
                    }
                    return found;
                })
                .read(bytes, head);
    }

    private RecordCodec keyed(Function<Snapshot, byte[]> encode, Function<byte[], Snapshot> decode) {
        return codec.with(new RecordCodec.Encoded<>(Snapshot.class, encode, decode));
    }

    private static byte[] keyBytes(Snapshot.Key k) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putInt(k.user())
                .putInt(k.turn())
                .putInt(k.iteration())
                .putLong(k.hash())
                .array();
    }

    private static Snapshot.Key key(byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("no key of a snapshot");
        }
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return new Snapshot.Key(b.getInt(), b.getInt(), b.getInt(), b.getLong());
    }
}
