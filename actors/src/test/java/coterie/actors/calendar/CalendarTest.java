package coterie.actors.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.user.Outlook;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Windows of three users whose links take a second. */
class CalendarTest {
    private static final long SECOND = Ticks.at(1);
    private static final int USERS = 3;
    private final Map<Integer, List<Message>> called = new TreeMap<>();

    private static SimulationConfigBuilder config() {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(USERS, 1)))
                .links(new Links(new Latency.Constant(1000), 0));
    }

    private int open(Calendar calendar) {
        called.clear();
        return calendar.open(called::put);
    }

    /** A user that sends only at the end of its turn. */
    private static Outlook training(long until) {
        return new Outlook(until, true, until, until, Ticks.NEVER, false, Ticks.NEVER);
    }

    private static Outlook ended() {
        return new Outlook(Ticks.NEVER, true, Ticks.NEVER, Ticks.NEVER, Ticks.NEVER, true, Ticks.NEVER);
    }

    private static Message message(int from, int to, long sent, long bytes) {
        return new Message(new Payload(Payload.Kind.SNAPSHOT, sent, sent, from, 0, null, bytes), to, 0, sent + SECOND);
    }

    private static Calendar begun(SimulationConfig config, long... ends) {
        Calendar calendar = new Calendar(config);
        calendar.open((user, messages) -> {});
        for (int u = 0; u < USERS; u++) {
            calendar.progressed(u, training(ends[u]), List.of());
        }
        assertThat(calendar.close(1)).isTrue();
        return calendar;
    }

    @Test
    void aWindowEndsOneLatencyAfterTheFirstSending() {
        SimulationConfig config = config().build();
        Calendar calendar = begun(config, 10 * SECOND, 16 * SECOND, 30 * SECOND);
        assertThat(open(calendar)).isEqualTo(1);
        assertThat(called).containsOnlyKeys(0);
        assertThat(calendar.now()).isEqualTo(10 * SECOND);
        assertThat(calendar.end()).isEqualTo(10 * SECOND + config.lookAhead());
        assertThat(config.lookAhead()).as("a latency, to the nanosecond").isBetween(SECOND - Ticks.at(1e-9), SECOND);
        assertThat(calendar.running(5)).containsExactly(0);
    }

    @Test
    void allUsersWithAnEventInTheWindowAreCalled() {
        Calendar calendar = begun(config().build(), 10 * SECOND, 10 * SECOND + 5, 11 * SECOND);
        assertThat(open(calendar)).as("11 s is the end of the window").isEqualTo(2);
        assertThat(called).containsOnlyKeys(0, 1);
    }

    @Test
    void smallMessagesWaitForTheEndOfTheTurnAndLargeOnesDoNot() {
        for (long bytes : new long[] {100, 100_000}) {
            Calendar calendar = begun(config().build(), 10 * SECOND, 16 * SECOND, 30 * SECOND);
            open(calendar);
            calendar.progressed(
                    0,
                    training(20 * SECOND),
                    List.of(message(0, 1, 10 * SECOND, bytes), message(0, 2, 10 * SECOND, 0)));
            assertThat(calendar.close(1)).isTrue();
            open(calendar);
            assertThat(called).containsOnlyKeys(1);
            assertThat(calendar.now()).isEqualTo((bytes > 100 ? 11 : 16) * SECOND);
            assertThat(called.get(1)).hasSize(1);
        }
    }

    @Test
    void transfersShareTheLinesBeforeTheirLatency() {
        // 1 Mbit/s: 125,000 bytes take a second up and down at once.
        Calendar calendar = begun(
                config().bandwidth(new Bandwidth.Constant(1, 1)).build(), 10 * SECOND, 100 * SECOND, 100 * SECOND);
        open(calendar);
        calendar.progressed(0, training(100 * SECOND), List.of(message(0, 1, 10 * SECOND, 125_000)));
        List<Integer> opened = new ArrayList<>();
        for (int k = 0; k < 10 && !called.containsKey(1); k++) {
            while (!calendar.close(1)) {
                // One instant after the other.
            }
            opened.add(open(calendar));
        }
        assertThat(called.get(1)).hasSize(1);
        assertThat(called.get(1).get(0).arrival()).isEqualTo(12 * SECOND);
        assertThat(opened).startsWith(Calendar.ONLY_TRANSFERS);
    }

    @Test
    void theRunIsOverWhenAllUsersAreIdleAndNothingIsInTransit() {
        Calendar calendar = begun(config().build(), 10 * SECOND, 10 * SECOND, 10 * SECOND);
        assertThat(open(calendar)).isEqualTo(3);
        calendar.progressed(0, ended(), List.of(message(0, 1, 10 * SECOND, 10)));
        calendar.progressed(1, ended(), List.of());
        calendar.progressed(2, ended(), List.of());
        assertThat(calendar.close(1)).isTrue();
        assertThat(open(calendar)).as("a message is in transit").isEqualTo(1);
        calendar.progressed(1, ended(), List.of());
        assertThat(calendar.close(1)).isTrue();
        assertThat(open(calendar)).isZero();
        assertThat(calendar.timeUp()).isFalse();
    }

    @Test
    void timeEndsARunThatIsNotOver() {
        Calendar calendar = begun(config().until(12).build(), 10 * SECOND, 16 * SECOND, 30 * SECOND);
        assertThat(open(calendar)).isEqualTo(1);
        calendar.progressed(0, training(20 * SECOND), List.of());
        assertThat(calendar.close(1)).isTrue();
        assertThat(open(calendar)).isZero();
        assertThat(calendar.timeUp()).isTrue();
    }

    @Test
    void aMessageIntoThePastIsAFaultOfTheSimulator() {
        Calendar calendar = begun(config().build(), 10 * SECOND, 16 * SECOND, 30 * SECOND);
        open(calendar);
        assertThatThrownBy(() -> calendar.progressed(0, training(20 * SECOND), List.of(message(0, 1, 9 * SECOND, 10))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before the end");
    }

    @Test
    void aRestoredCalendarOpensTheSameWindow() {
        Calendar calendar = begun(config().build(), 10 * SECOND, 16 * SECOND, 30 * SECOND);
        open(calendar);
        calendar.progressed(0, training(20 * SECOND), List.of(message(0, 1, 10 * SECOND, 100_000)));
        Calendar restored = new Calendar(config().build());
        restored.restore(calendar.state());
        restored.progressed(0, training(20 * SECOND), List.of());
        restored.progressed(1, training(16 * SECOND), List.of());
        restored.progressed(2, training(30 * SECOND), List.of());
        assertThat(open(calendar)).isEqualTo(1);
        Map<Integer, List<Message>> wanted = new TreeMap<>(called);
        assertThat(restored.whole()).as("user 1's message arrives at the end").isTrue();
        assertThat(open(restored)).isEqualTo(1);
        assertThat(called).isEqualTo(wanted);
        assertThat(restored.end()).isEqualTo(calendar.end());
    }

    /** Each user computes turns of the given number of seconds and sends to the next user at the end of each. */
    @Property(tries = 100)
    void windowsFollowOneAnotherAndNoMessageIsLateOrLost(
            @ForAll @Size(USERS) List<@IntRange(min = 1, max = 9) Integer> seconds,
            @ForAll @IntRange(min = 1, max = 60_000) int bytes) {
        Calendar calendar = new Calendar(config().until(60).build());
        long[] turnEnds = new long[USERS];
        int sent = 0;
        int arrived = 0;
        long before = -1;
        calendar.open((user, messages) -> {});
        for (int u = 0; u < USERS; u++) {
            turnEnds[u] = seconds.get(u) * SECOND;
            calendar.progressed(u, training(turnEnds[u]), List.of());
        }
        while (calendar.close(1) && open(calendar) != 0) {
            assertThat(calendar.now() > before || calendar.end() == Ticks.at(60))
                    .as("time advances, or messages are delivered at its end")
                    .isTrue();
            assertThat(calendar.end()).isGreaterThan(calendar.now());
            before = calendar.now();
            for (Map.Entry<Integer, List<Message>> c : called.entrySet()) {
                int u = c.getKey();
                for (Message m : c.getValue()) {
                    assertThat(m.to()).isEqualTo(u);
                    assertThat(m.arrival()).isGreaterThan(m.payload().sent());
                    arrived++;
                }
                List<Message> out = new ArrayList<>();
                while (turnEnds[u] < calendar.end()) {
                    out.add(message(u, (u + 1) % USERS, turnEnds[u], bytes));
                    turnEnds[u] += seconds.get(u) * SECOND;
                }
                sent += out.size();
                calendar.progressed(u, training(turnEnds[u]), out);
            }
            assertThat(calendar.whole()).isTrue();
        }
        int waiting = calendar.state().waiting().stream().mapToInt(List::size).sum();
        assertThat(arrived + waiting).isEqualTo(sent);
    }
}
