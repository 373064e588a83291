package coterie.actors.checkpoint;

import coterie.actors.adversary.Attacker;
import coterie.actors.adversary.HeldMessages;
import coterie.actors.calendar.Absences;
import coterie.actors.calendar.Calendar;
import coterie.actors.calendar.EarlyStop;
import coterie.actors.event.Dated;
import coterie.actors.event.EventTrace;
import coterie.actors.event.Observation;
import coterie.actors.message.Door;
import coterie.actors.message.Inbox;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.message.PendingUpdates;
import coterie.actors.message.Refusal;
import coterie.actors.message.SentTotals;
import coterie.actors.protocol.Outbox;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserState;
import coterie.model.aggregation.Influence;
import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.files.RecordCodec;
import coterie.model.learn.Divergence;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.model.utility.UtilityRow;
import coterie.topology.network.MaxMinFairNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Encodes the parts of a run, for checkpoints and for other nodes. What may occur is a closed list: the types below,
 * and those that the run's protocol ({@link coterie.actors.protocol.Protocol#stateTypes}) and its rule for measuring
 * trust ({@link coterie.model.trust.Refresh#memoryTypes}) declare. Append to it, never reorder it.
 *
 * <p>Snapshots are large and shared by many users. User states and messages are written with the keys of their
 * snapshots only, so that the reader must hold the snapshots; {@link #whole} writes the snapshots themselves.
 */
public final class RunCodec {
    private static final List<Class<?>> TYPES = List.of(
            ClockState.class,
            Calendar.State.class,
            EarlyStop.State.class,
            MaxMinFairNetwork.State.class,
            MaxMinFairNetwork.FlowState.class,
            UserState.class,
            Dated.class,
            EventTrace.State.class,
            Outbox.State.class,
            SentTotals.class,
            Payload.class,
            Payload.Kind.class,
            Message.class,
            Inbox.State.class,
            Inbox.Sender.class,
            PendingUpdates.State.class,
            PendingUpdates.Sender.class,
            LearnerState.class,
            LearnerState.Optimiser.class,
            LearnerState.DeviceSave.class,
            LearnerState.Predicted.class,
            PredictionChanges.class,
            TrustManager.State.class,
            TrustManager.Score.class,
            TurnOutcome.class,
            TurnOutcome.Evaluation.class,
            TurnPlan.Own.class,
            TurnPlan.LastSave.class,
            TrustRow.class,
            Observation.TurnEnded.class,
            Observation.Evaluated.class,
            Observation.Mixed.class,
            Observation.Sent.class,
            Observation.Received.class,
            Observation.Crashed.class,
            Observation.Restarted.class,
            Observation.Slept.class,
            Snapshot.class,
            Snapshot.Key.class,
            Observation.Diverged.class,
            Divergence.class,
            Divergence.Symptom.class,
            Observation.Absent.class,
            Absences.State.class,
            Observation.Drifted.class,
            TrustManager.Sketched.class,
            Influence.class,
            UtilityRow.class,
            Observation.Utility.class,
            Attacker.State.class,
            Observation.Attacked.class,
            Door.State.class,
            Door.Sender.class,
            Observation.Refused.class,
            Refusal.class,
            HeldMessages.State.class,
            HeldMessages.Held.class,
            HeldMessages.Heard.class);

    /** Place of the first type of a protocol: those above may grow without changing it. */
    private static final int PROTOCOL_TYPES = 1000;

    /** Place of the first type of a rule for measuring trust. */
    private static final int REFRESH_TYPES = 2000;

    /** Encodes all that does not depend on the protocol: snapshots, messages, clocks. */
    public static final RunCodec STANDARD = new RunCodec(List.of());

    private static final int KEY_BYTES = 20;
    private final RecordCodec codec;

    /**
     * Creates a codec of the types that do not depend on the protocol, and some more.
     *
     * @param more their order is part of the format
     */
    public RunCodec(List<Class<?>> more) {
        List<Class<?>> types = new ArrayList<>(TYPES);
        types.addAll(UserState.types());
        types.addAll(more);
        codec = new RecordCodec(
                types, List.of(new RecordCodec.Encoded<>(Predictions.class, Predictions::encode, Predictions::decode)));
    }

    private RunCodec(RecordCodec codec) {
        this.codec = codec;
    }

    /** The codec of user states in a run. */
    public static RunCodec of(SimulationConfig config) {
        return new RunCodec(STANDARD.codec
                .with(PROTOCOL_TYPES, config.protocol().stateTypes())
                .with(REFRESH_TYPES, config.refresh().memoryTypes()));
    }

    /** Encodes a part with whole snapshots. */
    public byte[] whole(Object part) {
        return whole(part, new byte[0], 0);
    }

    /**
     * Encodes a part after a head.
     *
     * @param room estimated number of bytes
     */
    public byte[] whole(Object part, byte[] head, int room) {
        return codec.bytes(part, head, room);
    }

    /**
     * Decodes what {@link #whole(Object)} returned.
     *
     * @throws IOException if the bytes are something else
     */
    public Object readWhole(byte[] bytes) throws IOException {
        return readWhole(bytes, 0);
    }

    /**
     * Decodes what follows a head of this length.
     *
     * @throws IOException if the bytes are something else
     */
    public Object readWhole(byte[] bytes, int head) throws IOException {
        return codec.read(bytes, head);
    }

    /**
     * Encodes a part with the keys of its snapshots.
     *
     * @param met called with each of its snapshots, at least once
     */
    public byte[] write(Object part, Consumer<Snapshot> met) {
        return write(part, met, new byte[0], 0);
    }

    /**
     * Encodes a part after a head.
     *
     * @param room estimated number of bytes
     */
    public byte[] write(Object part, Consumer<Snapshot> met, byte[] head, int room) {
        return keyed(
                        s -> {
                            met.accept(s);
                            return keyBytes(s.key());
                        },
                        b -> null)
                .bytes(part, head, room);
    }

    /**
     * Decodes what {@link #write} returned.
     *
     * @param snapshots finds a snapshot; returns null if it is missing
     * @throws IOException if the bytes are something else, or a snapshot is missing
     */
    public Object read(byte[] bytes, Function<Snapshot.Key, Snapshot> snapshots) throws IOException {
        return read(bytes, 0, snapshots);
    }

    /** Decodes what follows a head of this length. */
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
            throw new IllegalArgumentException("not the key of a snapshot");
        }
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return new Snapshot.Key(b.getInt(), b.getInt(), b.getInt(), b.getLong());
    }
}
