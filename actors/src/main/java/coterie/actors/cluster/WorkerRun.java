package coterie.actors.cluster;

import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.Report;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.UserActor;
import coterie.actors.cluster.DataMessages.Call;
import coterie.actors.cluster.DataMessages.Held;
import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * One node's part of a run: relays what the clock tells its users, and what they answer, each window as one frame.
 * Sends the snapshots of its users straight to the nodes that want them, each once per node. A window that refers to a
 * snapshot waits here until that has arrived, so that time never overtakes data. Used by its {@link NodeActor} only.
 */
final class WorkerRun {
    /**
     * How a node speaks to others in a session.
     *
     * @param own this node's transports
     * @param starter those of the run's starter
     * @param notices is told of frames that were delivered
     * @param resolver of paths to transports
     */
    record Link(
            long session,
            Transports own,
            Transports starter,
            ActorRef<ChunkedTransport.Notice> notices,
            ActorRefResolver resolver) {}

    private final Link link;
    private final int node;
    private final double speed;
    private final UserShards shards;
    private final LocalUsers users;
    private final SnapshotStore store = new SnapshotStore();
    private final Map<Integer, byte[]> restored = new HashMap<>();
    /** Frames from the clock that wait for a snapshot. */
    private final Deque<byte[]> deferred = new ArrayDeque<>();

    private List<Report.Progressed> answers = new ArrayList<>();
    /** The node of each shard. */
    private int[] nodeOf;
    /** Every node's transport for snapshots. */
    private List<ActorRef<ChunkedTransport.Command>> bulks;

    /** Users that were told to go on and have not answered. */
    private int called;

    private long frames;
    /** Whether the frame that was read last refers to a snapshot that is not here. */
    private boolean missing;

    private volatile long beganNanos = System.nanoTime();
    /** The latest tick that the clock has mentioned. */
    private volatile long seen;

    WorkerRun(Link link, DataMessages.Prepare request, LocalUsers users) {
        this.link = link;
        this.users = users;
        node = request.node();
        speed = request.speed();
        shards = request.divided();
    }

    long session() {
        return link.session;
    }

    /** Inputs are loaded. */
    void ready(String fingerprint) {
        send(new DataMessages.Ready(fingerprint), false);
    }

    /** Inputs could not be loaded. */
    void refuse(Throwable reason) {
        send(new DataMessages.Refused(RunFailedException.inWords(reason)), false);
    }

    /** A user is awake. */
    void awake(int user, ActorRef<UserActor.Command> reference) {
        if (users.awake(user, reference)) {
            send(new DataMessages.Awake(), false);
        }
    }

    void stopUsers() {
        users.stop();
    }

    /** A line of this node's log for the starter. */
    void say(String line) {
        send(new DataMessages.Said(line), false);
    }

    /** A user cannot go on. */
    void failed(int user, Throwable reason) {
        send(new DataMessages.Broken(user, RunFailedException.inWords(reason)), false);
    }

    /** A frame from the clock, or with snapshots from another node. */
    void arrived(ChunkedTransport.Arrived a) {
        try {
            read(a);
        } catch (IOException e) {
            send(
                    new DataMessages.Broken(DataMessages.NO_USER, "a message could not be read: " + e.getMessage()),
                    false);
        }
    }

    /** A frame of snapshots has arrived at its node. */
    void delivered(long frame) {
        store.left(frame);
    }

    /** Snapshots held for users here, or because they are in transit to other nodes. */
    int snapshots() {
        return store.size();
    }

    /** Everything that decides what this does while a checkpoint is taken; for tests that compare. */
    String state(long checkpoint) {
        return store.state(checkpoint) + " " + deferred.size() + " " + answers.size() + " " + called + " " + frames;
    }

    /** What a user reports. */
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
        }
    }

    private void read(ChunkedTransport.Arrived a) throws IOException {
        if (!deferred.isEmpty() && a.from() == RunCoordinator.STARTER) {
            deferred.add(a.frame());
            return;
        }
        missing = false;
        Object message = DataMessages.read(a.frame(), this::stored);
        if (missing) {
            // A snapshot that the clock knows to be sent is still on its way from its sender.
            deferred.add(a.frame());
        } else if (message instanceof DataMessages.Calls c) {
            calls(c.all());
        } else if (message instanceof DataMessages.Snapshots s) {
            for (Held h : s.all()) {
                store.put(h.snapshot(), h.expected());
            }
            catchUp();
        } else if (message instanceof DataMessages.Restore r) {
            restored.put(r.user(), r.life());
        } else if (message instanceof DataMessages.Placement p) {
            nodeOf = p.nodeOf();
            bulks = p.bulks().stream()
                    .map(link.resolver::<ChunkedTransport.Command>resolveActorRef)
                    .toList();
        }
    }

    /** Processes deferred frames up to the next one that still lacks a snapshot. */
    private void catchUp() throws IOException {
        while (!deferred.isEmpty()) {
            missing = false;
            Object message = DataMessages.read(deferred.peek(), this::stored);
            if (missing) {
                return;
            }
            deferred.poll();
            calls(((DataMessages.Calls) message).all());
        }
    }

    private Snapshot stored(Snapshot.Key key) {
        Snapshot s = store.get(key);
        missing |= s == null;
        return s == null ? Snapshot.absent(key) : s;
    }

    private void calls(List<Call> calls) {
        Call.What first = calls.get(0).what();
        if (first == Call.What.FREEZE) {
            store.begin(calls.get(0).number());
        } else if (first == Call.What.WINDOW) {
            store.answerAwaited();
        }
        for (Call c : calls) {
            if (c.what() == Call.What.WINDOW || c.what() == Call.What.BEGIN || c.what() == Call.What.RESUME) {
                called++;
                seen = Math.max(seen, c.number() - 1);
            }
        }
        Map<Snapshot.Key, Snapshot> held = first == Call.What.RESUME ? store.all() : Map.of();
        for (Call c : calls) {
            users.tell(c.user(), command(c, held));
            if (c.messages() != null) {
                c.messages().stream()
                        .filter(m -> m.snapshot() != null)
                        .forEach(m -> store.handedOn(m.snapshot().key()));
            }
        }
        if (first == Call.What.RESUME) {
            store.forgetUnexpected();
        }
    }

    private UserActor.Command command(Call c, Map<Snapshot.Key, Snapshot> held) {
        return switch (c.what()) {
            case BEGIN -> {
                beganNanos = System.nanoTime();
                yield UserActor.Begin.INSTANCE;
            }
            case RESUME -> new UserActor.Resume(new RestoredUser(restored.remove(c.user()), held));
            case WINDOW -> new UserActor.Window(c.number(), c.messages());
            case FREEZE -> new UserActor.TakeCheckpoint(c.number());
            case FINISH -> new UserActor.Finish();
            case YIELD -> new UserActor.Yield();
        };
    }

    /** Tells the clock what users have answered, and sends their snapshots where they are wanted. */
    private void answer(List<Report.Progressed> all) {
        OutgoingSnapshots outgoing = new OutgoingSnapshots(all, u -> nodeOf[shards.shard(u)]);
        if (outgoing.nodes().contains(node)) {
            outgoing.of(node).forEach(h -> store.put(h.snapshot(), h.expected()));
        }
        send(new DataMessages.Answers(all), false);
        for (int to : outgoing.nodes()) {
            if (to != node) {
                outgoing.frames(to).forEach(some -> snapshots(to, some));
            }
        }
    }

    private void snapshots(int to, List<Held> some) {
        long id = ++frames;
        if (!wall()) {
            // Under the wall clock no checkpoint is taken.
            store.leave(id, some.stream().map(Held::snapshot).toList());
        }
        byte[] frame = DataMessages.whole(new DataMessages.Snapshots(some));
        link.own.bulk().tell(new ChunkedTransport.Send(link.session, node, bulks.get(to), frame, id, link.notices));
    }

    /**
     * The current tick under the wall clock: never before a tick that the clock has mentioned, whatever this machine's
     * clock says. Called by users, on their threads.
     */
    long now() {
        return Math.max(seen, Ticks.at((System.nanoTime() - beganNanos) / 1e9 * speed));
    }

    boolean wall() {
        return speed > 0;
    }

    /** Sends to the starter; large frames go on the other lane. */
    private void send(Object message, boolean large) {
        if (large) {
            long room =
                    message instanceof Report.Checkpointed c ? c.checkpoint().state().length : 0;
            send(link.own.bulk(), link.starter.bulk(), DataMessages.whole(message, room));
        } else {
            send(link.own.urgent(), link.starter.urgent(), DataMessages.keyed(message, 0));
        }
    }

    private void send(ActorRef<ChunkedTransport.Command> from, ActorRef<ChunkedTransport.Command> to, byte[] frame) {
        from.tell(new ChunkedTransport.Send(link.session, node, to, frame, 0, null));
    }
}
