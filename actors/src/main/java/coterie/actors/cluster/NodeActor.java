package coterie.actors.cluster;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.clock.Report;
import coterie.actors.clock.UserActor;
import coterie.model.exchange.Snapshot;
import coterie.model.torch.DeviceFailedException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;

/**
 * A node, which hosts users of runs that are started elsewhere. Joins the starter's cluster, loads what its users need,
 * takes part in the run ({@link WorkerRun}), and releases everything when the run is over or goes on without this node.
 */
final class NodeActor extends AbstractBehavior<NodeActor.Command> {
    /** What a node is told. */
    interface Command {}

    /** A line of this node's log for the starter. */
    record Say(String line) implements Command {}

    /** Sharding has made a user here. */
    record Awake(UserEntity user, ActorRef<UserActor.Command> reference) implements Command {}

    /** A user could not be made here. */
    record Failed(UserEntity user, Throwable reason) implements Command {}

    private record Prepared(
            long session, DataMessages.Prepare request, RunFactory.RunResources resources, Throwable failure)
            implements Command {}

    private record FromTransport(ChunkedTransport.Notice notice) implements Command {}

    private record FromUser(long session, Report report) implements Command {}

    private final RunFactory factory;
    /** Completed if this node must end since it has lost a device. */
    private final CompletableFuture<DeviceFailedException> lost;

    private final Transports transports;
    private final ActorRef<ChunkedTransport.Notice> notices;
    private final Executor blocking;
    private final HostedUsers hosted;
    private final ActorRef<ShardingEnvelope<UserActor.Command>> region;
    private final boolean envelopes;
    /** The last greeting; null before the first, and after its session is over. */
    private Handshake.Greet session;
    /** The request whose inputs are being loaded; null if there is none. */
    private DataMessages.Prepare preparing;
    /** The run in which this node takes part; null if there is none. */
    private WorkerRun run;

    private RunFactory.RunResources resources;
    /** Receives what users report. */
    private ActorRef<Report> reports;

    private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    private NodeActor(
            ActorContext<Command> context,
            RunFactory factory,
            Transports transports,
            CompletableFuture<DeviceFailedException> lost) {
        super(context);
        this.factory = factory;
        this.lost = lost;
        this.transports = transports;
        notices = context.messageAdapter(ChunkedTransport.Notice.class, FromTransport::new);
        blocking =
                context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig("coterie.workshop-dispatcher"));
        hosted = new HostedUsers(context.getSelf());
        envelopes = context.getSystem().settings().config().getBoolean("coterie.cluster.windows-as-envelopes");
        region = ClusterSharding.get(context.getSystem())
                .init(Entity.of(UserEntity.KEY, entity -> hosted.create(entity.getEntityId()))
                        .withMessageExtractor(new UserEntity.Extractor())
                        .withAllocationStrategy(new WeightedAllocation())
                        .withStopMessage(UserActor.Stop.INSTANCE));
    }

    /** @param lost completed if this node ends since it has lost a device */
    static Behavior<Command> create(
            RunFactory factory, Transports transports, CompletableFuture<DeviceFailedException> lost) {
        return Behaviors.setup(context -> new NodeActor(context, factory, transports, lost));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Handshake.Invite.class, this::invited)
                .onMessage(Handshake.Greet.class, this::greeted)
                .onMessage(Handshake.Release.class, this::released)
                .onMessage(FromTransport.class, this::fromTransport)
                .onMessage(Prepared.class, this::prepared)
                .onMessage(Awake.class, this::awake)
                .onMessage(Failed.class, this::failed)
                .onMessage(FromUser.class, this::fromUser)
                .onMessage(Say.class, x -> {
                    if (run != null) {
                        run.say(x.line());
                    }
                    return this;
                })
                .onSignal(PostStop.class, s -> {
                    close();
                    return this;
                })
                .build();
    }

    private Behavior<Command> invited(Handshake.Invite i) {
        Cluster cluster = Cluster.get(getContext().getSystem());
        if (!cluster.state().getMembers().iterator().hasNext()) {
            getContext().getLog().info("joins {}", i.starter());
            cluster.manager().tell(new JoinSeedNodes(List.of(AddressFromURIString.parse(i.starter()))));
        }
        return this;
    }

    private Behavior<Command> greeted(Handshake.Greet g) {
        if (session == null || session.session() != g.session()) {
            // A new session begins: the run of the one before has ended or goes on from a checkpoint.
            close();
            session = g;
            getContext().watchWith(g.starter(), new Handshake.Release(g.session()));
            transports.open(g.session(), notices);
        }
        g.starter()
                .tell(new Handshake.Hello(
                        g.session(),
                        Cluster.get(getContext().getSystem())
                                .selfMember()
                                .address()
                                .toString(),
                        factory.version(),
                        factory.processor(),
                        factory.weight(),
                        factory.room(),
                        transports.urgent(),
                        transports.bulk()));
        return this;
    }

    private Behavior<Command> released(Handshake.Release r) {
        if (isCurrent(r.session())) {
            getContext().getLog().info("the run is over, or goes on without this node");
            close();
        }
        return this;
    }

    private boolean isCurrent(long number) {
        return session != null && session.session() == number;
    }

    private Behavior<Command> fromTransport(FromTransport m) {
        if (m.notice() instanceof ChunkedTransport.Arrived a && isCurrent(a.session())) {
            if (run != null) {
                run.arrived(a);
            } else {
                begin(a.frame());
            }
        } else if (m.notice() instanceof ChunkedTransport.Delivered d && isCurrent(d.session()) && run != null) {
            run.delivered(d.id());
        }
        return this;
    }

    /** The first frame of a session says what to load. */
    private void begin(byte[] frame) {
        try {
            if (DataMessages.read(frame, Snapshot::absent) instanceof DataMessages.Prepare p && preparing == null) {
                preparing = p;
                int[] users = p.hostedUsers();
                long number = session.session();
                getContext().getLog().info("loads what {} users need", users.length);
                getContext()
                        .pipeToSelf(
                                closing.thenApplyAsync(
                                        x -> factory.prepare(new Assignment(p.run(), users, p.inputs())), blocking),
                                (made, failure) -> new Prepared(number, p, made, failure));
            }
        } catch (IOException e) {
            getContext().getLog().error("a message could not be read", e);
        }
    }

    private Behavior<Command> prepared(Prepared p) {
        if (p.request() != preparing || !isCurrent(p.session())) {
            if (p.resources() != null) {
                closeLater(p.resources());
            }
            return this;
        }
        preparing = null;
        LocalUsers users = new LocalUsers(
                p.session(), p.request().divided(), p.request().hostedUsers(), envelopes ? region : null);
        WorkerRun.Link link = new WorkerRun.Link(
                p.session(),
                transports,
                new Transports(session.urgent(), session.bulk()),
                notices,
                ActorRefResolver.get(getContext().getSystem()));
        WorkerRun made = new WorkerRun(link, p.request(), users);
        if (p.failure() != null) {
            Throwable cause =
                    p.failure() instanceof CompletionException c && c.getCause() != null ? c.getCause() : p.failure();
            getContext().getLog().error("cannot take part: {}", cause.toString());
            made.refuse(cause);
            return this;
        }
        run = made;
        resources = p.resources();
        ActorRef<Command> node = getContext().getSelf();
        reports = getContext().spawnAnonymous(Behaviors.receiveMessage(r -> {
            node.tell(new FromUser(p.session(), r));
            return Behaviors.same();
        }));
        hosted.host(new HostedUsers.Run(
                p.session(),
                p.request().hostedUsers(),
                resources,
                RunCodec.of(resources.config()),
                reports,
                made.wall() ? made::now : null));
        made.ready(resources.fingerprint());
        return this;
    }

    /** Ends the current session, if there is one. */
    private void close() {
        if (session != null) {
            getContext().unwatch(session.starter());
            transports.close(session.session());
        }
        session = null;
        preparing = null;
        hosted.host(null);
        if (run != null) {
            run.stopUsers();
            run = null;
            getContext().stop(reports);
            closeLater(resources);
            resources = null;
        }
    }

    /**
     * Closing waits for what learners are computing. A failure is logged and does not keep the next run from loading.
     */
    private void closeLater(RunFactory.RunResources old) {
        Logger log = getContext().getLog();
        closing = closing.thenRunAsync(old::close, blocking).exceptionally(e -> {
            log.error("could not be closed", e);
            return null;
        });
    }

    private Behavior<Command> awake(Awake a) {
        if (run != null && isCurrent(a.user().session())) {
            run.awake(a.user().user(), a.reference());
        } else {
            a.reference().tell(UserActor.Stop.INSTANCE);
        }
        return this;
    }

    private Behavior<Command> failed(Failed f) {
        return run != null && isCurrent(f.user().session()) ? failed(f.user().user(), f.reason()) : this;
    }

    private Behavior<Command> fromUser(FromUser f) {
        if (run == null || !isCurrent(f.session())) {
            return this;
        }
        if (f.report() instanceof Report.Failed e) {
            return failed(e.user(), e.reason());
        }
        run.reported(f.report());
        return this;
    }

    /** A user that has failed ends the run, but a lost device only this node: the run goes on without it. */
    private Behavior<Command> failed(int user, Throwable reason) {
        Throwable cause = reason;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof DeviceFailedException e && e.isLost()) {
            getContext().getLog().error("{}; this node ends", e.getMessage());
            lost.complete(e);
            return Behaviors.stopped();
        }
        run.failed(user, reason);
        return this;
    }
}
