package coterie.actors.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;

/** A node of a run as the run's starter knows it. */
final class RunNode {
    private final Address address;
    private final ActorRef<Handshake.ToNode> reference;
    private final Deque<Iterator<Supplier<byte[]>>> frames = new ArrayDeque<>();
    private Handshake.Hello hello;
    private int[] shards = {};
    private boolean ready;
    private boolean awake;
    private int inTransit;

    RunNode(Address address, ActorRef<Handshake.ToNode> reference) {
        this.address = address;
        this.reference = reference;
    }

    Address address() {
        return address;
    }

    /** {@code host:port}. */
    String name() {
        return ClusterEngine.hostPort(address);
    }

    void tell(Handshake.ToNode message) {
        reference.tell(message);
    }

    /** Its facts; null before it has answered. */
    Handshake.Hello hello() {
        return hello;
    }

    void hello(Handshake.Hello facts) {
        hello = facts;
    }

    WeightedAllocation.Capacity capacity() {
        return new WeightedAllocation.Capacity(address, hello.weight(), hello.room());
    }

    /** Shards that it hosts, ascending. */
    int[] shards() {
        return shards;
    }

    void hosts(int[] some) {
        shards = some;
    }

    /** Whether its inputs are loaded. */
    boolean isReady() {
        return ready;
    }

    void ready() {
        ready = true;
    }

    /** Whether all its users are awake. */
    boolean isAwake() {
        return awake;
    }

    void awake() {
        awake = true;
    }

    /** Queues frames; each is made when it is sent, so that memory holds few. */
    void enqueue(Iterable<Supplier<byte[]>> more) {
        frames.add(more.iterator());
    }

    /** The next queued frame, which is in transit from now on; null if there is none. */
    byte[] nextFrame() {
        while (!frames.isEmpty() && !frames.peek().hasNext()) {
            frames.poll();
        }
        if (frames.isEmpty()) {
            return null;
        }
        inTransit++;
        return frames.peek().next().get();
    }

    /** Queued frames that were sent and have not arrived. */
    int inTransit() {
        return inTransit;
    }

    void arrived() {
        inTransit--;
    }
}
