package coterie.actors.cluster;

import coterie.actors.clock.Clocks;
import coterie.actors.clock.Report;
import coterie.actors.clock.RunControl;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.UserActor;
import coterie.actors.clock.UserRouter;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session of a run over nodes, beside the process that started it: greets the nodes, has shards allocated, has
 * nodes load their users' inputs, wakes all users through sharding, restores a checkpoint, and then stands between the
 * run's clock and its users. When a node is lost the session ends, and the run goes on from its last checkpoint in
 * another.
 */
final class RunCoordinator extends AbstractBehavior<RunCoordinator.Command> {
    /** A logger of its own: the context's is sometimes named after Pekko, whose log is not shown. */
    private static final Logger LOG = LoggerFactory.getLogger(RunCoordinator.class);

    private static final Duration TICK = Duration.ofMillis(500);
    /** The number of the starter among the nodes of a session. */
    static final int STARTER = -1;

    /** Frames in transit to a node while a checkpoint is restored. */
    private static final int MOST_RESTORING_FRAMES = 2;

    /** What a coordinator is told. */
    interface Command {}

    /** A node is known to be gone. */
    record Gone(Address node) implements Command {}

    /** A checkpoint of the run is complete. */
    record CheckpointWritten() implements Command {}

    record Control(RunControl control) implements Command {}

    private record FromTransport(ChunkedTransport.Notice notice) implements Command {}

    private record ClockEnded() implements Command {}

    private record MemberChanged(ClusterEvent.MemberEvent event) implements Command {}

    private record Tick() implements Command {}

    private enum Phase {
        GREETING,
        PREPARING,
        WAKING,
        RESTORING,
        RUNNING,
        ENDED
    }

    private final ClusterRun run;
    private final Session session;
    private final UserShards shards;
    private final RunNodes nodes;
    private final ActorRefResolver resolver;
    private final ActorRef<ChunkedTransport.Notice> notices;
    private final List<RunControl> early = new ArrayList<>();
    private final long begin = System.nanoTime();
    private Phase phase = Phase.GREETING;
    private ActorRef<RunControl> clock;
    /** A node that has joined since the session began; null if none has. */
    private Address newcomer;

    private ActorRef<Report> reports;

    private RunCoordinator(
            ActorContext<Command> context, TimerScheduler<Command> timers, ClusterRun run, Session session) {
        super(context);
        this.run = run;
        this.session = session;
        shards = UserShards.of(
                run.config().users(),
                context.getSystem().settings().config().getInt("pekko.cluster.sharding.number-of-shards"));
        notices = context.messageAdapter(ChunkedTransport.Notice.class, FromTransport::new);
        resolver = ActorRefResolver.get(context.getSystem());
        nodes = new RunNodes(session.nodes(), resolver);
        session.transports().open(session.number(), notices);
        ActorRef<ClusterEvent.MemberEvent> members =
                context.messageAdapter(ClusterEvent.MemberEvent.class, MemberChanged::new);
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(members, ClusterEvent.MemberEvent.class));
        timers.startTimerWithFixedDelay(new Tick(), TICK);
        tick();
    }

    static Behavior<Command> create(ClusterRun run, Session session) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RunCoordinator(context, timers, run, session)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Handshake.Hello.class, this::hello)
                .onMessage(FromTransport.class, this::fromTransport)
                .onMessage(MemberChanged.class, this::memberChanged)
                .onMessage(Gone.class, g -> gone(g.node()))
                .onMessage(CheckpointWritten.class, x -> checkpointWritten())
                .onMessage(Control.class, this::control)
                .onMessage(ClockEnded.class, e -> Behaviors.stopped())
                .onMessage(Tick.class, t -> tick())
                .onSignal(PostStop.class, s -> {
                    end();
                    return this;
                })
                .build();
    }

    private void enter(Phase next) {
        LOG.info(
                "{} after {} s, with {} nodes",
                next.name().toLowerCase(Locale.ROOT),
                (System.nanoTime() - begin) / 1e9,
                nodes.size());
        phase = next;
    }

    /** Repeats what may have been lost: greetings, and envelopes that sharding delivers at most once. */
    private Behavior<Command> tick() {
        if (phase == Phase.GREETING) {
            Handshake.Greet greet = new Handshake.Greet(
                    session.number(),
                    getContext().getSelf().narrow(),
                    session.transports().urgent(),
                    session.transports().bulk());
            nodes.list().stream().filter(n -> n.hello() == null).forEach(n -> n.tell(greet));
        } else {
            nodes.list().stream().filter(n -> n.isReady() && !n.isAwake()).forEach(this::wake);
        }
        return this;
    }

    private Behavior<Command> hello(Handshake.Hello h) {
        if (phase != Phase.GREETING || h.session() != session.number()) {
            return this;
        }
        RunNode n = nodes.introduced(h);
        if (n != null && !h.version().equals(run.description().version())) {
            return failed("node " + n.name() + " runs another program: " + h.version() + ", this is "
                    + run.description().version());
        }
        return nodes.all(x -> x.hello() != null) ? allocate() : this;
    }

    /** All nodes have announced what they offer. */
    private Behavior<Command> allocate() {
        try {
            nodes.allocate(session.allocation(), shards, run.description().bytesPerUser());
        } catch (IllegalArgumentException e) {
            return failed(e.getMessage());
        }
        warnOfProcessors();
        enter(Phase.PREPARING);
        for (RunNode n : nodes.list()) {
            DataMessages.Prepare prepare = new DataMessages.Prepare(
                    nodes.number(n),
                    shards.users(),
                    shards.shards(),
                    n.shards(),
                    run.description().text(),
                    run.description().inputs(shards.users(n.shards())),
                    run.speed());
            n.enqueue(List.of(() -> DataMessages.keyed(prepare, prepare.inputs().length)));
            feed(n);
        }
        return this;
    }

    /** Kernels are chosen by processor, so that users' last bits depend on the node that hosts them. */
    private void warnOfProcessors() {
        List<String> processors = nodes.processors();
        if (processors.size() > 1) {
            LOG.warn(
                    "nodes have different processors, so that last bits depend on which node hosts a user: {}",
                    String.join("; ", processors));
        }
    }

    private Behavior<Command> fromTransport(FromTransport m) {
        try {
            if (m.notice() instanceof ChunkedTransport.Arrived a && a.session() == session.number()) {
                return arrived(a.from(), DataMessages.read(a.frame(), Snapshot::absent));
            } else if (m.notice() instanceof ChunkedTransport.Delivered d && d.session() == session.number()) {
                RunNode n = nodes.get((int) d.id());
                n.arrived();
                feed(n);
                begin();
            }
            return this;
        } catch (IOException e) {
            return failed("a message of a node could not be read: " + e.getMessage());
        }
    }

    private Behavior<Command> arrived(int from, Object message) {
        RunNode n = nodes.get(from);
        if (message instanceof DataMessages.Answers a) {
            a.all().forEach(reports::tell);
        } else if (message instanceof Report.Checkpointed || message instanceof Report.Finished) {
            reports.tell((Report) message);
        } else if (message instanceof DataMessages.Said s) {
            LOG.warn("[node {}] {}", n.name(), s.line());
        } else if (message instanceof DataMessages.Ready r) {
            return ready(n, r);
        } else if (message instanceof DataMessages.Awake) {
            n.awake();
            if (nodes.all(RunNode::isAwake)) {
                restore();
            }
        } else if (message instanceof DataMessages.Refused r) {
            return failed("node " + n.name() + " cannot take part: " + r.reason());
        } else if (message instanceof DataMessages.Broken b) {
            String user = b.user() == DataMessages.NO_USER ? "" : "user " + b.user() + " failed: ";
            return failed("on node " + n.name() + " " + user + b.reason());
        }
        return this;
    }

    private Behavior<Command> ready(RunNode n, DataMessages.Ready r) {
        String wanted = run.description().fingerprint(shards.users(n.shards()));
        if (!r.fingerprint().equals(wanted)) {
            return failed(
                    "node " + n.name() + " has another base or other data than this machine under the same names ("
                            + r.fingerprint() + ", here " + wanted + ")");
        }
        n.ready();
        if (nodes.all(RunNode::isReady)) {
            enter(Phase.WAKING);
        }
        wake(n);
        return this;
    }

    /** Sharding finds each user's shard, moves it first if it is elsewhere, and has the node make the user. */
    private void wake(RunNode n) {
        for (int s : n.shards()) {
            for (int u : shards.users(new int[] {s})) {
                session.region().tell(new UserEntity(session.number(), s, u).envelope(UserActor.Wake.INSTANCE));
            }
        }
    }

    /** All users are awake: nodes are told where all others are, and get the states of a checkpoint. */
    private void restore() {
        enter(Phase.RESTORING);
        DataMessages.Placement placement = nodes.placement(resolver);
        RestorePlan saved = run.from() == null ? null : new RestorePlan(run.from());
        for (RunNode n : nodes.list()) {
            n.enqueue(List.of(() -> DataMessages.keyed(placement, 0)));
            if (saved != null) {
                n.enqueue(saved.of(shards.users(n.shards())));
            }
            feed(n);
        }
    }

    private void feed(RunNode n) {
        while (n.inTransit() < MOST_RESTORING_FRAMES) {
            byte[] frame = n.nextFrame();
            if (frame == null) {
                return;
            }
            session.transports()
                    .bulk()
                    .tell(new ChunkedTransport.Send(
                            session.number(), STARTER, n.hello().bulk(), frame, nodes.number(n), notices));
        }
    }

    /** Starts the clock once everything has arrived. */
    private void begin() {
        if (phase != Phase.RESTORING || !nodes.all(n -> n.inTransit() == 0)) {
            return;
        }
        enter(Phase.RUNNING);
        clock = getContext()
                .spawn(
                        Clocks.create(
                                run.config(),
                                (context, to, time) -> router(to),
                                run.observer(),
                                run.checkpoints(),
                                run.from(),
                                run.clock(),
                                session.result()),
                        "clock");
        getContext().watchWith(clock, new ClockEnded());
        early.forEach(clock::tell);
    }

    private UserRouter router(ActorRef<Report> to) {
        reports = to;
        return new ClusterUserRouter(
                session.number(),
                shards,
                nodes.nodeOf(),
                nodes.list().stream().map(n -> n.hello().urgent()).toList(),
                session.transports().urgent());
    }

    private Behavior<Command> memberChanged(MemberChanged m) {
        Address node = m.event().member().address();
        if (m.event() instanceof ClusterEvent.MemberUp
                && NodeSettings.isNode(m.event().member())
                && !session.nodes().contains(node)) {
            // A node present at the start is not a newcomer, even if it hosts no users.
            newcomer = node;
        }
        boolean leaves = m.event() instanceof ClusterEvent.MemberDowned
                || m.event() instanceof ClusterEvent.MemberLeft
                || m.event() instanceof ClusterEvent.MemberExited
                || m.event() instanceof ClusterEvent.MemberRemoved;
        if (leaves && node.equals(newcomer)) {
            newcomer = null;
        }
        return leaves ? gone(node) : this;
    }

    private Behavior<Command> gone(Address node) {
        return nodes.has(node) ? failed(NodesChangedException.lost(ClusterEngine.hostPort(node))) : this;
    }

    /** At a checkpoint the run can spread over more nodes. */
    private Behavior<Command> checkpointWritten() {
        return newcomer != null ? failed(NodesChangedException.joined(ClusterEngine.hostPort(newcomer))) : this;
    }

    private Behavior<Command> control(Control c) {
        if (clock != null) {
            clock.tell(c.control());
        } else if (c.control() instanceof RunControl.Stop) {
            // No user is awake yet, and nodes may take long to load.
            return failed("the nodes were not ready yet");
        } else if (c.control() instanceof RunControl.Close) {
            return failed("the run was closed before it began");
        } else {
            early.add(c.control());
        }
        return this;
    }

    private Behavior<Command> failed(String reason) {
        return failed(new RunFailedException(reason, null));
    }

    private Behavior<Command> failed(RunFailedException reason) {
        session.result().completeExceptionally(reason);
        return Behaviors.stopped();
    }

    private void end() {
        phase = Phase.ENDED;
        session.transports().close(session.number());
        session.nodes()
                .forEach(a -> resolver.<Handshake.ToNode>resolveActorRef(a + "/user/node")
                        .tell(new Handshake.Release(session.number())));
    }
}
