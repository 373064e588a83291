package coterie.actors.cluster;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.clock.Report;
import coterie.actors.clock.RunControl;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.clock.Simulation;
import coterie.actors.clock.UserRouter;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
 * The nodes of a run, beside whoever started it: asks who they are, plans who lives where, makes them ready, brings
 * saved users back, and then stands between the run's clock and its users. When a node is lost it ends the run: whoever
 * started it goes on from the last checkpoint, in another session.
 */
final class RunCoordinator extends AbstractBehavior<RunCoordinator.Command> {
    /** A logger of its own: the context's is sometimes named after Pekko, and Pekko is not heard. */
    private static final Logger LOG = LoggerFactory.getLogger(RunCoordinator.class);

    private static final Duration TICK = Duration.ofMillis(500);
    /** Number of whoever starts a run, among its nodes. */
    static final int STARTER = -1;

    private static final int PUSHED_AT_ONCE = 2;

    /** What a fleet is told. */
    interface Command {}

    /** A node is known to be gone. */
    record Gone(Address node) implements Command {}

    /** The run has been saved. */
    record Saved() implements Command {}

    record Control(RunControl control) implements Command {}

    private record FromPost(ChunkedTransport.Notice notice) implements Command {}

    private record ClockEnded() implements Command {}

    private record Member(ClusterEvent.MemberEvent event) implements Command {}

    private record Tick() implements Command {}

    /**
     * A run over nodes.
     *
     * @param session its number, never used before
     * @param nodes addresses of the nodes
     * @param version and fingerprint that they must have
     * @param bytesPerUser memory that a user takes on a node, about
     */
    record Run(
            long session,
            List<Address> nodes,
            String version,
            String fingerprint,
            String task,
            long bytesPerUser,
            SimulationConfig config,
            RunObserver observer,
            Simulation.Clock clock,
            Checkpoints checkpoints,
            SavedRun from,
            CompletableFuture<RunResult> result,
            Placements placements,
            Transports posts) {
        double speed() {
            return clock instanceof Simulation.Wall w ? w.speed() : 0;
        }
    }

    /** A node of the run. */
    private static final class NodeOf {
        private final Address address;
        private final ActorRef<Handshake.ToNode> ref;
        private Handshake.Hello hello;
        private Handshake.Ready ready;
        private boolean housed;
        private int from;
        private int to;
        /** What is still to be brought there. */
        private final Deque<Supplier<byte[]>> toBring = new ArrayDeque<>();

        private int bringing;

        NodeOf(Address address, ActorRef<Handshake.ToNode> ref) {
            this.address = address;
            this.ref = ref;
        }

        String name() {
            return ClusterEngine.hostPort(address);
        }
    }

    private enum Phase {
        GREETING,
        PREPARING,
        HOUSING,
        BRINGING,
        RUNNING,
        ENDED
    }

    private final Run run;
    private final List<NodeOf> nodes = new ArrayList<>();
    private final ActorRef<ChunkedTransport.Notice> notices;
    private final List<RunControl> early = new ArrayList<>();
    private final long begin = System.nanoTime();
    private Phase phase = Phase.GREETING;
    private ActorRef<RunControl> clock;
    /** A node that has come after the run began; null where none has. */
    private Address newcomer;

    private ActorRef<Report> reports;

    private RunCoordinator(ActorContext<Command> context, TimerScheduler<Command> timers, Run run) {
        super(context);
        this.run = run;
        notices = context.messageAdapter(ChunkedTransport.Notice.class, FromPost::new);
        ActorRefResolver resolver = ActorRefResolver.get(context.getSystem());
        for (Address a : run.nodes) {
            nodes.add(new NodeOf(a, resolver.resolveActorRef(a + "/user/node")));
        }
        run.posts.urgent().tell(new ChunkedTransport.Open(run.session, notices));
        run.posts.bulk().tell(new ChunkedTransport.Open(run.session, notices));
        ActorRef<ClusterEvent.MemberEvent> members =
                context.messageAdapter(ClusterEvent.MemberEvent.class, Member::new);
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(members, ClusterEvent.MemberEvent.class));
        timers.startTimerWithFixedDelay(new Tick(), TICK);
        remind();
    }

    static Behavior<Command> create(Run run) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new RunCoordinator(context, timers, run)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Handshake.Hello.class, this::hello)
                .onMessage(Handshake.Ready.class, this::ready)
                .onMessage(
                        Handshake.Refused.class,
                        r -> r.session() == run.session
                                ? failed(new RunFailedException(
                                        "node " + nodes.get(r.node()).name() + " cannot take part: " + r.reason(),
                                        null))
                                : this)
                .onMessage(FromPost.class, this::fromPost)
                .onMessage(Member.class, this::member)
                .onMessage(Gone.class, g -> gone(g.node()))
                .onMessage(Saved.class, x -> saved())
                .onMessage(Control.class, this::control)
                .onMessage(ClockEnded.class, e -> Behaviors.stopped())
                .onMessage(Tick.class, t -> {
                    remind();
                    return this;
                })
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

    /** Asks again those who have not answered: what is lost on the way costs half a second. */
    private void remind() {
        switch (phase) {
            case GREETING ->
                nodes.stream()
                        .filter(n -> n.hello == null)
                        .forEach(n -> n.ref.tell(new Handshake.Greet(
                                run.session, getContext().getSelf().narrow())));
            case PREPARING -> {
                for (int k = 0; k < nodes.size(); k++) {
                    NodeOf n = nodes.get(k);
                    if (n.ready == null) {
                        n.ref.tell(new Handshake.Prepare(
                                run.session,
                                getContext().getSelf().narrow(),
                                run.task,
                                k,
                                n.from,
                                n.to,
                                run.speed(),
                                run.posts.urgent(),
                                run.posts.bulk()));
                    }
                }
            }
            default -> {}
        }
    }

    private Behavior<Command> hello(Handshake.Hello h) {
        if (phase != Phase.GREETING || h.session() != run.session) {
            return this;
        }
        for (NodeOf n : nodes) {
            if (n.address.toString().equals(h.node())) {
                if (!h.version().equals(run.version)) {
                    return failed(new RunFailedException(
                            "node " + n.name() + " runs another program: " + h.version() + ", this is " + run.version,
                            null));
                }
                n.hello = h;
            }
        }
        if (nodes.stream().anyMatch(n -> n.hello == null)) {
            return this;
        }
        try {
            Plan plan = Plan.of(
                    run.config.users(),
                    run.bytesPerUser,
                    nodes.stream().map(n -> n.hello.weight()).toList(),
                    nodes.stream().map(n -> n.hello.room()).toList());
            for (int k = nodes.size() - 1; k >= 0; k--) {
                nodes.get(k).from = plan.from(k);
                nodes.get(k).to = plan.to(k);
            }
        } catch (IllegalArgumentException e) {
            return failed(new RunFailedException(e.getMessage(), null));
        }
        nodes.removeIf(n -> n.from == n.to);
        for (int k = 0; k < nodes.size(); k++) {
            run.placements.plan(UserEntity.shard(run.session, k), nodes.get(k).address);
        }
        enter(Phase.PREPARING);
        remind();
        return this;
    }

    private Behavior<Command> ready(Handshake.Ready r) {
        if (phase != Phase.PREPARING || r.session() != run.session) {
            return this;
        }
        NodeOf n = nodes.get(r.node());
        if (!r.fingerprint().equals(run.fingerprint)) {
            return failed(new RunFailedException(
                    "node " + n.name() + " has another base or other text than this machine under the same names ("
                            + r.fingerprint() + ", here " + run.fingerprint + ")",
                    null));
        }
        n.ready = r;
        if (nodes.stream().allMatch(x -> x.ready != null)) {
            enter(Phase.HOUSING);
            if (nodes.stream().allMatch(x -> x.housed)) {
                house();
            }
        }
        return this;
    }

    private Behavior<Command> fromPost(FromPost m) {
        try {
            if (m.notice() instanceof ChunkedTransport.Arrived a && a.session() == run.session) {
                return arrived(a.from(), DataMessages.read(a.parcel(), Snapshot::absent));
            } else if (m.notice() instanceof ChunkedTransport.Sent s && phase == Phase.BRINGING) {
                NodeOf n = nodes.get((int) s.id());
                n.bringing--;
                bring(n);
                begin();
            }
            return this;
        } catch (IOException e) {
            return failed(new RunFailedException("what a node has sent could not be read: " + e.getMessage(), e));
        }
    }

    private Behavior<Command> arrived(int node, Object piece) {
        if (piece instanceof DataMessages.Answers a) {
            a.all().forEach(reports::tell);
        } else if (piece instanceof Report.Checkpointed || piece instanceof Report.Finished) {
            reports.tell((Report) piece);
        } else if (piece instanceof DataMessages.Said s) {
            LOG.warn("[node {}] {}", nodes.get(node).name(), s.line());
        } else if (piece instanceof DataMessages.Broken b) {
            String who = b.user() < 0 ? "" : "user " + b.user() + " failed: ";
            return failed(new RunFailedException("on node " + nodes.get(node).name() + " " + who + b.reason(), null));
        } else if (piece instanceof DataMessages.Housed) {
            nodes.get(node).housed = true;
            if (phase == Phase.HOUSING && nodes.stream().allMatch(n -> n.housed)) {
                house();
            }
        }
        return this;
    }

    /** All users are there: everybody is told who lives where, and what was saved is brought to where it goes on. */
    private void house() {
        enter(Phase.BRINGING);
        ActorRefResolver resolver = ActorRefResolver.get(getContext().getSystem());
        DataMessages.Placement placement = new DataMessages.Placement(
                nodes.stream().mapToInt(n -> n.from).toArray(),
                nodes.stream()
                        .map(n -> resolver.toSerializationFormat(n.ready.bulk()))
                        .toList());
        for (NodeOf n : nodes) {
            n.toBring.add(() -> DataMessages.keyed(placement, 0));
        }
        if (run.from != null) {
            RestorePlan saved = new RestorePlan(run.from);
            for (NodeOf n : nodes) {
                n.toBring.addAll(saved.of(n.from, n.to));
            }
        }
        nodes.forEach(this::bring);
    }

    private void bring(NodeOf n) {
        while (n.bringing < PUSHED_AT_ONCE && !n.toBring.isEmpty()) {
            n.bringing++;
            run.posts
                    .bulk()
                    .tell(new ChunkedTransport.Send(
                            run.session,
                            STARTER,
                            n.ready.bulk(),
                            n.toBring.poll().get(),
                            nodes.indexOf(n),
                            notices));
        }
    }

    /** Everything is where it belongs: time may begin. */
    private void begin() {
        if (phase != Phase.BRINGING || nodes.stream().anyMatch(n -> n.bringing > 0)) {
            return;
        }
        enter(Phase.RUNNING);
        clock = getContext()
                .spawn(
                        RunControl.clock(
                                run.config, this::hire, run.observer, run.checkpoints, run.from, run.clock, run.result),
                        "clock");
        getContext().watchWith(clock, new ClockEnded());
        early.forEach(clock::tell);
    }

    private UserRouter hire(ActorContext<?> context, ActorRef<Report> to, LongSupplier time) {
        reports = to;
        int[] first = nodes.stream().mapToInt(n -> n.from).toArray();
        List<ActorRef<ChunkedTransport.Command>> posts =
                nodes.stream().map(n -> n.ready.post()).toList();
        return new ClusterUserRouter(run.session, first, posts, run.posts.urgent());
    }

    private Behavior<Command> member(Member m) {
        if (m.event() instanceof ClusterEvent.MemberUp
                && NodeSettings.isNode(m.event().member())) {
            Address node = m.event().member().address();
            // Whoever was there from the beginning is none, even if it was given nobody.
            newcomer = run.nodes.contains(node) ? newcomer : node;
        }
        boolean leaves = m.event() instanceof ClusterEvent.MemberDowned
                || m.event() instanceof ClusterEvent.MemberLeft
                || m.event() instanceof ClusterEvent.MemberExited
                || m.event() instanceof ClusterEvent.MemberRemoved;
        if (leaves && m.event().member().address().equals(newcomer)) {
            newcomer = null;
        }
        return leaves ? gone(m.event().member().address()) : this;
    }

    private Behavior<Command> gone(Address node) {
        return nodes.stream().anyMatch(n -> n.address.equals(node))
                ? failed(NodesChangedException.lost(ClusterEngine.hostPort(node)))
                : this;
    }

    /** A good moment for the run to spread over more nodes. */
    private Behavior<Command> saved() {
        return newcomer != null ? failed(NodesChangedException.joined(ClusterEngine.hostPort(newcomer))) : this;
    }

    private Behavior<Command> control(Control c) {
        if (clock != null) {
            clock.tell(c.control());
        } else if (c.control() instanceof RunControl.Stop) {
            // No user lives yet, and nodes may be loading for a long time.
            return failed(new RunFailedException("the nodes were not ready yet", null));
        } else if (c.control() instanceof RunControl.Close) {
            return failed(new RunFailedException("the run was closed before it began", null));
        } else {
            early.add(c.control());
        }
        return this;
    }

    private Behavior<Command> failed(RunFailedException reason) {
        run.result.completeExceptionally(reason);
        return Behaviors.stopped();
    }

    private void end() {
        phase = Phase.ENDED;
        run.posts.urgent().tell(new ChunkedTransport.Close(run.session));
        run.posts.bulk().tell(new ChunkedTransport.Close(run.session));
        nodes.forEach(n -> n.ref.tell(new Handshake.Release(run.session)));
    }
}
