package coterie.actors.cluster;

import coterie.actors.clock.ClockState;
import coterie.actors.clock.Report;
import coterie.actors.clock.SavedRun;
import coterie.actors.clock.UserActor;
import coterie.actors.life.Message;
import coterie.actors.life.UserLife;
import coterie.model.trust.Snapshot;
import coterie.topology.world.Ticks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * A node: where users of somebody's run live. Makes ready what they need, hands them what their clock says, and what they answer back to it: everything
 * of a window in one parcel. What they send users elsewhere goes straight to those users' nodes, each snapshot once a node however many there want it; what
 * the clock says about it waits here until it has come, so that time never overtakes data.
 */
final class NodeActor extends AbstractBehavior<NodeActor.Command> {
    /** What a node is told. */
    interface Command {
    }

    /** Where users are reached before they are there. */
    record Users(ActorRef<ShardingEnvelope<Object>> region) implements Command {
    }

    /** Time to call users that have not come. */
    private record CallUsers() implements Command {
    }

    /** A line of this node's log, for whoever started the run. */
    record Say(String line) implements Command {
    }

    /** A user is there. */
    record Settled(long session, int user, ActorRef<Object> entity) implements Command {
    }

    /** A user lives. */
    record Living(long session, int user, ActorRef<UserActor.Command> life) implements Command {
    }

    private record Prepared(Greeting.Prepare request, Workshop.Bench bench, Throwable failure) implements Command {
    }

    private record FromPost(PostActor.Notice notice) implements Command {
    }

    private record FromUser(long session, Report report) implements Command {
    }

    /** A run, as this node takes part in it. */
    private final class Part {
        private final Greeting.Prepare request;
        private final Workshop.Bench bench;
        private final List<ActorRef<Object>> entities;
        private final List<ActorRef<UserActor.Command>> users;
        private final ActorRef<Report> reports;
        private final SnapshotStore store = new SnapshotStore();
        private final Map<Integer, byte[]> restored = new HashMap<>();
        /** What the clock has said, and what cannot be done before some snapshot has come. */
        private final Deque<byte[]> deferred = new ArrayDeque<>();
        private List<Report.Progressed> answers = new ArrayList<>();
        private int[] first;
        private List<ActorRef<PostActor.Command>> bulks;
        private int living;
        private int called;
        private long parcels;
        private long beganNanos = System.nanoTime();
        /** The latest tick that the clock has told of. */
        private volatile long seen;

        Part(Greeting.Prepare request, Workshop.Bench bench) {
            this.request = request;
            this.bench = bench;
            entities = new ArrayList<>(Collections.nCopies(request.to() - request.from(), null));
            users = new ArrayList<>(Collections.nCopies(request.to() - request.from(), null));
            ActorRef<Command> node = getContext().getSelf();
            reports = getContext().spawnAnonymous(Behaviors.receiveMessage(r -> {
                node.tell(new FromUser(request.session(), r));
                return Behaviors.same();
            }));
        }

        /** The tick that it is: never before what the clock has told of already, whatever this machine's clock says. */
        private long now() {
            return Math.max(seen, Ticks.at((System.nanoTime() - beganNanos) / 1e9 * request.speed()));
        }

        private boolean wall() {
            return request.speed() > 0;
        }

        /** Large pieces go on the other lane. */
        private void send(Object piece, boolean large) {
            if (large) {
                long room = piece instanceof Report.Frozen z ? z.life().length : 0;
                posts.bulk().tell(new PostActor.Send(request.session(), request.node(), request.bulk(), Wire.whole(piece, room), 0, null));
            } else {
                posts.urgent().tell(new PostActor.Send(request.session(), request.node(), request.post(), Wire.keyed(piece, 0), 0, null));
            }
        }

        private int nodeOf(int user) {
            int at = Arrays.binarySearch(first, user);
            return at >= 0 ? at : -at - 2;
        }
    }

    private static final Duration CALL_AGAIN = Duration.ofSeconds(3);
    private final Workshop workshop;
    private final Posts posts;
    private final TimerScheduler<Command> timers;
    private final ActorRef<PostActor.Notice> notices;
    private final Executor blocking;
    private ActorRef<ShardingEnvelope<Object>> region;
    /** Null where there is no run. */
    private Part part;
    /** What is being made ready; null for nothing. */
    private Greeting.Prepare preparing;
    /** Whether what was read last refers to a snapshot that is not here. */
    private boolean missing;
    private CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    private NodeActor(ActorContext<Command> context, TimerScheduler<Command> timers, Workshop workshop, Posts posts) {
        super(context);
        this.timers = timers;
        this.workshop = workshop;
        this.posts = posts;
        notices = context.messageAdapter(PostActor.Notice.class, FromPost::new);
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig("coterie.workshop-dispatcher"));
    }

    static Behavior<Command> create(Workshop workshop, Posts posts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new NodeActor(context, timers, workshop, posts)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Greeting.Invite.class, this::invited)
                .onMessage(Greeting.Greet.class, g -> {
                    g.starter().tell(new Greeting.Hello(g.session(), Cluster.get(getContext().getSystem()).selfMember().address().toString(),
                            workshop.version(), workshop.weight(), workshop.room()));
                    return this;
                })
                .onMessage(Greeting.Prepare.class, this::prepare)
                .onMessage(Prepared.class, this::prepared)
                .onMessage(Greeting.Release.class, r -> {
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
                    if (part != null) {
                        part.send(new Wire.Said(x.line()), false);
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

    private Behavior<Command> invited(Greeting.Invite i) {
        Cluster cluster = Cluster.get(getContext().getSystem());
        if (cluster.state().getMembers().iterator().hasNext()) {
            return this;
        }
        getContext().getLog().info("joins {}", i.starter());
        cluster.manager().tell(new JoinSeedNodes(List.of(AddressFromURIString.parse(i.starter()))));
        return this;
    }

    private Behavior<Command> prepare(Greeting.Prepare p) {
        if (part != null && part.request.session() == p.session()) {
            ready();
        } else if (preparing == null || preparing.session() != p.session()) {
            close();
            preparing = p;
            getContext().getLog().info("makes ready for users {} to {}", p.from(), p.to() - 1);
            getContext().pipeToSelf(closing.thenApplyAsync(x -> workshop.prepare(p.task(), p.from(), p.to()), blocking),
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
            Throwable cause = p.failure() instanceof CompletionException c && c.getCause() != null ? c.getCause() : p.failure();
            getContext().getLog().error("cannot make ready: {}", cause.toString());
            p.request().starter().tell(new Greeting.Refused(p.request().session(), p.request().node(), cause.getMessage()));
            return this;
        }
        preparing = null;
        part = new Part(p.request(), p.bench());
        getContext().watchWith(p.request().starter(), new Greeting.Release(p.request().session()));
        posts.urgent().tell(new PostActor.Open(p.request().session(), notices));
        posts.bulk().tell(new PostActor.Open(p.request().session(), notices));
        ready();
        callUsers();
        return this;
    }

    /** Has sharding bring to life those who do not live yet: a shard is this node's part of the run. */
    private void callUsers() {
        boolean any = false;
        for (int u = 0; part != null && u < part.users.size(); u++) {
            if (part.entities.get(u) == null) {
                any = true;
                region.tell(UserEntity.envelope(part.request.session(), part.request.node(), new Greeting.Live(part.request.session(), part.request.from() + u)));
            }
        }
        if (any) {
            timers.startSingleTimer(new CallUsers(), CALL_AGAIN);
        }
    }

    private void ready() {
        part.request.starter().tell(new Greeting.Ready(part.request.session(), part.request.node(), part.bench.fingerprint(), posts.urgent(), posts.bulk()));
    }

    private void release(long session) {
        if (part != null && part.request.session() == session || preparing != null && preparing.session() == session) {
            getContext().getLog().info("the run is over, or goes on without this node");
            close();
        }
    }

    /** Ends what there is. */
    private void close() {
        preparing = null;
        if (part != null) {
            Part old = part;
            part = null;
            getContext().unwatch(old.request.starter());
            posts.urgent().tell(new PostActor.Close(old.request.session()));
            posts.bulk().tell(new PostActor.Close(old.request.session()));
            getContext().stop(old.reports);
            old.entities.stream().filter(Objects::nonNull).forEach(u -> u.tell(UserEntity.Stop.STOP));
            closeLater(old.bench);
        }
    }

    /** Closing waits for what learners are computing. What it throws is told, and keeps nobody from making ready again. */
    private void closeLater(Workshop.Bench bench) {
        Logger log = getContext().getLog();
        closing = closing.thenRunAsync(bench::close, blocking).exceptionally(e -> {
            log.error("could not be closed", e);
            return null;
        });
    }

    private Behavior<Command> settled(Settled s) {
        if (part == null || part.request.session() != s.session() || s.user() < part.request.from() || s.user() >= part.request.to()) {
            s.entity().tell(UserEntity.Stop.STOP);
            return this;
        }
        int place = s.user() - part.request.from();
        if (part.entities.get(place) == null) {
            part.entities.set(place, s.entity());
            Part p = part;
            UserLife life;
            try {
                life = new UserLife(s.user(), p.bench.world(), p.bench.learner(s.user()));
            } catch (RuntimeException e) {
                // No room on its device, or files that are not there: the run must know, since it waits for this user.
                p.send(new Wire.Broken(s.user(), e.toString()), false);
                return this;
            }
            s.entity().tell(new UserEntity.Move(s.session(), s.user(), UserActor.create(s.user(), life, p.reports, p.wall() ? p::now : null)));
        }
        return this;
    }

    private Behavior<Command> living(Living l) {
        if (part != null && part.request.session() == l.session()) {
            part.users.set(l.user() - part.request.from(), l.life());
            if (++part.living == part.users.size()) {
                part.send(new Wire.Housed(), false);
            }
        }
        return this;
    }

    private Behavior<Command> fromPost(FromPost m) {
        if (m.notice() instanceof PostActor.Arrived a && part != null && a.session() == part.request.session()) {
            try {
                arrived(a);
            } catch (IOException e) {
                part.send(new Wire.Broken(-1, "a parcel could not be read: " + e.getMessage()), false);
            }
        } else if (m.notice() instanceof PostActor.Sent s && part != null && s.session() == part.request.session()) {
            part.store.left(s.id());
        }
        return this;
    }

    private void arrived(PostActor.Arrived a) throws IOException {
        if (!part.deferred.isEmpty() && a.from() == FleetActor.STARTER) {
            part.deferred.add(a.parcel());
            return;
        }
        missing = false;
        Object piece = Wire.read(a.parcel(), this::stored);
        if (missing) {
            // What the clock knows to have been sent is still on its way, straight from its sender.
            part.deferred.add(a.parcel());
        } else if (piece instanceof Wire.Calls c) {
            calls(c.all());
        } else if (piece instanceof Wire.Snapshots s) {
            for (Wire.Held h : s.all()) {
                part.store.put(h.snapshot(), h.expected());
            }
            catchUp();
        } else if (piece instanceof Wire.Restore r) {
            part.restored.put(r.user(), r.life());
        } else if (piece instanceof Wire.Placement p) {
            ActorRefResolver resolver = ActorRefResolver.get(getContext().getSystem());
            part.first = p.first();
            part.bulks = p.posts().stream().map(resolver::<PostActor.Command>resolveActorRef).toList();
        }
    }

    /** Does what was deferred, as far as it can be done by now. */
    private void catchUp() throws IOException {
        while (!part.deferred.isEmpty()) {
            missing = false;
            Object piece = Wire.read(part.deferred.peek(), this::stored);
            if (missing) {
                return;
            }
            part.deferred.poll();
            calls(((Wire.Calls) piece).all());
        }
    }

    private Snapshot stored(Snapshot.Key key) {
        Snapshot s = part.store.get(key);
        missing |= s == null;
        return s == null ? Snapshot.absent(key) : s;
    }

    private void calls(List<Wire.Call> calls) {
        if (calls.get(0).what() == Wire.Call.What.FREEZE) {
            part.store.begin(calls.get(0).number());
        }
        for (Wire.Call c : calls) {
            if (c.what() == Wire.Call.What.WINDOW || c.what() == Wire.Call.What.BEGIN || c.what() == Wire.Call.What.RESUME) {
                part.called++;
                part.seen = Math.max(part.seen, c.number() - 1);
            }
        }
        Map<Snapshot.Key, Snapshot> held = calls.get(0).what() == Wire.Call.What.RESUME ? part.store.all() : Map.of();
        for (Wire.Call c : calls) {
            UserActor.Command command = switch (c.what()) {
                case BEGIN -> {
                    part.beganNanos = System.nanoTime();
                    yield UserActor.Begin.INSTANCE;
                }
                case RESUME -> new UserActor.Resume(new Restored(part.restored.remove(c.user()), held));
                case WINDOW -> new UserActor.Window(c.number(), c.messages());
                case FREEZE -> new UserActor.Freeze(c.number());
                case FINISH -> new UserActor.Finish();
            };
            part.users.get(c.user() - part.request.from()).tell(command);
            if (c.messages() != null) {
                c.messages().stream().filter(m -> m.snapshot() != null).forEach(m -> part.store.handedOn(m.snapshot().key()));
            }
        }
        if (calls.get(0).what() == Wire.Call.What.RESUME) {
            part.store.forgetUnexpected();
        }
    }

    private Behavior<Command> fromUser(FromUser f) {
        if (part == null || f.session() != part.request.session()) {
            return this;
        }
        if (f.report() instanceof Report.Progressed p) {
            part.answers.add(p);
            part.called--;
            if (part.called == 0 || part.wall()) {
                List<Report.Progressed> all = part.answers;
                part.answers = new ArrayList<>();
                answer(all);
            }
        } else if (f.report() instanceof Report.Frozen z) {
            part.send(new Report.Frozen(z.user(), z.life(), z.refersTo(), part.store.toHandIn(z.snapshots())), true);
        } else if (f.report() instanceof Report.Finished e) {
            part.send(e, true);
        } else if (f.report() instanceof Report.Failed e) {
            part.send(new Wire.Broken(e.user(), e.reason().toString()), false);
        }
        return this;
    }

    /** Sends what users have sent to where it goes, and tells the clock. */
    private void answer(List<Report.Progressed> answers) {
        Map<Integer, Map<Snapshot.Key, Wire.Held>> byNode = new LinkedHashMap<>();
        for (Report.Progressed p : answers) {
            for (Message m : p.sent()) {
                if (m.snapshot() != null) {
                    int node = part.nodeOf(m.to());
                    if (node == part.request.node()) {
                        part.store.put(m.snapshot(), 1);
                    } else {
                        byNode.computeIfAbsent(node, k -> new LinkedHashMap<>()).merge(m.snapshot().key(), new Wire.Held(m.snapshot(), 1),
                                (a, b) -> new Wire.Held(a.snapshot(), a.expected() + 1));
                    }
                }
            }
        }
        part.send(new Wire.Answers(answers), false);
        byNode.forEach((node, held) -> {
            List<Wire.Held> some = new ArrayList<>();
            long bytes = 0;
            for (Wire.Held h : held.values()) {
                some.add(h);
                bytes += h.bytes();
                if (bytes > Posts.PARCEL_BYTES) {
                    snapshots(node, some);
                    some = new ArrayList<>();
                    bytes = 0;
                }
            }
            if (!some.isEmpty()) {
                snapshots(node, some);
            }
        });
    }

    private void snapshots(int node, List<Wire.Held> some) {
        long id = ++part.parcels;
        part.store.leave(id, some.stream().map(Wire.Held::snapshot).toList());
        posts.bulk().tell(new PostActor.Send(part.request.session(), part.request.node(), part.bulks.get(node), Wire.whole(new Wire.Snapshots(some)), id, notices));
    }

    /** One user of a saved run, as far as it concerns that user. */
    private record Restored(byte[] bytes, Map<Snapshot.Key, Snapshot> snapshots) implements SavedRun {
        @Override
        public int users() {
            return 1;
        }

        @Override
        public ClockState clock() {
            throw new UnsupportedOperationException("the clock is elsewhere");
        }

        @Override
        public ClockState clockWithoutSnapshots() {
            return clock();
        }

        @Override
        public byte[] life(int user) {
            return bytes;
        }

        @Override
        public List<Snapshot.Key> refersTo(int user) {
            return List.copyOf(snapshots.keySet());
        }

        @Override
        public Snapshot snapshot(Snapshot.Key key) {
            return snapshots.get(key);
        }
    }
}
