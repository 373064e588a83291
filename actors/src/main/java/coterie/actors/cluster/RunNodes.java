package coterie.actors.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** The nodes of a session, and which shards they host. */
final class RunNodes {
    private final List<RunNode> nodes = new ArrayList<>();
    private int[] nodeOf = {};

    RunNodes(List<Address> addresses, ActorRefResolver resolver) {
        for (Address a : addresses) {
            nodes.add(new RunNode(a, resolver.resolveActorRef(a + "/user/node")));
        }
    }

    /** In the order of their numbers in the session. */
    List<RunNode> list() {
        return List.copyOf(nodes);
    }

    RunNode get(int number) {
        return nodes.get(number);
    }

    int size() {
        return nodes.size();
    }

    /** The number of a node in the session. */
    int number(RunNode n) {
        return nodes.indexOf(n);
    }

    boolean has(Address address) {
        return nodes.stream().anyMatch(n -> n.address().equals(address));
    }

    boolean all(Predicate<RunNode> property) {
        return nodes.stream().allMatch(property);
    }

    /** Takes a node's facts; returns the node, or null if it is not one of these. */
    RunNode introduced(Handshake.Hello hello) {
        for (RunNode n : nodes) {
            if (n.address().toString().equals(hello.node())) {
                n.hello(hello);
                return n;
            }
        }
        return null;
    }

    /**
     * Has shards allocated by what the nodes offer. Nodes that get none are removed.
     *
     * @param bytesPerUser memory that a user takes on a node
     * @throws IllegalArgumentException if the nodes have too little room
     */
    void allocate(WeightedAllocation allocation, UserShards shards, long bytesPerUser) {
        int[] homes = allocation.announce(
                shards, bytesPerUser, nodes.stream().map(RunNode::capacity).toList());
        for (int k = 0; k < nodes.size(); k++) {
            int node = k;
            nodes.get(k)
                    .hosts(IntStream.range(0, homes.length)
                            .filter(s -> homes[s] == node)
                            .toArray());
        }
        nodes.removeIf(n -> n.shards().length == 0);
        nodeOf = new int[homes.length];
        for (int k = 0; k < nodes.size(); k++) {
            for (int s : nodes.get(k).shards()) {
                nodeOf[s] = k;
            }
        }
    }

    /** The number of each shard's node. */
    int[] nodeOf() {
        return nodeOf;
    }

    /** The different processors of these nodes. */
    List<String> processors() {
        return nodes.stream().map(n -> n.hello().processor()).distinct().toList();
    }

    /** Where users are, for nodes that send one another snapshots. */
    DataMessages.Placement placement(ActorRefResolver resolver) {
        return new DataMessages.Placement(
                nodeOf,
                nodes.stream()
                        .map(n -> resolver.toSerializationFormat(n.hello().bulk()))
                        .toList());
    }
}
