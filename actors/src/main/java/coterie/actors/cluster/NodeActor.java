package coterie.actors.cluster;

import coterie.actors.clock.Report;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.UserActor;
import java.time.Duration;
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
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;

/**
 * A node: where users of somebody's run live. Joins whoever starts a run, makes ready what its users need, takes part
 * in it ({@link WorkerRun}), and lets go of everything when the run is over or goes on without it.
 */
final class NodeActor extends AbstractBehavior<NodeActor.Command> {
    /** What a node is told. */
    interface Command {}

    /** Where users are reached before they are there. */
    record Users(ActorRef<ShardingEnvelope<Object>> region) implements Command {}

    /** Time to call users that have not come. */
    private record CallUsers() implements Command {}

    /** A line of this node's log, for whoever started the run. */
    record Say(String line) implements Command {}

    /** A user is there. */
    record Settled(long session, int user, ActorRef<Object> entity) implements Command {}

    /** A user lives. */
    record Living(long session, int user, ActorRef<UserActor.Command> life) implements Command {}

    private record Prepared(Handshake.Prepare request, RunFactory.RunResources bench, Throwable failure)
            implements Command {}

    private record FromPost(ChunkedTransport.Notice notice) implements Command {}

    private record FromUser(long session, Report report) implements Command {}

    private static final Duration CALL_AGAIN = Duration.ofSeconds(3);
    private final RunFactory factory;
    private final Transports posts;
    private final TimerScheduler<Command> timers;
    private final ActorRef<ChunkedTransport.Notice> notices;
    private final Executor blocking;
    private ActorRef<ShardingEnvelope<Object>> region;
    /** Hears the run's users. */
    private ActorRef<Report> reports;
    /** Null where there is none. */
    private WorkerRun run;
    /** What is being made ready; null for nothing. */
    private Handshake.Prepare preparing;

    private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    private NodeActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, RunFactory factory, Transports posts) {
        super(context);
        this.timers = timers;
        this.factory = factory;
        this.posts = posts;
        notices = context.messageAdapter(ChunkedTransport.Notice.class, FromPost::new);
        blocking =
                context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig("coterie.workshop-dispatcher"));
    }

    static Behavior<Command> create(RunFactory factory, Transports posts) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new NodeActor(context, timers, factory, posts)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Handshake.Invite.class, this::invited)
                .onMessage(Handshake.Greet.class, g -> {
                    g.starter()
                            .tell(new Handshake.Hello(
                                    g.session(),
                                    Cluster.get(getContext().getSystem())
                                            .selfMember()
                                            .address()
                                            .toString(),
                                    factory.version(),
                                    factory.weight(),
                                    factory.room()));
                    return this;
                })
                .onMessage(Handshake.Prepare.class, this::prepare)
                .onMessage(Prepared.class, this::prepared)
                .onMessage(Handshake.Release.class, r -> {
                    release(r.session());
                    return this;
                })
                .onMessage(Users.class, u -> {
                    region = u.region();
                    return this;
                })
                .onMessage(CallUsers.class, c -> {
                    callUsers();
                    return this;
                })
                .onMessage(Say.class, x -> {
                    if (run != null) {
                        run.say(x.line());
                    }
                    return this;
                })
                .onMessage(Settled.class, this::settled)
                .onMessage(Living.class, this::living)
                .onMessage(FromPost.class, this::fromPost)
                .onMessage(FromUser.class, this::fromUser)
                .onSignal(PostStop.class, s -> {
                    close();
                    return this;
                })
                .build();
    }

    private Behavior<Command> invited(Handshake.Invite i) {
        Cluster cluster = Cluster.get(getContext().getSystem());
        if (cluster.state().getMembers().iterator().hasNext()) {
            return this;
        }
        getContext().getLog().info("joins {}", i.starter());
        cluster.manager().tell(new JoinSeedNodes(List.of(AddressFromURIString.parse(i.starter()))));
        return this;
    }

    private Behavior<Command> prepare(Handshake.Prepare p) {
        if (takesPartIn(p.session())) {
            ready();
        } else if (preparing == null || preparing.session() != p.session()) {
            close();
            preparing = p;
            getContext().getLog().info("makes ready for users {} to {}", p.from(), p.to() - 1);
            getContext()
                    .pipeToSelf(
                            closing.thenApplyAsync(x -> factory.prepare(p.task(), p.from(), p.to()), blocking),
                            (bench, failure) -> new Prepared(p, bench, failure));
        }
        return this;
    }

    private Behavior<Command> prepared(Prepared p) {
        if (p.request() != preparing) {
            if (p.bench() != null) {
                closeLater(p.bench());
            }
            return this;
        }
        if (p.failure() != null) {
            preparing = null;
            Throwable cause =
                    p.failure() instanceof CompletionException c && c.getCause() != null ? c.getCause() : p.failure();
            getContext().getLog().error("cannot make ready: {}", cause.toString());
            p.request()
                    .starter()
                    .tell(new Handshake.Refused(
                            p.request().session(), p.request().node(), RunFailedException.inWords(cause)));
            return this;
        }
        preparing = null;
        ActorRef<Command> node = getContext().getSelf();
        reports = getContext().spawnAnonymous(Behaviors.receiveMessage(r -> {
            node.tell(new FromUser(p.request().session(), r));
            return Behaviors.same();
        }));
        run = new WorkerRun(
                p.request(),
                p.bench(),
                posts,
                notices,
                reports,
                ActorRefResolver.get(getContext().getSystem()));
        getContext()
                .watchWith(
                        p.request().starter(), new Handshake.Release(p.request().session()));
        posts.urgent().tell(new ChunkedTransport.Open(p.request().session(), notices));
        posts.bulk().tell(new ChunkedTransport.Open(p.request().session(), notices));
        ready();
        callUsers();
        return this;
    }

    /** Has sharding bring to life those who do not live yet, and sees later whether it has. */
    private void callUsers() {
        if (run != null && run.callUsers(region)) {
            timers.startSingleTimer(new CallUsers(), CALL_AGAIN);
        }
    }

    private boolean takesPartIn(long session) {
        return run != null && run.request().session() == session;
    }

    private void ready() {
        Handshake.Prepare request = run.request();
        request.starter()
                .tell(new Handshake.Ready(
                        request.session(), request.node(), run.bench().fingerprint(), posts.urgent(), posts.bulk()));
    }

    private void release(long session) {
        if (takesPartIn(session) || preparing != null && preparing.session() == session) {
            getContext().getLog().info("the run is over, or goes on without this node");
            close();
        }
    }

    /** Ends what there is. */
    private void close() {
        preparing = null;
        if (run != null) {
            WorkerRun old = run;
            run = null;
            getContext().unwatch(old.request().starter());
            posts.urgent().tell(new ChunkedTransport.Close(old.request().session()));
            posts.bulk().tell(new ChunkedTransport.Close(old.request().session()));
            getContext().stop(reports);
            old.stopUsers();
            closeLater(old.bench());
        }
    }

    /**
     * Closing waits for what learners are computing. What it throws is told, and keeps nobody from making ready again.
     */
    private void closeLater(RunFactory.RunResources bench) {
        Logger log = getContext().getLog();
        closing = closing.thenRunAsync(bench::close, blocking).exceptionally(e -> {
            log.error("could not be closed", e);
            return null;
        });
    }

    private Behavior<Command> settled(Settled s) {
        if (takesPartIn(s.session())) {
            run.settled(s.user(), s.entity());
        } else {
            s.entity().tell(UserEntity.Stop.STOP);
        }
        return this;
    }

    private Behavior<Command> living(Living l) {
        if (takesPartIn(l.session())) {
            run.living(l.user(), l.life());
        }
        return this;
    }

    private Behavior<Command> fromPost(FromPost m) {
        if (m.notice() instanceof ChunkedTransport.Arrived a && takesPartIn(a.session())) {
            run.arrived(a);
        } else if (m.notice() instanceof ChunkedTransport.Sent s && takesPartIn(s.session())) {
            run.left(s.id());
        }
        return this;
    }

    private Behavior<Command> fromUser(FromUser f) {
        if (takesPartIn(f.session())) {
            run.reported(f.report());
        }
        return this;
    }
}
