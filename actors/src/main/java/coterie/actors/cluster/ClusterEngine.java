package coterie.actors.cluster;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.user.SimulationConfig;
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
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * Where runs over nodes are started: the oldest member of a cluster of its own, which nodes join when they are asked
 * to, or of themselves. Clock, results and checkpoints are here, users and what they compute on the nodes.
 */
public final class ClusterEngine implements AutoCloseable {
    private static final Duration INVITE_AGAIN = Duration.ofMillis(250);

    private sealed interface Command {}

    private record Start(
            RunCoordinator.Run run,
            CompletableFuture<ActorRef<RunCoordinator.Command>> started,
            CompletableFuture<Void> ended)
            implements Command {}

    private record Ended(ActorRef<RunCoordinator.Command> fleet, CompletableFuture<Void> ended) implements Command {}

    private record Lost(Address node) implements Command {}

    private final ActorSystem<Command> system;
    private final org.apache.pekko.cluster.typed.Cluster cluster;
    private final Placements placements = new Placements();
    private final CompletableFuture<Transports> posts = new CompletableFuture<>();
    private final Set<Address> lost = ConcurrentHashMap.newKeySet();
    private final SecureRandom sessions = new SecureRandom();

    /**
     * Starts it. Nobody has joined yet.
     *
     * @throws IllegalArgumentException where it cannot listen as it is told to
     */
    public ClusterEngine(NodeSettings settings) {
        system = settings.start(guardian(), false);
        cluster = org.apache.pekko.cluster.typed.Cluster.get(system);
        cluster.manager().tell(new JoinSeedNodes(List.of(cluster.selfMember().address())));
        // The oldest member has the coordinator of the shards: it is where the plan is.
        ClusterSharding.get(system)
                .init(Entity.of(UserEntity.KEY, context -> Behaviors.<Object>empty())
                        .withMessageExtractor(new UserEntity.Extractor())
                        .withAllocationStrategy(placements)
                        .withStopMessage(UserEntity.Stop.STOP));
    }

    private Behavior<Command> guardian() {
        return Behaviors.setup(context -> {
            posts.complete(Transports.spawn(context));
            List<ActorRef<RunCoordinator.Command>> fleets = new ArrayList<>();
            return Behaviors.receive(Command.class)
                    .onMessage(Start.class, s -> {
                        ActorRef<RunCoordinator.Command> fleet = context.spawnAnonymous(RunCoordinator.create(s.run));
                        fleets.add(fleet);
                        context.watchWith(fleet, new Ended(fleet, s.ended));
                        s.started.complete(fleet);
                        return Behaviors.same();
                    })
                    .onMessage(Ended.class, e -> {
                        fleets.remove(e.fleet);
                        e.ended.complete(null);
                        return Behaviors.same();
                    })
                    .onMessage(Lost.class, l -> {
                        fleets.forEach(f -> f.tell(new RunCoordinator.Gone(l.node)));
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

    /** Addresses of the nodes that are there now, as {@code host:port}. */
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
     * Waits until nodes are there.
     *
     * @param invited {@code host:port} of those that are to be asked to come
     * @param wanted how many
     * @param goOn asked now and then whether to wait any longer
     * @throws RunFailedException where they are not there in time
     */
    public void await(List<String> invited, int wanted, Duration patience, BooleanSupplier goOn) {
        // A selection reaches a node that began anew even after its predecessor was put in quarantine here; a reference
        // that was resolved would not.
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

    /** A node is known to be gone: nobody need wait until its silence says so. */
    public void lost(String node) {
        Address address = AddressFromURIString.parse(protocol() + "://coterie@" + node);
        lost.add(address);
        cluster.manager().tell(new Down(address));
        system.tell(new Lost(address));
    }

    /**
     * Starts a run on all nodes that are there.
     *
     * @param task what the nodes' workshops make world and learners of
     * @param version that their programs must have
     * @param fingerprint that what they load must have
     * @param bytesPerUser memory that a user takes on a node, about
     * @param from what to go on from; null to begin
     * @return its {@link Simulation#await} throws a {@link NodesChangedException} where the run is to go on from its
     *     last checkpoint, since a node is lost or another has joined
     */
    public Simulation start(
            SimulationConfig config,
            String task,
            String version,
            String fingerprint,
            long bytesPerUser,
            RunObserver observer,
            Simulation.Clock clock,
            Checkpoints checkpoints,
            SavedRun from) {
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        CompletableFuture<ActorRef<RunCoordinator.Command>> started = new CompletableFuture<>();
        List<Address> nodes = members();
        Start start = new Start(
                new RunCoordinator.Run(
                        sessions.nextLong(),
                        nodes,
                        version,
                        fingerprint,
                        task,
                        bytesPerUser,
                        config,
                        observer,
                        clock,
                        told(checkpoints, started),
                        from,
                        result,
                        placements,
                        posts.join()),
                started,
                new CompletableFuture<>());
        if (nodes.isEmpty()) {
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

    /** The same checkpoints; the fleet is told of each that is whole. */
    private static Checkpoints told(
            Checkpoints checkpoints, CompletableFuture<ActorRef<RunCoordinator.Command>> fleet) {
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
                        fleet.thenAccept(f -> f.tell(new RunCoordinator.Saved()));
                    }

                    @Override
                    public void close() {
                        writing.close();
                    }
                };
            }
        };
    }

    /** Leaves the nodes to themselves. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
