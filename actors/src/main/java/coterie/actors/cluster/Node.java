package coterie.actors.cluster;

import coterie.model.torch.DeviceFailedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.Subscribe;

/** A node that waits for runs. It belongs to one cluster at a time: that of a run's starter. */
public final class Node implements AutoCloseable {
    private sealed interface Command {}

    private record MemberGone(ClusterEvent.MemberRemoved event) implements Command {}

    private final CompletableFuture<DeviceFailedException> lost = new CompletableFuture<>();
    private final ActorSystem<Command> system;
    private final ActorRef<NodeActor.Command> actor;

    /**
     * Starts a node.
     *
     * @param join {@code host:port} of a run to join as soon as it is there; null to wait for an invitation
     * @throws IllegalArgumentException if it cannot listen as the settings say
     */
    public Node(NodeSettings settings, RunFactory factory, String join) {
        CompletableFuture<ActorRef<NodeActor.Command>> node = new CompletableFuture<>();
        system = settings.start(guardian(factory, node, lost), true);
        actor = node.join();
        if (join != null) {
            Cluster cluster = Cluster.get(system);
            String protocol = cluster.selfMember().address().protocol();
            cluster.manager()
                    .tell(new JoinSeedNodes(List.of(AddressFromURIString.parse(protocol + "://coterie@" + join))));
        }
    }

    private static Behavior<Command> guardian(
            RunFactory factory,
            CompletableFuture<ActorRef<NodeActor.Command>> node,
            CompletableFuture<DeviceFailedException> lost) {
        return Behaviors.setup(context -> {
            ActorRef<NodeActor.Command> actor =
                    context.spawn(NodeActor.create(factory, Transports.spawn(context), lost), "node");
            // The end of this actor ends the system, which the cluster notices.
            context.watch(actor);
            node.complete(actor);
            ActorRef<ClusterEvent.MemberRemoved> removed =
                    context.messageAdapter(ClusterEvent.MemberRemoved.class, MemberGone::new);
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(removed, ClusterEvent.MemberRemoved.class));
            return Behaviors.receive(Command.class)
                    .onMessage(MemberGone.class, m -> {
                        if (NodeSettings.isNode(m.event.member())) {
                            return Behaviors.same();
                        }
                        context.getLog().info("the starter of the run has left; this node restarts");
                        return Behaviors.stopped();
                    })
                    .onSignal(PostStop.class, stopped -> {
                        Termination.guardianStopped(context.getSystem());
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /** {@code host:port} where it listens. */
    public String address() {
        var address = Cluster.get(system).selfMember().address();
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    /** Sends a line to the log of the run's starter; does nothing if there is no run. Can be called from any thread. */
    public void say(String line) {
        actor.tell(new NodeActor.Say(line));
    }

    /**
     * Waits until it has ended: its run is over, or the cluster has removed it.
     *
     * @throws DeviceFailedException if it has lost a device: this process can compute there no longer
     */
    public void await() {
        ended();
        DeviceFailedException e = lost.getNow(null);
        if (e != null) {
            throw e;
        }
    }

    private void ended() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Override
    public void close() {
        system.terminate();
        ended();
    }
}
