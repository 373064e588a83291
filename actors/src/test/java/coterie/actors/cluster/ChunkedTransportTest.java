package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Frames over a network that loses and repeats messages and is cut. Tests control time. */
class ChunkedTransportTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("coterie.cluster.largest-frame = 10 MiB")
                    .withFallback(ManualTime.config())
                    .withFallback(ConfigFactory.load()));
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final long SESSION = 7;
    private static final Duration PATIENCE = ChunkedTransport.TICK.multipliedBy(OutgoingStream.PATIENCE + 1);
    private final TestProbe<ChunkedTransport.Notice> client = KIT.createTestProbe();
    private final TestProbe<ChunkedTransport.Notice> sender = KIT.createTestProbe();
    /** In place of the transport at the other end. */
    private final TestProbe<ChunkedTransport.Command> wire = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static ActorRef<ChunkedTransport.Command> transport(int chunk, int acknowledgeEvery) {
        return KIT.spawn(ChunkedTransport.create(chunk, acknowledgeEvery));
    }

    private ActorRef<ChunkedTransport.Command> receiver(int chunk, int acknowledgeEvery) {
        ActorRef<ChunkedTransport.Command> to = transport(chunk, acknowledgeEvery);
        to.tell(new ChunkedTransport.Open(SESSION, client.getRef()));
        return to;
    }

    private static byte[] bytes(int length, long seed) {
        byte[] b = new byte[length];
        new Random(seed).nextBytes(b);
        return b;
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

    private void arrive(List<byte[]> frames) {
        for (byte[] f : frames) {
            ChunkedTransport.Arrived a = client.expectMessageClass(ChunkedTransport.Arrived.class);
            assertThat(a.session()).isEqualTo(SESSION);
            assertThat(a.from()).isEqualTo(3);
            assertThat(a.frame()).isEqualTo(f);
        }
    }

    private List<ChunkedTransport.Chunk> chunks(int n) {
        List<ChunkedTransport.Chunk> all = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            all.add(wire.expectMessageClass(ChunkedTransport.Chunk.class));
        }
        return all;
    }

    @Test
    void framesOfAnyLengthArriveInOrderAndAreAcknowledged() {
        arrive(send(transport(1000, 2), receiver(1000, 2), 1, 999, 1000, 1001, 50_000, 6000));
        // An odd last chunk is acknowledged at the next tick.
        TIME.timePasses(ChunkedTransport.TICK);
        for (int k = 0; k < 6; k++) {
            assertThat(sender.expectMessageClass(ChunkedTransport.Delivered.class)
                            .id())
                    .isEqualTo(k);
        }
        TIME.expectNoMessageFor(PATIENCE, client, sender);
    }

    @Test
    void noMoreChunksAreInTransitThanTheWindowAllows() {
        ActorRef<ChunkedTransport.Command> from = transport(10, 1);
        send(from, wire.getRef(), 1000);
        List<ChunkedTransport.Chunk> first = chunks(ChunkedTransport.MOST_UNACKNOWLEDGED);
        assertThat(first).extracting(ChunkedTransport.Chunk::number).containsExactly(0L, 1L, 2L, 3L);
        TIME.expectNoMessageFor(ChunkedTransport.TICK, wire);
        from.tell(new ChunkedTransport.Ack(first.get(0).stream(), 2));
        assertThat(chunks(2)).extracting(ChunkedTransport.Chunk::number).containsExactly(4L, 5L);
        TIME.expectNoMessageFor(ChunkedTransport.TICK, wire);
    }

    @Test
    void chunksWithoutAcknowledgementAreSentAgainAndAgain() {
        ActorRef<ChunkedTransport.Command> from = transport(10, 1);
        send(from, wire.getRef(), 25);
        List<ChunkedTransport.Chunk> first = chunks(3);
        for (int again = 0; again < 3; again++) {
            TIME.expectNoMessageFor(ChunkedTransport.TICK.multipliedBy(OutgoingStream.PATIENCE), wire);
            TIME.timePasses(ChunkedTransport.TICK);
            assertThat(chunks(3)).isEqualTo(first);
        }
        from.tell(new ChunkedTransport.Ack(first.get(0).stream(), 1));
        TIME.timePasses(PATIENCE);
        assertThat(chunks(2)).isEqualTo(first.subList(1, 3));
        from.tell(new ChunkedTransport.Ack(first.get(0).stream(), 3));
        sender.expectMessage(new ChunkedTransport.Delivered(SESSION, 0));
        TIME.expectNoMessageFor(PATIENCE, wire);
    }

    @Test
    void chunksThatAreLostRepeatedOrOutOfOrderMakeEachFrameArriveOnce() {
        ActorRef<ChunkedTransport.Command> from = transport(1000, 1);
        ActorRef<ChunkedTransport.Command> to = receiver(1000, 1);
        List<byte[]> frames = send(from, wire.getRef(), 2500, 700);
        List<ChunkedTransport.Chunk> all = chunks(4);
        to.tell(all.get(0));
        to.tell(all.get(0));
        // The second is lost, so that those after it are early.
        to.tell(all.get(2));
        to.tell(all.get(3));
        TIME.timePasses(PATIENCE);
        List<ChunkedTransport.Chunk> repeated = chunks(3);
        assertThat(repeated).isEqualTo(all.subList(1, 4));
        repeated.forEach(to::tell);
        repeated.forEach(to::tell);
        arrive(frames);
        sender.expectMessage(new ChunkedTransport.Delivered(SESSION, 0));
        sender.expectMessage(new ChunkedTransport.Delivered(SESSION, 1));
        TIME.expectNoMessageFor(PATIENCE, client, sender, wire);
    }

    @Test
    void framesOfASessionThatOpensLaterArriveThen() {
        ActorRef<ChunkedTransport.Command> to = transport(1000, 1);
        List<byte[]> all = send(transport(1000, 1), to, 100);
        TIME.expectNoMessageFor(ChunkedTransport.TICK, client);
        to.tell(new ChunkedTransport.Open(SESSION, client.getRef()));
        TIME.timePasses(PATIENCE);
        arrive(all);
    }

    @Test
    void nothingOfAClosedSessionIsSentAgain() {
        ActorRef<ChunkedTransport.Command> from = transport(10, 1);
        send(from, wire.getRef(), 25);
        chunks(3);
        from.tell(new ChunkedTransport.Close(SESSION));
        TIME.expectNoMessageFor(PATIENCE.multipliedBy(2), wire);
    }

    @Test
    void anImpossibleChunkIsDropped() {
        ActorRef<ChunkedTransport.Command> to = receiver(1000, 1);
        for (int[] wrong : new int[][] {{-1, 0, 5}, {5, 1, 5}, {Integer.MAX_VALUE, 0, 5}, {5, -1, 5}, {4, 0, 5}}) {
            to.tell(new ChunkedTransport.Chunk(
                    wire.getRef(), SESSION, 0, 1, 0, wrong[0], wrong[1], new byte[5], 0, wrong[2]));
        }
        TIME.expectNoMessageFor(PATIENCE, client, wire);
    }
}
