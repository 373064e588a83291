package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.clock.UserActor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.delivery.ProducerController;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the means that runs over nodes use with Pekko's for the same purpose: {@link ChunkedTransport} with
 * {@link ProducerController} with chunks, handshakes by path with the {@link Receptionist}, users' references with
 * envelopes of sharding. Two actor systems in one process are connected by loopback; both means alternate, and the best
 * of several tries counts. Not a test: prints figures, and is run by name only. The figures are in docs/cluster.md.
 */
class ClusterBenchmark {
    private static final int SNAPSHOT = 4 * 589_824;
    private static final int SNAPSHOTS = 400;
    private static final int WINDOW = 1000;
    private static final int WINDOWS = 5000;
    private static final int REPETITIONS = 5;
    private static final int USERS = 1000;
    private static final int ROUNDS = 100;
    private static final ServiceKey<String> SERVICE = ServiceKey.create(String.class, "node");

    @TempDir
    private Path folder;

    private ActorSystem<Part> here;
    private ActorSystem<Part> there;

    /** Asks a system's guardian to start an actor. */
    private record Part(Behavior<?> behavior, String name, BlockingQueue<ActorRef<?>> started) {}

    private static Behavior<Part> guardian() {
        return Behaviors.receive((context, part) -> {
            part.started.add(context.spawn(part.behavior, part.name));
            return Behaviors.same();
        });
    }

    @SuppressWarnings("unchecked")
    private static <T> ActorRef<T> spawn(ActorSystem<Part> system, Behavior<T> behavior, String name)
            throws InterruptedException {
        BlockingQueue<ActorRef<?>> started = new LinkedBlockingQueue<>();
        system.tell(new Part(behavior, name, started));
        return (ActorRef<T>) taken(started);
    }

    /** The same actor as the other system sees it. */
    private static <T> ActorRef<T> remote(ActorSystem<?> of, ActorRef<T> actor, ActorSystem<?> seenBy) {
        return ActorRefResolver.get(seenBy)
                .resolveActorRef(ActorRefResolver.get(of).toSerializationFormat(actor));
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T found = queue.poll(60, TimeUnit.SECONDS);
        assertThat(found).as("an answer within a minute").isNotNull();
        return found;
    }

    @BeforeEach
    void start() throws IOException {
        Path config = folder.resolve("bench.conf");
        Files.writeString(config, """
                pekko.remote.artery.large-message-destinations = ["/user/bulk", \
                "/user/bulk-producer", "/user/bulk-consumer"]
                pekko.reliable-delivery {
                  producer-controller.chunk-large-messages = 1 MiB
                  consumer-controller.flow-control-window = 4
                }
                """);
        NodeSettings settings = new NodeSettings(null, 0, config);
        here = settings.start(guardian(), true);
        there = settings.start(guardian(), true);
    }

    @AfterEach
    void stop() {
        here.terminate();
        there.terminate();
        here.getWhenTerminated().toCompletableFuture().join();
        there.getWhenTerminated().toCompletableFuture().join();
    }

    /** One way to send frames from here to there. */
    private interface Way {
        void send(byte[] frame) throws InterruptedException;

        /** Waits for the next frame there. */
        byte[] receive() throws InterruptedException;
    }

    private static final class Chunked implements Way {
        private final ActorRef<ChunkedTransport.Command> from;
        private final ActorRef<ChunkedTransport.Command> to;
        private final BlockingQueue<ChunkedTransport.Notice> arrived = new LinkedBlockingQueue<>();

        Chunked(ActorSystem<Part> here, ActorSystem<Part> there, String name, int chunk, int every)
                throws InterruptedException {
            from = spawn(here, ChunkedTransport.create(chunk, every), name);
            ActorRef<ChunkedTransport.Command> at = spawn(there, ChunkedTransport.create(chunk, every), name);
            at.tell(new ChunkedTransport.Open(1, spawn(there, collecting(arrived), name + "-client")));
            to = remote(there, at, here);
        }

        @Override
        public void send(byte[] frame) {
            from.tell(new ChunkedTransport.Send(1, 0, to, frame, 0, null));
        }

        @Override
        public byte[] receive() throws InterruptedException {
            return ((ChunkedTransport.Arrived) taken(arrived)).frame();
        }
    }

    private static <T> Behavior<T> collecting(BlockingQueue<T> queue) {
        return Behaviors.receiveMessage(m -> {
            queue.add(m);
            return Behaviors.same();
        });
    }

    private static final class Reliable implements Way {
        private final BlockingQueue<ProducerController.RequestNext<byte[]>> demand = new LinkedBlockingQueue<>();
        private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();

        Reliable(ActorSystem<Part> here, ActorSystem<Part> there, String name) throws InterruptedException {
            ActorRef<ProducerController.Command<byte[]>> producer =
                    spawn(here, ProducerController.create(byte[].class, name, Optional.empty()), name + "-producer");
            producer.tell(new ProducerController.Start<>(spawn(here, collecting(demand), name + "-demand")));
            ActorRef<ConsumerController.Command<byte[]>> consumer =
                    spawn(there, ConsumerController.<byte[]>create(), name + "-consumer");
            Behavior<ConsumerController.Delivery<byte[]>> confirming = Behaviors.receiveMessage(d -> {
                arrived.add(d.message());
                d.confirmTo().tell(ConsumerController.confirmed());
                return Behaviors.same();
            });
            consumer.tell(new ConsumerController.Start<>(spawn(there, confirming, name + "-confirming")));
            consumer.tell(new ConsumerController.RegisterToProducerController<>(remote(here, producer, there)));
        }

        @Override
        public void send(byte[] frame) throws InterruptedException {
            taken(demand).sendNextTo().tell(frame);
        }

        @Override
        public byte[] receive() throws InterruptedException {
            return taken(arrived);
        }
    }

    private static double snapshots(Way way) throws InterruptedException {
        byte[] snapshot = new byte[SNAPSHOT];
        long begin = System.nanoTime();
        Thread sender = new Thread(() -> {
            try {
                for (int k = 0; k < SNAPSHOTS; k++) {
                    way.send(snapshot);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sender.start();
        for (int k = 0; k < SNAPSHOTS; k++) {
            assertThat(way.receive()).hasSize(SNAPSHOT);
        }
        sender.join();
        return (double) SNAPSHOT * SNAPSHOTS / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }

    /** Frames back and forth, one after the other, like windows and answers. */
    private static double windows(Way go, Way back) throws InterruptedException {
        byte[] window = new byte[WINDOW];
        long begin = System.nanoTime();
        for (int k = 0; k < WINDOWS; k++) {
            go.send(window);
            back.send(go.receive());
            back.receive();
        }
        return WINDOWS / ((System.nanoTime() - begin) / 1e9);
    }

    private static void print(String what, double chunked, double reliable) {
        System.out.printf(
                Locale.ROOT,
                "%s: ChunkedTransport %.0f, ProducerController %.0f, ratio %.2f%n",
                what,
                chunked,
                reliable,
                chunked / reliable);
    }

    @Test
    void frames() throws InterruptedException {
        Way chunkedBulk = new Chunked(here, there, "bulk", 1 << 20, 1);
        Way reliableBulk = new Reliable(here, there, "bulk");
        Way chunkedGo = new Chunked(here, there, "go", 128 << 10, 2);
        Way chunkedBack = new Chunked(there, here, "back", 128 << 10, 2);
        Way reliableGo = new Reliable(here, there, "go");
        Way reliableBack = new Reliable(there, here, "back");
        double[] best = new double[4];
        for (int k = 0; k < REPETITIONS; k++) {
            best[0] = Math.max(best[0], snapshots(chunkedBulk));
            best[1] = Math.max(best[1], snapshots(reliableBulk));
            best[2] = Math.max(best[2], windows(chunkedGo, chunkedBack));
            best[3] = Math.max(best[3], windows(reliableGo, reliableBack));
        }
        print("snapshots of 2.36 MB, MB/s", best[0], best[1]);
        print("windows of 1 kB there and back, a second", best[2], best[3]);
    }

    @Test
    void greetings() throws InterruptedException {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        ActorRef<String> node = spawn(there, collecting(asked), "node");
        there.receptionist().tell(Receptionist.register(SERVICE, node));
        BlockingQueue<Set<ActorRef<String>>> listed = new LinkedBlockingQueue<>();
        Behavior<Receptionist.Listing> listing = Behaviors.receiveMessage(l -> {
            if (!l.getServiceInstances(SERVICE).isEmpty()) {
                listed.add(l.getServiceInstances(SERVICE));
            }
            return Behaviors.same();
        });
        here.receptionist().tell(Receptionist.subscribe(SERVICE, spawn(here, listing, "listing")));
        Cluster cluster = Cluster.get(here);
        JoinSeedNodes join = new JoinSeedNodes(List.of(cluster.selfMember().address()));
        cluster.manager().tell(join);
        Cluster.get(there).manager().tell(join);
        waitForBoth(cluster);
        long begin = System.nanoTime();
        remote(there, node, here).tell("who are you?");
        taken(asked);
        double byPath = (System.nanoTime() - begin) / 1e6;
        taken(listed);
        double byReceptionist = (System.nanoTime() - begin) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "from a node being up to reaching it: by path %.1f ms, by Receptionist %.0f ms%n",
                byPath,
                byReceptionist);
    }

    private static void waitForBoth(Cluster cluster) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (up(cluster) < 2 && System.nanoTime() < until) {
            Thread.sleep(1);
        }
        assertThat(up(cluster)).isEqualTo(2);
    }

    /**
     * Users are in the second system, as on a node; the shard coordinator is in the first, as in the process that
     * starts a run.
     */
    @Test
    void deliveries() throws InterruptedException {
        Cluster cluster = Cluster.get(here);
        JoinSeedNodes join = new JoinSeedNodes(List.of(cluster.selfMember().address()));
        cluster.manager().tell(join);
        Cluster.get(there).manager().tell(join);
        waitForBoth(cluster);
        WeightedAllocation allocation = new WeightedAllocation();
        allocation.announce(
                UserShards.of(USERS, USERS),
                1,
                List.of(new WeightedAllocation.Capacity(
                        Cluster.get(there).selfMember().address(), 1, Long.MAX_VALUE)));
        BlockingQueue<ActorRef<UserActor.Command>> awake = new LinkedBlockingQueue<>();
        AtomicInteger received = new AtomicInteger();
        ClusterSharding.get(here)
                .init(Entity.of(UserEntity.KEY, entity -> Behaviors.<UserActor.Command>stopped())
                        .withMessageExtractor(new UserEntity.Extractor())
                        .withAllocationStrategy(allocation));
        ActorRef<ShardingEnvelope<UserActor.Command>> region = ClusterSharding.get(there)
                .init(Entity.of(
                                UserEntity.KEY,
                                entity -> Behaviors.<UserActor.Command>setup(context -> {
                                    awake.add(context.getSelf());
                                    return Behaviors.receiveMessage(m -> {
                                        received.incrementAndGet();
                                        return Behaviors.same();
                                    });
                                }))
                        .withMessageExtractor(new UserEntity.Extractor())
                        .withAllocationStrategy(new WeightedAllocation()));
        List<UserEntity> users =
                IntStream.range(0, USERS).mapToObj(u -> new UserEntity(1, u, u)).toList();
        users.forEach(u -> region.tell(u.envelope(UserActor.Wake.INSTANCE)));
        List<ActorRef<UserActor.Command>> references = new ArrayList<>();
        for (int k = 0; k < USERS; k++) {
            references.add(taken(awake));
        }
        double[] best = new double[2];
        for (int k = 0; k < 4 * REPETITIONS; k++) {
            best[0] = Math.max(
                    best[0], delivered(received, () -> references.forEach(r -> r.tell(UserActor.Wake.INSTANCE))));
            best[1] = Math.max(
                    best[1],
                    delivered(received, () -> users.forEach(u -> region.tell(u.envelope(UserActor.Wake.INSTANCE)))));
        }
        System.out.printf(
                Locale.ROOT,
                "messages to %d users of a node, a second: by reference %.0f, by envelope %.0f, ratio %.2f%n",
                USERS,
                best[0],
                best[1],
                best[0] / best[1]);
    }

    /** Messages a second, in rounds of one to every user. */
    private static double delivered(AtomicInteger received, Runnable round) {
        long begin = System.nanoTime();
        for (int k = 1; k <= ROUNDS; k++) {
            int before = received.get();
            round.run();
            while (received.get() < before + USERS) {
                Thread.onSpinWait();
            }
        }
        return (double) ROUNDS * USERS / ((System.nanoTime() - begin) / 1e9);
    }

    private static int up(Cluster cluster) {
        int n = 0;
        for (var m : cluster.state().getMembers()) {
            n += m.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return n;
    }
}
