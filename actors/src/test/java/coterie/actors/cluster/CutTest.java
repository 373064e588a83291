package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import coterie.actors.cluster.HandDriven.Event;
import coterie.actors.cluster.HandDriven.Script;
import coterie.actors.cluster.HandDriven.Turn;
import coterie.actors.cluster.HandDriven.What;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints over nodes, in every possible order of frames, acknowledgements, calls and answers: each contains every
 * snapshot in transit, once per node.
 */
class CutTest {
    private static final int[] TWO = {1, 1};
    private static final int SOCIETIES = Integer.getInteger("coterie.societies", 1000);
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final ActorRefResolver RESOLVER = ActorRefResolver.get(KIT.system());
    private static final List<ActorRef<ChunkedTransport.Command>> LANES = IntStream.range(0, 3)
            .mapToObj(k -> KIT.<ChunkedTransport.Command>createTestProbe().getRef())
            .toList();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static Turn turn(int user, int... sendsTo) {
        return new Turn(user, false, sendsTo);
    }

    private static HandDriven begin(Script script) {
        return new HandDriven(script, LANES, RESOLVER);
    }

    /**
     * An order in which a snapshot was once lost: its frame arrives between the receiver's first hand-in and the
     * checkpoint of the sender, and is acknowledged before the latter.
     */
    @Test
    void aFrameThatIsAcknowledgedAmidACheckpointIsInIt() {
        HandDriven run = begin(new Script(TWO, List.of(List.of(turn(0), turn(1, 0)), List.of(turn(0), turn(1))), 1, 1));
        for (Event e : List.of(
                new Event(What.CALL, -1, 0),
                new Event(What.USER, 0, 0),
                new Event(What.CALL, -1, 1),
                new Event(What.USER, 1, 1),
                new Event(What.SAVE, 0, 0),
                new Event(What.CALL, -1, 0),
                new Event(What.USER, 0, 0),
                new Event(What.FRAME, 1, 0),
                new Event(What.ACKNOWLEDGEMENT, 0, 1),
                new Event(What.CALL, -1, 1),
                new Event(What.USER, 1, 1))) {
            assertThat(run.possible()).contains(e);
            run.happen(e);
        }
        assertThat(run.possible()).containsExactly(new Event(What.OPEN, 0, 0));
    }

    @Test
    void betweenTwoNodesThatSendEachOther() {
        List<List<Turn>> windows = List.of(List.of(turn(0, 1), turn(1, 0)), List.of(turn(0), turn(1)));
        everyOrder(new Script(TWO, windows, 1, 1));
        everyOrder(new Script(TWO, windows, 8, 2));
    }

    @Test
    void whereASenderIsNotCalledAgain() {
        everyOrder(new Script(
                TWO,
                List.of(List.of(turn(0), turn(1, 0)), List.of(turn(0)), List.of(turn(0, 1)), List.of(turn(1))),
                1,
                1));
    }

    @Test
    void whereASnapshotIsSentTwice() {
        everyOrder(new Script(
                TWO, List.of(List.of(turn(0), turn(1, 0)), List.of(new Turn(1, true, 0)), List.of(turn(0))), 1, 1));
    }

    @Test
    void whereUsersOfOneNodeSendEachOtherToo() {
        everyOrder(new Script(
                new int[] {2, 1}, List.of(List.of(turn(0, 1), turn(2, 0, 1)), List.of(turn(0), turn(1))), 1, 1));
    }

    @Test
    void amongThreeNodes() {
        everyOrder(new Script(
                new int[] {1, 1, 1}, List.of(List.of(turn(2, 0, 1)), List.of(turn(0)), List.of(turn(1))), 1, 1));
    }

    /**
     * Larger numbers of users have too many orders to try all. Here calls, messages, repeated messages and one order of
     * them are drawn from a seed.
     */
    @Test
    void inDrawnOrdersOfDrawnSocieties() {
        Long only = Long.getLong("coterie.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SOCIETIES : only); seed++) {
            Random random = new Random(seed);
            HandDriven run = begin(drawn(random));
            try {
                for (List<Event> next = run.possible(); !next.isEmpty(); next = run.possible()) {
                    run.happen(next.get(random.nextInt(next.size())));
                }
                letsGo(run);
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + " (repeat it with -Dcoterie.seed=" + seed + "): " + e.getMessage(), e);
            }
        }
    }

    private static Script drawn(Random random) {
        int[] users = new int[2 + random.nextInt(2)];
        Arrays.setAll(users, k -> 1 + random.nextInt(2));
        int all = IntStream.of(users).sum();
        List<List<Turn>> windows = new ArrayList<>();
        Set<Integer> before = Set.of();
        for (int w = 0; w < 4; w++) {
            List<Turn> turns = new ArrayList<>();
            for (int u = 0; u < all; u++) {
                int me = u;
                if (random.nextDouble() < 0.6) {
                    int[] to = random.ints(1 + random.nextInt(2), 0, all)
                            .filter(v -> v != me)
                            .distinct()
                            .toArray();
                    turns.add(new Turn(u, before.contains(u) && random.nextBoolean(), to));
                }
            }
            before = turns.stream().map(Turn::user).collect(Collectors.toSet());
            windows.add(turns.isEmpty() ? List.of(turn(0)) : turns);
        }
        // What is left arrives.
        windows.add(IntStream.range(0, all).mapToObj(CutTest::turn).toList());
        return new Script(users, windows, 1 + random.nextInt(3), 2);
    }

    /** Orders that lead to the same state are continued only once. */
    private static void everyOrder(Script script) {
        Set<String> seen = new HashSet<>();
        Deque<List<Event>> open = new ArrayDeque<>(List.of(List.of()));
        int ends = 0;
        while (!open.isEmpty()) {
            List<Event> path = new ArrayList<>(open.pop());
            HandDriven run = begin(script);
            try {
                path.forEach(run::happen);
                while (seen.add(run.state())) {
                    List<Event> next = run.possible();
                    if (next.isEmpty()) {
                        letsGo(run);
                        ends++;
                        break;
                    }
                    for (Event e : next.subList(1, next.size())) {
                        List<Event> other = new ArrayList<>(path);
                        other.add(e);
                        open.push(other);
                    }
                    path.add(next.get(0));
                    run.happen(next.get(0));
                }
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nin the order " + path, e);
            }
        }
        assertThat(ends).isPositive();
    }

    /** When everything has arrived, one more checkpoint is complete, and then no node holds anything. */
    private static void letsGo(HandDriven run) {
        run.save();
        for (List<Event> next = run.possible(); !next.isEmpty(); next = run.possible()) {
            run.happen(
                    next.stream().filter(e -> e.what() != What.FAIL).findFirst().orElseThrow());
        }
        assertThat(run.held()).as("snapshots that are held for ever").isZero();
    }
}
