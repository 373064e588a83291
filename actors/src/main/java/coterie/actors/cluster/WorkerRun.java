package coterie.actors.cluster;

import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.checkpoint.SavedRun;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.Report;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.UserActor;
import coterie.actors.message.Message;
import coterie.actors.user.UserProcess;
import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;
import java.io.IOException;
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
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * A run, as one node takes part in it: brings its users there to life, hands them what their clock says, and what they
 * answer back to it: everything of a window in one parcel. What they send users elsewhere goes straight to those users'
 * nodes, each snapshot once a node however many there want it; what the clock says about it waits here until it has
 * come, so that time never overtakes data. Belongs to its {@link NodeActor}.
 */
final class WorkerRun {
    private final Handshake.Prepare request;
    private final RunFactory.RunResources bench;
    private final Transports posts;
    private final ActorRef<ChunkedTransport.Notice> notices;
    private final ActorRef<Report> reports;
    /** Of user states; null before the first user. */
    private RunCodec codec;

    private final ActorRefResolver resolver;
    private final List<ActorRef<Object>> entities;
    private final List<ActorRef<UserActor.Command>> users;
    private final SnapshotStore store = new SnapshotStore();
    private final Map<Integer, byte[]> restored = new HashMap<>();
    /** What the clock has said, and what cannot be done before some snapshot has come. */
    private final Deque<byte[]> deferred = new ArrayDeque<>();

    private List<Report.Progressed> answers = new ArrayList<>();
    /** The first user of every node. */
    private int[] first;
    /** Every node's lane for large pieces. */
    private List<ActorRef<ChunkedTransport.Command>> bulks;

    private int living;
    private int called;
    private long parcels;
    /** Whether what was read last refers to a snapshot that is not here. */
    private boolean missing;

    private volatile long beganNanos = System.nanoTime();
    /** The latest tick that the clock has told of. */
    private volatile long seen;

    /**
     * @param notices who hears of parcels that have left
     * @param reports who hears the users, and passes it on to {@link #reported}
     */
    WorkerRun(
            Handshake.Prepare request,
            RunFactory.RunResources bench,
            Transports posts,
            ActorRef<ChunkedTransport.Notice> notices,
            ActorRef<Report> reports,
            ActorRefResolver resolver) {
        this.request = request;
        this.bench = bench;
        this.posts = posts;
        this.notices = notices;
        this.reports = reports;
        this.resolver = resolver;
        entities = new ArrayList<>(Collections.nCopies(request.to() - request.from(), null));
        users = new ArrayList<>(Collections.nCopies(request.to() - request.from(), null));
    }

    Handshake.Prepare request() {
        return request;
    }

    RunFactory.RunResources bench() {
        return bench;
    }

    /**
     * Has sharding bring to life those who do not live yet: a shard is this node's part of the run.
     *
     * @return whether there were any
     */
    boolean callUsers(ActorRef<ShardingEnvelope<Object>> region) {
        boolean any = false;
        for (int u = 0; u < users.size(); u++) {
            if (entities.get(u) == null) {
                any = true;
                region.tell(UserEntity.envelope(
                        request.session(), request.node(), new Handshake.Live(request.session(), request.from() + u)));
            }
        }
        return any;
    }

    /** A user is there, and is given its life. */
    void settled(int user, ActorRef<Object> entity) {
        if (user < request.from() || user >= request.to()) {
            entity.tell(UserEntity.Stop.STOP);
            return;
        }
        int place = user - request.from();
        if (entities.get(place) == null) {
            entities.set(place, entity);
            UserProcess life;
            try {
                life = new UserProcess(user, bench.config(), bench.learner(user));
                codec = codec == null ? RunCodec.of(bench.config().protocol()) : codec;
            } catch (RuntimeException | Error e) {
                // No room on its device, or files that are not there: the run must know, since it waits for this user.
                send(new DataMessages.Broken(user, RunFailedException.inWords(e)), false);
                return;
            }
            entity.tell(new UserEntity.Move(
                    request.session(), user, UserActor.create(user, life, codec, reports, wall() ? this::now : null)));
        }
    }

    /** A user lives. */
    void living(int user, ActorRef<UserActor.Command> life) {
        users.set(user - request.from(), life);
        if (++living == users.size()) {
            send(new DataMessages.Housed(), false);
        }
    }

    void stopUsers() {
        entities.stream().filter(Objects::nonNull).forEach(u -> u.tell(UserEntity.Stop.STOP));
    }

    /** A line of this node's log, for whoever started the run. */
    void say(String line) {
        send(new DataMessages.Said(line), false);
    }

    /** A parcel from the clock, or with snapshots from another node. */
    void arrived(ChunkedTransport.Arrived a) {
        try {
            read(a);
        } catch (IOException e) {
            send(new DataMessages.Broken(-1, "a parcel could not be read: " + e.getMessage()), false);
        }
    }

    /** A parcel of snapshots has arrived at its node. */
    void left(long parcel) {
        store.left(parcel);
    }

    /** How many are held: for users here, or since they are on their way to other nodes. */
    int snapshots() {
        return store.size();
    }

    /** All that makes a difference to what it does while a checkpoint is under way: for those who compare. */
    String state(long checkpoint) {
        return store.state(checkpoint) + " " + deferred.size() + " " + answers.size() + " " + called + " " + parcels;
    }

    /** What a user says of itself. */
    void reported(Report report) {
        if (report instanceof Report.Progressed p) {
            answers.add(p);
            called--;
            if (called == 0 || wall()) {
                List<Report.Progressed> all = answers;
                answers = new ArrayList<>();
                answer(all);
            }
        } else if (report instanceof Report.Checkpointed c) {
            UserCheckpoint all = c.checkpoint();
            send(
                    new Report.Checkpointed(new UserCheckpoint(
                            all.user(), all.state(), all.refersTo(), store.toHandIn(all.snapshots()))),
                    true);
        } else if (report instanceof Report.Finished e) {
            send(e, true);
        } else if (report instanceof Report.Failed e) {
            send(new DataMessages.Broken(e.user(), RunFailedException.inWords(e.reason())), false);
        }
    }

    private void read(ChunkedTransport.Arrived a) throws IOException {
        if (!deferred.isEmpty() && a.from() == RunCoordinator.STARTER) {
            deferred.add(a.parcel());
            return;
        }
        missing = false;
        Object piece = DataMessages.read(a.parcel(), this::stored);
        if (missing) {
            // What the clock knows to have been sent is still on its way, straight from its sender.
            deferred.add(a.parcel());
        } else if (piece instanceof DataMessages.Calls c) {
            calls(c.all());
        } else if (piece instanceof DataMessages.Snapshots s) {
            for (DataMessages.Held h : s.all()) {
                store.put(h.snapshot(), h.expected());
            }
            catchUp();
        } else if (piece instanceof DataMessages.Restore r) {
            restored.put(r.user(), r.life());
        } else if (piece instanceof DataMessages.Placement p) {
            first = p.first();
            bulks = p.posts().stream()
                    .map(resolver::<ChunkedTransport.Command>resolveActorRef)
                    .toList();
        }
    }

    /** Does what was deferred, as far as it can be done by now. */
    private void catchUp() throws IOException {
        while (!deferred.isEmpty()) {
            missing = false;
            Object piece = DataMessages.read(deferred.peek(), this::stored);
            if (missing) {
                return;
            }
            deferred.poll();
            calls(((DataMessages.Calls) piece).all());
        }
    }

    private Snapshot stored(Snapshot.Key key) {
        Snapshot s = store.get(key);
        missing |= s == null;
        return s == null ? Snapshot.absent(key) : s;
    }

    private void calls(List<DataMessages.Call> calls) {
        if (calls.get(0).what() == DataMessages.Call.What.FREEZE) {
            store.begin(calls.get(0).number());
        } else if (calls.get(0).what() == DataMessages.Call.What.WINDOW) {
            store.answerAwaited();
        }
        for (DataMessages.Call c : calls) {
            if (c.what() == DataMessages.Call.What.WINDOW
                    || c.what() == DataMessages.Call.What.BEGIN
                    || c.what() == DataMessages.Call.What.RESUME) {
                called++;
                seen = Math.max(seen, c.number() - 1);
            }
        }
        Map<Snapshot.Key, Snapshot> held =
                calls.get(0).what() == DataMessages.Call.What.RESUME ? store.all() : Map.of();
        for (DataMessages.Call c : calls) {
            UserActor.Command command = switch (c.what()) {
                case BEGIN -> {
                    beganNanos = System.nanoTime();
                    yield UserActor.Begin.INSTANCE;
                }
                case RESUME -> new UserActor.Resume(new Restored(restored.remove(c.user()), held));
                case WINDOW -> new UserActor.Window(c.number(), c.messages());
                case FREEZE -> new UserActor.TakeCheckpoint(c.number());
                case FINISH -> new UserActor.Finish();
                case YIELD -> new UserActor.Yield();
            };
            users.get(c.user() - request.from()).tell(command);
            if (c.messages() != null) {
                c.messages().stream()
                        .filter(m -> m.snapshot() != null)
                        .forEach(m -> store.handedOn(m.snapshot().key()));
            }
        }
        if (calls.get(0).what() == DataMessages.Call.What.RESUME) {
            store.forgetUnexpected();
        }
    }

    /** Sends what users have sent to where it goes, and tells the clock. */
    private void answer(List<Report.Progressed> all) {
        Map<Integer, Map<Snapshot.Key, DataMessages.Held>> byNode = new LinkedHashMap<>();
        for (Report.Progressed p : all) {
            for (Message m : p.sent()) {
                if (m.snapshot() != null) {
                    int node = nodeOf(m.to());
                    if (node == request.node()) {
                        store.put(m.snapshot(), 1);
                    } else {
                        byNode.computeIfAbsent(node, k -> new LinkedHashMap<>())
                                .merge(
                                        m.snapshot().key(),
                                        new DataMessages.Held(m.snapshot(), 1),
                                        (a, b) -> new DataMessages.Held(a.snapshot(), a.expected() + 1));
                    }
                }
            }
        }
        send(new DataMessages.Answers(all), false);
        byNode.forEach((node, held) -> {
            List<DataMessages.Held> some = new ArrayList<>();
            long bytes = 0;
            for (DataMessages.Held h : held.values()) {
                some.add(h);
                bytes += h.bytes();
                if (bytes > Transports.PARCEL_BYTES) {
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

    private void snapshots(int node, List<DataMessages.Held> some) {
        long id = ++parcels;
        if (!wall()) {
            // Under the wall clock nothing is ever saved.
            store.leave(id, some.stream().map(DataMessages.Held::snapshot).toList());
        }
        posts.bulk()
                .tell(new ChunkedTransport.Send(
                        request.session(),
                        request.node(),
                        bulks.get(node),
                        DataMessages.whole(new DataMessages.Snapshots(some)),
                        id,
                        notices));
    }

    /**
     * The tick that it is: never before what the clock has told of already, whatever this machine's clock says. Asked
     * by users, on their threads.
     */
    private long now() {
        return Math.max(seen, Ticks.at((System.nanoTime() - beganNanos) / 1e9 * request.speed()));
    }

    private boolean wall() {
        return request.speed() > 0;
    }

    /** Large pieces go on the other lane. */
    private void send(Object piece, boolean large) {
        if (large) {
            long room = piece instanceof Report.Checkpointed c ? c.checkpoint().state().length : 0;
            posts.bulk()
                    .tell(new ChunkedTransport.Send(
                            request.session(),
                            request.node(),
                            request.bulk(),
                            DataMessages.whole(piece, room),
                            0,
                            null));
        } else {
            posts.urgent()
                    .tell(new ChunkedTransport.Send(
                            request.session(), request.node(), request.post(), DataMessages.keyed(piece, 0), 0, null));
        }
    }

    private int nodeOf(int user) {
        int at = Arrays.binarySearch(first, user);
        return at >= 0 ? at : -at - 2;
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
        public byte[] user(int user) {
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
