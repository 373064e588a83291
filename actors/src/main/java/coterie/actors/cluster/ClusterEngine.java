package coterie.actors.cluster;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.clock.UserActor;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.Actor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * Starts runs over nodes: the oldest member of a cluster that nodes join, invited or not. The clock, results and
 * checkpoints are here; users and their computations are on the nodes.
 */
public final class ClusterEngine implements AutoCloseable {
    private static final Duration INVITE_AGAIN = Duration.ofMillis(250);

    private sealed interface Command {}

    private record Start(
            ClusterRun run,
            Session session,
            CompletableFuture<ActorRef<RunCoordinator.Command>> started,
            CompletableFuture<Void> ended)
            implements Command {}

    private record Ended(ActorRef<RunCoordinator.Command> coordinator, CompletableFuture<Void> ended)
            implements Command {}

    private record Lost(Address node) implements Command {}

    private final ActorSystem<Command> system;
    private final org.apache.pekko.cluster.typed.Cluster cluster;
    private final WeightedAllocation allocation = new WeightedAllocation();
    private final ActorRef<ShardingEnvelope<UserActor.Command>> region;
    private final CompletableFuture<Transports> transports = new CompletableFuture<>();
    private final Set<Address> lost = ConcurrentHashMap.newKeySet();
    private final SecureRandom sessions = new SecureRandom();

    /**
     * Starts a cluster without nodes.
     *
     * @throws IllegalArgumentException if it cannot listen as the settings say
     */
    public ClusterEngine(NodeSettings settings) {
        system = settings.start(guardian(), false);
        cluster = org.apache.pekko.cluster.typed.Cluster.get(system);
        cluster.manager().tell(new JoinSeedNodes(List.of(cluster.selfMember().address())));
        // The oldest member has the shard coordinator, which asks its own allocation strategy. No shard comes here.
        region = ClusterSharding.get(system)
                .init(Entity.of(UserEntity.KEY, entity -> Behaviors.<UserActor.Command>stopped())
                        .withMessageExtractor(new UserEntity.Extractor())
                        .withAllocationStrategy(allocation)
                        .withStopMessage(UserActor.Stop.INSTANCE));
    }

    private Behavior<Command> guardian() {
        return Behaviors.setup(context -> {
            transports.complete(Transports.spawn(context));
            List<ActorRef<RunCoordinator.Command>> coordinators = new ArrayList<>();
            return Behaviors.receive(Command.class)
                    .onMessage(Start.class, s -> {
                        ActorRef<RunCoordinator.Command> coordinator =
                                context.spawnAnonymous(RunCoordinator.create(s.run, s.session));
                        coordinators.add(coordinator);
                        context.watchWith(coordinator, new Ended(coordinator, s.ended));
                        s.started.complete(coordinator);
                        return Behaviors.same();
                    })
                    .onMessage(Ended.class, e -> {
                        coordinators.remove(e.coordinator);
                        e.ended.complete(null);
                        return Behaviors.same();
                    })
                    .onMessage(Lost.class, l -> {
                        coordinators.forEach(f -> f.tell(new RunCoordinator.Gone(l.node)));
                        return Behaviors.same();
                    })
                    .onSignal(PostStop.class, stopped -> {
                        Termination.guardianStopped(context.getSystem());
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /** {@code host:port} that nodes can join. */
    public String address() {
        return hostPort(cluster.selfMember().address());
    }

    /** Addresses of the present nodes, as {@code host:port}. */
    public List<String> nodes() {
        return members().stream().map(ClusterEngine::hostPort).toList();
    }

    static String hostPort(Address a) {
        return a.getHost().orElse("") + ":" + a.getPort().orElse(0);
    }

    private List<Address> members() {
        List<Address> all = new ArrayList<>();
        Set<Member> unreachable = cluster.state().getUnreachable();
        for (Member m : cluster.state().getMembers()) {
            if (NodeSettings.isNode(m)
                    && m.status().equals(MemberStatus.up())
                    && !unreachable.contains(m)
                    && !lost.contains(m.address())) {
                all.add(m.address());
            }
        }
        return all;
    }

    /**
     * Waits for nodes.
     *
     * @param invited {@code host:port} of nodes to invite
     * @param wanted number of nodes to wait for
     * @param goOn asked repeatedly whether to wait any longer
     * @throws RunFailedException if they do not come in time
     */
    public void await(List<String> invited, int wanted, Duration patience, BooleanSupplier goOn) {
        // A selection reaches a restarted node even if its predecessor is in quarantine here; a resolved reference does
        // not.
        org.apache.pekko.actor.ActorSystem classic = Adapter.toClassic(system);
        long until = System.nanoTime() + patience.toNanos();
        while (members().size() < wanted) {
            if (System.nanoTime() > until || !goOn.getAsBoolean()) {
                List<String> missing = new ArrayList<>(invited);
                missing.removeAll(nodes());
                throw new RunFailedException(
                        members().size() + " of " + wanted + " nodes have come"
                                + (missing.isEmpty() ? "" : "; missing: " + missing),
                        null);
            }
            for (String node : invited) {
                if (!nodes().contains(node)) {
                    classic.actorSelection(protocol() + "://coterie@" + node + "/user/node")
                            .tell(
                                    new Handshake.Invite(
                                            cluster.selfMember().address().toString()),
                                    Actor.noSender());
                }
            }
            try {
                Thread.sleep(INVITE_AGAIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunFailedException("interrupted while waiting for nodes", e);
            }
        }
    }

    private String protocol() {
        return cluster.selfMember().address().protocol();
    }

    /** Tells that a node is gone, before its silence shows it. */
    public void lost(String node) {
        Address address = AddressFromURIString.parse(protocol() + "://coterie@" + node);
        lost.add(address);
        cluster.manager().tell(new Down(address));
        system.tell(new Lost(address));
    }

    /**
     * Starts a run on all nodes that are there.
     *
     * @return the run; its {@link Simulation#await} throws a {@link NodesChangedException} if the run has to go on from
     *     its last checkpoint, because a node is lost or another has joined
     */
    public Simulation start(ClusterRun run) {
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        CompletableFuture<ActorRef<RunCoordinator.Command>> started = new CompletableFuture<>();
        Session session = new Session(sessions.nextLong(), members(), result, allocation, region, transports.join());
        Start start =
                new Start(run.with(told(run.checkpoints(), started)), session, started, new CompletableFuture<>());
        if (session.nodes().isEmpty()) {
            result.completeExceptionally(new RunFailedException("no node is left to go on with", null));
            start.ended.complete(null);
        } else {
            system.tell(start);
        }
        system.getWhenTerminated().whenComplete((done, failure) -> start.ended.complete(null));
        start.ended.whenComplete((done, failure) -> result.completeExceptionally(
                new RunFailedException("the run's actors ended before the run did; the log says why", failure)));
        return new Simulation(
                result, start.ended, control -> started.thenAccept(f -> f.tell(new RunCoordinator.Control(control))));
    }

    /** The same checkpoints; the coordinator is told when one is complete. */
    private static Checkpoints told(
            Checkpoints checkpoints, CompletableFuture<ActorRef<RunCoordinator.Command>> coordinator) {
        return new Checkpoints() {
            @Override
            public boolean due(long turns) {
                return checkpoints.due(turns);
            }

            @Override
            public boolean wanted() {
                return checkpoints.wanted();
            }

            @Override
            public Duration longestPause() {
                return checkpoints.longestPause();
            }

            @Override
            public Writing begin() throws IOException {
                Writing writing = checkpoints.begin();
                return new Writing() {
                    @Override
                    public void user(UserCheckpoint user) throws IOException {
                        writing.user(user);
                    }

                    @Override
                    public void finish(ClockState clock) throws IOException {
                        writing.finish(clock);
                        coordinator.thenAccept(f -> f.tell(new RunCoordinator.CheckpointWritten()));
                    }

                    @Override
                    public void close() {
                        writing.close();
                    }
                };
            }
        };
    }

    /** Leaves the cluster; nodes wait for another. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
