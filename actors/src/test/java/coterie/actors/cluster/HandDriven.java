package coterie.actors.cluster;

import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.clock.Report;
import coterie.actors.clock.UserActor;
import coterie.actors.clock.UserRouter;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.user.Outlook;
import coterie.model.exchange.Snapshot;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Real nodes ({@link WorkerRun}) between which every frame, every acknowledgement and every answer of a user waits
 * until the test lets it pass. A clock and users of a few lines follow a script. What a node does depends only on the
 * order in which things arrive, so a test can try all orders.
 */
final class HandDriven {
    private static final long SESSION = 7;

    /**
     * A user in a window of the script.
     *
     * @param sendsTo users that receive its snapshot
     * @param again whether that is the snapshot of the window before
     */
    record Turn(int user, boolean again, int... sendsTo) {}

    /**
     * The events of the script.
     *
     * @param users number of users of each node
     * @param windows users that are called in each window and receive the messages that wait for them
     * @param atOnce users that are asked for their states at the same time
     * @param saves checkpoints that may be tried between two windows
     */
    record Script(int[] users, List<List<Turn>> windows, int atOnce, int saves) {
        /** The node of each user; every user is a shard of its own. */
        int[] nodeOf() {
            return IntStream.range(0, users.length)
                    .flatMap(k -> IntStream.range(0, users[k]).map(u -> k))
                    .toArray();
        }
    }

    /**
     * Kinds of events. The clock has three: it opens the next window, begins a checkpoint, or learns that the current
     * one cannot be written.
     */
    enum What {
        CALL,
        USER,
        FRAME,
        ACKNOWLEDGEMENT,
        OPEN,
        SAVE,
        FAIL
    }

    /** An event that passes from {@code from} to {@code to}; a user is {@code to}. */
    record Event(What what, int from, int to) {}

    private record Frame(byte[] bytes, long id) {}

    private static final class NodeHere {
        private WorkerRun run;
        private final TestInbox<ChunkedTransport.Command> urgent = TestInbox.create();
        private final TestInbox<ChunkedTransport.Command> bulk = TestInbox.create();
        private final Deque<byte[]> calls = new ArrayDeque<>();
        private final List<Deque<Frame>> frames = new ArrayList<>();
        private final List<Deque<Long>> acknowledgements = new ArrayList<>();
        /** Snapshots handed in during the current checkpoint. */
        private final Set<Snapshot.Key> handedIn = new HashSet<>();
    }

    private final Script script;
    private final int[] nodeOf;
    /** Every node's transport for snapshots; only its reference is used. */
    private final List<ActorRef<ChunkedTransport.Command>> lanes;
    /** Every node's transport for the clock's calls. */
    private final List<ActorRef<ChunkedTransport.Command>> targets = new ArrayList<>();

    private final List<NodeHere> nodes = new ArrayList<>();
    private final List<TestInbox<UserActor.Command>> users = new ArrayList<>();
    private final List<Map<Integer, Snapshot>> owned = new ArrayList<>();
    private final List<List<Message>> waiting = new ArrayList<>();
    private final TestInbox<ChunkedTransport.Command> clockTransport = TestInbox.create();
    private final UserRouter router;
    private int window;
    private int pending;
    private long numbers;
    private long checkpoint;
    private boolean saving;
    private boolean failed;
    /** Checkpoints tried since the last window. */
    private int saves;

    private int frozen;
    private int saved;

    HandDriven(Script script, List<ActorRef<ChunkedTransport.Command>> lanes, ActorRefResolver resolver) {
        this.script = script;
        this.lanes = lanes;
        nodeOf = script.nodeOf();
        List<String> paths = lanes.stream()
                .limit(script.users.length)
                .map(resolver::toSerializationFormat)
                .toList();
        TestInbox<ChunkedTransport.Notice> notices = TestInbox.create();
        Transports starter = new Transports(clockTransport.getRef(), clockTransport.getRef());
        UserShards shards = new UserShards(nodeOf.length, nodeOf.length);
        for (int k = 0; k < script.users.length; k++) {
            int node = k;
            NodeHere n = new NodeHere();
            nodes.add(n);
            for (int j = 0; j < script.users.length; j++) {
                n.frames.add(new ArrayDeque<>());
                n.acknowledgements.add(new ArrayDeque<>());
            }
            int[] hosted = IntStream.range(0, nodeOf.length)
                    .filter(u -> nodeOf[u] == node)
                    .toArray();
            n.run = new WorkerRun(
                    new WorkerRun.Link(
                            SESSION,
                            new Transports(n.urgent.getRef(), n.bulk.getRef()),
                            starter,
                            notices.getRef(),
                            resolver),
                    new DataMessages.Prepare(k, nodeOf.length, nodeOf.length, hosted, "", new byte[0], 0),
                    new LocalUsers(SESSION, shards, hosted, null));
            for (int u : hosted) {
                users.add(TestInbox.create());
                owned.add(new HashMap<>());
                waiting.add(new ArrayList<>());
                n.run.awake(u, users.get(u).getRef());
            }
            n.run.arrived(fromClock(DataMessages.keyed(new DataMessages.Placement(nodeOf, paths), 0)));
            n.urgent.getAllReceived();
            targets.add(TestInbox.<ChunkedTransport.Command>create().getRef());
        }
        router = new ClusterUserRouter(SESSION, shards, nodeOf, targets, clockTransport.getRef());
        open();
    }

    private static ChunkedTransport.Arrived fromClock(byte[] frame) {
        return new ChunkedTransport.Arrived(SESSION, RunCoordinator.STARTER, frame);
    }

    /** All events that can happen next. */
    List<Event> possible() {
        List<Event> all = new ArrayList<>();
        for (int k = 0; k < nodes.size(); k++) {
            NodeHere n = nodes.get(k);
            if (!n.calls.isEmpty()) {
                all.add(new Event(What.CALL, RunCoordinator.STARTER, k));
            }
            for (int j = 0; j < nodes.size(); j++) {
                if (!n.frames.get(j).isEmpty()) {
                    all.add(new Event(What.FRAME, j, k));
                }
                if (!n.acknowledgements.get(j).isEmpty()) {
                    all.add(new Event(What.ACKNOWLEDGEMENT, j, k));
                }
            }
        }
        for (int u = 0; u < users.size(); u++) {
            if (users.get(u).hasMessages()) {
                all.add(new Event(What.USER, nodeOf[u], u));
            }
        }
        if (saving && !failed && saved < frozen) {
            all.add(new Event(What.FAIL, 0, 0));
        }
        if (!saving && pending == 0) {
            if (window < script.windows.size()) {
                all.add(new Event(What.OPEN, 0, 0));
            }
            if (saves < script.saves) {
                all.add(new Event(What.SAVE, 0, 0));
            }
        }
        return all;
    }

    /**
     * Lets an event happen.
     *
     * @throws AssertionError if a checkpoint turns out to be incomplete
     */
    void happen(Event e) {
        switch (e.what) {
            case CALL -> {
                nodes.get(e.to).run.arrived(fromClock(nodes.get(e.to).calls.poll()));
                collect(e.to);
            }
            case FRAME -> {
                Frame p = nodes.get(e.to).frames.get(e.from).poll();
                nodes.get(e.to).run.arrived(new ChunkedTransport.Arrived(SESSION, e.from, p.bytes));
                nodes.get(e.from).acknowledgements.get(e.to).add(p.id);
                collect(e.to);
            }
            case ACKNOWLEDGEMENT ->
                nodes.get(e.to)
                        .run
                        .delivered(nodes.get(e.to).acknowledgements.get(e.from).poll());
            case USER -> {
                user(e.to, users.get(e.to).receiveMessage());
                collect(e.from);
            }
            case OPEN -> open();
            case SAVE -> save();
            case FAIL -> failed = true;
        }
    }

    private void user(int u, UserActor.Command c) {
        WorkerRun node = nodes.get(nodeOf[u]).run;
        if (c instanceof UserActor.Window w) {
            w.messages().forEach(m -> owned.get(u).put(m.from(), m.snapshot()));
            node.reported(new Report.Progressed(
                    u, new Outlook(0, false, 0, 0, 0, false, Ticks.NEVER), sends(u, (int) w.end()), List.of()));
        } else {
            List<Snapshot> mine = List.copyOf(owned.get(u).values());
            node.reported(new Report.Checkpointed(new UserCheckpoint(
                    u, new byte[0], mine.stream().map(Snapshot::key).toList(), mine)));
        }
    }

    private List<Message> sends(int u, int at) {
        Turn turn = script.windows.get(at).stream()
                .filter(t -> t.user == u)
                .findFirst()
                .orElseThrow();
        int of = turn.again ? at - 1 : at;
        Snapshot s = new Snapshot(u, of, of, new float[] {u, of}, null);
        List<Message> sent = new ArrayList<>();
        for (int to : turn.sendsTo) {
            sent.add(new Message(new Payload(Payload.Kind.SNAPSHOT, at, at, u, of, s, 1), to, numbers++, at + 1));
        }
        return sent;
    }

    /**
     * Queues what a node has given to its transports. What is addressed to the clock arrives at once, since a test can
     * delay the clock's own answers.
     */
    private void collect(int k) {
        NodeHere n = nodes.get(k);
        for (ChunkedTransport.Command c : n.bulk.getAllReceived()) {
            ChunkedTransport.Send s = (ChunkedTransport.Send) c;
            if (s.to().equals(clockTransport.getRef())) {
                frozen(k, ((Report.Checkpointed) read(s.frame())).checkpoint());
            } else {
                nodes.get(lanes.indexOf(s.to())).frames.get(k).add(new Frame(s.frame(), s.id()));
            }
        }
        for (ChunkedTransport.Command c : n.urgent.getAllReceived()) {
            ((DataMessages.Answers) read(((ChunkedTransport.Send) c).frame()))
                    .all()
                    .forEach(p -> {
                        p.sent().forEach(m -> waiting.get(m.to()).add(m));
                        pending--;
                    });
        }
    }

    private static Object read(byte[] frame) {
        try {
            return DataMessages.read(frame, Snapshot::absent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The clock sends what it has passed to its router. */
    private void sendOff() {
        router.sendOff();
        for (ChunkedTransport.Command c : clockTransport.getAllReceived()) {
            nodes.get(targets.indexOf(((ChunkedTransport.Send) c).to())).calls.add(((ChunkedTransport.Send) c).frame());
        }
    }

    private void open() {
        List<Turn> turns = script.windows.get(window);
        pending = turns.size();
        for (Turn t : turns) {
            router.tell(t.user, new UserActor.Window(window, List.copyOf(waiting.get(t.user))));
            waiting.get(t.user).clear();
        }
        window++;
        saves = 0;
        sendOff();
    }

    /** Begins a checkpoint. */
    void save() {
        checkpoint++;
        saving = true;
        saves++;
        failed = false;
        saved = 0;
        frozen = 0;
        nodes.forEach(n -> n.handedIn.clear());
        freeze();
    }

    private void freeze() {
        while (!failed && frozen < users.size() && frozen - saved < script.atOnce) {
            router.tell(frozen++, new UserActor.TakeCheckpoint(checkpoint));
        }
        sendOff();
    }

    private void frozen(int node, UserCheckpoint f) {
        for (Snapshot s : f.snapshots()) {
            if (!nodes.get(node).handedIn.add(s.key())) {
                throw new AssertionError("node " + node + " has handed in " + s.key() + " twice");
            }
        }
        saved++;
        freeze();
        if (saved == frozen) {
            saving = false;
            if (!failed) {
                whole();
            }
        }
    }

    private void whole() {
        Set<Snapshot.Key> all = new HashSet<>();
        nodes.forEach(n -> all.addAll(n.handedIn));
        waiting.forEach(list -> list.forEach(m -> {
            if (!all.contains(m.snapshot().key())) {
                throw new AssertionError("a snapshot that is under way is nowhere: "
                        + m.snapshot().key() + " for user " + m.to());
            }
        }));
        owned.forEach(mine -> mine.values().forEach(s -> {
            if (!all.contains(s.key())) {
                throw new AssertionError("a snapshot that a user has is nowhere: " + s.key());
            }
        }));
    }

    /** Snapshots that nodes hold, for their users or because they are in transit. */
    int held() {
        return nodes.stream().mapToInt(n -> n.run.snapshots()).sum();
    }

    /** Everything that decides what can still happen: two orders that lead to the same state need not be told apart. */
    String state() {
        StringBuilder all = new StringBuilder()
                .append(window)
                .append(' ')
                .append(pending)
                .append(' ')
                .append(saves);
        waiting.forEach(list -> all.append(keys(list.stream().map(Message::snapshot))));
        if (saving) {
            all.append(failed).append(frozen).append(' ').append(saved);
        }
        for (NodeHere n : nodes) {
            all.append('|')
                    .append(n.run.state(saving ? checkpoint : -1))
                    .append(' ')
                    .append(n.calls.size());
            n.frames.forEach(p -> all.append(p.stream().map(Frame::id).toList()));
            all.append(n.acknowledgements);
            if (saving) {
                all.append(
                        n.handedIn.stream().map(Snapshot.Key::toString).sorted().toList());
            }
        }
        for (int u = 0; u < users.size(); u++) {
            all.append('|').append(users.get(u).hasMessages()).append(keys(owned.get(u).values().stream()));
        }
        return all.toString();
    }

    private static List<String> keys(Stream<Snapshot> snapshots) {
        return snapshots.map(s -> s.key().toString()).sorted().toList();
    }
}
