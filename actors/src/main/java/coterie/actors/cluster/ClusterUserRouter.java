package coterie.actors.cluster;

import coterie.actors.clock.UserActor;
import coterie.actors.clock.UserRouter;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Users on other nodes as the clock sees them: what it tells them goes to each node as one frame. */
final class ClusterUserRouter implements UserRouter {
    private final long session;
    private final UserShards shards;
    private final int[] nodeOf;
    private final List<ActorRef<ChunkedTransport.Command>> nodes;
    private final ActorRef<ChunkedTransport.Command> transport;
    private final List<List<DataMessages.Call>> calls = new ArrayList<>();

    /**
     * @param nodeOf node of each shard
     * @param nodes their transports
     * @param transport of the starter
     */
    ClusterUserRouter(
            long session,
            UserShards shards,
            int[] nodeOf,
            List<ActorRef<ChunkedTransport.Command>> nodes,
            ActorRef<ChunkedTransport.Command> transport) {
        this.session = session;
        this.shards = shards;
        this.nodeOf = nodeOf;
        this.nodes = nodes;
        this.transport = transport;
        nodes.forEach(n -> calls.add(new ArrayList<>()));
    }

    @Override
    public void tell(int user, UserActor.Command c) {
        calls.get(nodeOf[shards.shard(user)]).add(call(user, c));
    }

    private static DataMessages.Call call(int user, UserActor.Command c) {
        if (c instanceof UserActor.Window w) {
            return new DataMessages.Call(user, DataMessages.Call.What.WINDOW, w.end(), w.messages());
        }
        if (c instanceof UserActor.TakeCheckpoint f) {
            return new DataMessages.Call(user, DataMessages.Call.What.FREEZE, f.checkpoint(), null);
        }
        if (c instanceof UserActor.Yield) {
            return new DataMessages.Call(user, DataMessages.Call.What.YIELD, 0, null);
        }
        DataMessages.Call.What what = c instanceof UserActor.Begin
                ? DataMessages.Call.What.BEGIN
                : c instanceof UserActor.Resume ? DataMessages.Call.What.RESUME : DataMessages.Call.What.FINISH;
        return new DataMessages.Call(user, what, 0, null);
    }

    @Override
    public boolean carriesSnapshots() {
        return false;
    }

    @Override
    public void sendOff() {
        for (int k = 0; k < calls.size(); k++) {
            if (!calls.get(k).isEmpty()) {
                transport.tell(new ChunkedTransport.Send(
                        session,
                        RunCoordinator.STARTER,
                        nodes.get(k),
                        DataMessages.keyed(new DataMessages.Calls(calls.get(k)), 0),
                        0,
                        null));
                calls.get(k).clear();
            }
        }
    }
}
