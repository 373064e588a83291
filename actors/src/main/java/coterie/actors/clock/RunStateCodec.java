package coterie.actors.clock;

import coterie.actors.life.Diary;
import coterie.actors.life.FedBuffClient;
import coterie.actors.life.FedBuffServer;
import coterie.actors.life.GossipProtocol;
import coterie.actors.life.Inbox;
import coterie.actors.life.Letter;
import coterie.actors.life.LifeState;
import coterie.actors.life.Message;
import coterie.actors.life.Observation;
import coterie.actors.life.Outbox;
import coterie.actors.life.PairwiseProtocol;
import coterie.actors.life.SwiftProtocol;
import coterie.actors.life.TrustProtocol;
import coterie.actors.life.UserLife;
import coterie.model.files.RecordCodec;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.protocol.AgedModel;
import coterie.model.protocol.BufferedAggregation;
import coterie.model.trust.Collaborator;
import coterie.model.trust.Predictions;
import coterie.model.trust.Snapshot;
import coterie.model.trust.TrustRow;
import coterie.topology.world.FlowNetwork;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** {@link RunState} as bytes: the closed list of what may be in one. Append, never reorder. */
public final class RunStateCodec {
    private static final RecordCodec CODEC = new RecordCodec(List.of(RunState.class, Calendar.State.class, Target.State.class, FlowNetwork.State.class,
            FlowNetwork.FlowState.class, LifeState.class, UserLife.Phase.class, UserLife.Save.class, UserLife.Dated.class, Diary.State.class,
            Outbox.State.class, Outbox.Sums.class, Letter.class, Letter.Kind.class, Message.class, Inbox.SenderState.class, TrustProtocol.State.class,
            TrustProtocol.Pending.class, PairwiseProtocol.State.class, GossipProtocol.State.class, SwiftProtocol.State.class, FedBuffServer.State.class,
            FedBuffClient.State.class, AgedModel.class, BufferedAggregation.State.class, BufferedAggregation.Update.class, LearnerState.class,
            LearnerState.Saved.class, Collaborator.State.class, Collaborator.Evidence.class, TurnOutcome.class, TurnOutcome.Evaluation.class,
            TurnPlan.Own.class, TurnPlan.Saved.class, Snapshot.class, TrustRow.class, Observation.TurnEnded.class, Observation.Evaluated.class,
            Observation.Mixed.class, Observation.Sent.class, Observation.Received.class, Observation.Crashed.class, Observation.Restarted.class,
            Observation.Slept.class), List.of(new RecordCodec.Encoded<>(Predictions.class, Predictions::encode, Predictions::decode)));

    private RunStateCodec() {
    }

    public static void write(RunState state, DataOutputStream out) throws IOException {
        CODEC.write(state, out);
    }

    /** @throws IOException where the bytes hold something else */
    public static RunState read(DataInputStream in) throws IOException {
        if (CODEC.read(in) instanceof RunState s) {
            return s;
        }
        throw new IOException("no state of a run");
    }
}
