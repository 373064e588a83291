package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Parcels over a network that loses, doubles and cuts. */
class PostActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            ConfigFactory.parseString("coterie.cluster.largest-parcel = 10 MiB").withFallback(ConfigFactory.load()));
    private static final long SESSION = 7;
    private static final Duration WHILE = Duration.ofSeconds(30);
    private final TestProbe<ChunkedTransport.Notice> receiver = KIT.createTestProbe();
    private final TestProbe<ChunkedTransport.Notice> sender = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private ActorRef<ChunkedTransport.Command> post(int chunk, int acknowledgeEvery) {
        return KIT.spawn(ChunkedTransport.create(chunk, acknowledgeEvery));
    }

    private static byte[] bytes(int length, long seed) {
        byte[] b = new byte[length];
        new Random(seed).nextBytes(b);
        return b;
    }

    /** Between two posts: passes on what a rule lets through. */
    private ActorRef<ChunkedTransport.Command> through(
            ActorRef<ChunkedTransport.Command> to, long seed, double loss, double doubling) {
        Random random = new Random(seed);
        return KIT.spawn(Behaviors.receiveMessage(m -> {
            // The sender's own address stays in chunks, so that acknowledgements go straight back.
            if (random.nextDouble() >= loss) {
                to.tell(m);
                if (random.nextDouble() < doubling) {
                    to.tell(m);
                }
            }
            return Behaviors.same();
        }));
    }

    private void arrive(List<byte[]> parcels) {
        for (byte[] p : parcels) {
            ChunkedTransport.Arrived a = receiver.expectMessageClass(ChunkedTransport.Arrived.class, WHILE);
            assertThat(a.session()).isEqualTo(SESSION);
            assertThat(a.from()).isEqualTo(3);
            assertThat(a.parcel()).isEqualTo(p);
        }
        receiver.expectNoMessage(Duration.ofMillis(100));
    }

    private List<byte[]> send(
            ActorRef<ChunkedTransport.Command> from, ActorRef<ChunkedTransport.Command> to, int... lengths) {
        List<byte[]> all = new ArrayList<>();
        for (int k = 0; k < lengths.length; k++) {
            all.add(bytes(lengths[k], k));
            from.tell(new ChunkedTransport.Send(SESSION, 3, to, all.get(k), k, sender.getRef()));
        }
        return all;
    }

    @Test
    void parcelsOfAnyLengthArriveInOrderAndAreAcknowledged() {
        ActorRef<ChunkedTransport.Command> to = post(1000, 2);
        to.tell(new ChunkedTransport.Open(SESSION, receiver.getRef()));
        arrive(send(post(1000, 2), to, 1, 999, 1000, 1001, 50_000, 3));
        for (int k = 0; k < 6; k++) {
            assertThat(sender.expectMessageClass(ChunkedTransport.Sent.class, WHILE)
                            .id())
                    .isEqualTo(k);
        }
    }

    @Test
    void whatIsLostOrDoubledArrivesOnce() {
        ActorRef<ChunkedTransport.Command> to = post(1000, 1);
        to.tell(new ChunkedTransport.Open(SESSION, receiver.getRef()));
        arrive(send(post(1000, 1), through(to, 1, 0.2, 0.3), 2500, 700, 5000));
    }

    @Test
    void neverMoreChunksAreUnderWayThanThereAreCredits() {
        TestProbe<ChunkedTransport.Command> silent = KIT.createTestProbe();
        ActorRef<ChunkedTransport.Command> from = post(10, 1);
        send(from, silent.getRef(), 1000);
        for (int k = 0; k < ChunkedTransport.CREDITS; k++) {
            assertThat(silent.expectMessageClass(ChunkedTransport.Chunk.class).number())
                    .isEqualTo(k);
        }
        silent.expectNoMessage(Duration.ofMillis(200));
        from.tell(new ChunkedTransport.Ack(0, 2));
        assertThat(silent.expectMessageClass(ChunkedTransport.Chunk.class).number())
                .isEqualTo(ChunkedTransport.CREDITS);
        assertThat(silent.expectMessageClass(ChunkedTransport.Chunk.class).number())
                .isEqualTo(ChunkedTransport.CREDITS + 1);
        silent.expectNoMessage(Duration.ofMillis(200));
    }

    @Test
    void whatIsOfASessionThatNobodyHasOpenedYetArrivesLater() {
        ActorRef<ChunkedTransport.Command> to = post(1000, 1);
        List<byte[]> all = send(post(1000, 1), to, 100);
        receiver.expectNoMessage(Duration.ofMillis(200));
        to.tell(new ChunkedTransport.Open(SESSION, receiver.getRef()));
        arrive(all);
    }

    @Test
    void aPieceThatCannotBeIsDropped() {
        ActorRef<ChunkedTransport.Command> to = post(1000, 1);
        to.tell(new ChunkedTransport.Open(SESSION, receiver.getRef()));
        TestProbe<ChunkedTransport.Command> other = KIT.createTestProbe();
        for (int[] wrong : new int[][] {{-1, 0, 5}, {5, 1, 5}, {Integer.MAX_VALUE, 0, 5}, {5, -1, 5}, {4, 0, 5}}) {
            to.tell(new ChunkedTransport.Chunk(
                    other.getRef(), SESSION, 0, 1, 0, wrong[0], wrong[1], new byte[5], 0, wrong[2]));
        }
        receiver.expectNoMessage(Duration.ofMillis(200));
    }
}
