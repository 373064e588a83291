package coterie.actors.cluster;

import coterie.actors.clock.Crew;
import coterie.actors.clock.UserActor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Users on other nodes, as the clock sees them: what it tells them is collected, and goes to each node in one parcel.
 */
final class RemoteCrew implements Crew {
    private final long session;
    private final int[] first;
    private final List<ActorRef<PostActor.Command>> nodes;
    private final ActorRef<PostActor.Command> post;
    private final List<List<Wire.Call>> calls = new ArrayList<>();

    RemoteCrew(long session, int[] first, List<ActorRef<PostActor.Command>> nodes, ActorRef<PostActor.Command> post) {
        this.session = session;
        this.first = first;
        this.nodes = nodes;
        this.post = post;
        nodes.forEach(n -> calls.add(new ArrayList<>()));
    }

    @Override
    public void tell(int user, UserActor.Command c) {
        int at = Arrays.binarySearch(first, user);
        calls.get(at >= 0 ? at : -at - 2).add(call(user, c));
    }

    private static Wire.Call call(int user, UserActor.Command c) {
        if (c instanceof UserActor.Window w) {
            return new Wire.Call(user, Wire.Call.What.WINDOW, w.end(), w.messages());
        }
        if (c instanceof UserActor.Freeze f) {
            return new Wire.Call(user, Wire.Call.What.FREEZE, f.checkpoint(), null);
        }
        if (c instanceof UserActor.Yield) {
            return new Wire.Call(user, Wire.Call.What.YIELD, 0, null);
        }
        Wire.Call.What what = c instanceof UserActor.Begin
                ? Wire.Call.What.BEGIN
                : c instanceof UserActor.Resume ? Wire.Call.What.RESUME : Wire.Call.What.FINISH;
        return new Wire.Call(user, what, 0, null);
    }

    @Override
    public boolean carriesSnapshots() {
        return false;
    }

    @Override
    public void sendOff() {
        for (int k = 0; k < calls.size(); k++) {
            if (!calls.get(k).isEmpty()) {
                post.tell(new PostActor.Send(
                        session,
                        FleetActor.STARTER,
                        nodes.get(k),
                        Wire.keyed(new Wire.Calls(calls.get(k)), 0),
                        0,
                        null));
                calls.get(k).clear();
            }
        }
    }
}
