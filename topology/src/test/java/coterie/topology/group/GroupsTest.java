package coterie.topology.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.ComputeTime.Pace;
import coterie.topology.device.CrashRate;
import coterie.topology.device.CrashRates;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import coterie.topology.trace.TraceOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {
    private static final ComputeTime.Work WORK = new ComputeTime.Work(10, 8);
    private static final Membership HALF = share(0.5);

    private static Membership ids(Integer... ids) {
        return new Membership(null, null, List.of(ids));
    }

    private static Membership users(int users) {
        return new Membership(users, null, null);
    }

    private static Membership share(double share) {
        return new Membership(null, share, null);
    }

    private static Group computing(String name, Membership members, ComputeTime compute) {
        return new Group(name, members, compute, null, null, null, null);
    }

    private static Group linked(String name, Membership members, Latency latency, Bandwidth bandwidth) {
        return new Group(name, members, null, latency, bandwidth, null, null);
    }

    private static Group present(String name, Membership members, Participation participation) {
        return new Group(name, members, null, null, null, participation, null);
    }

    private static int[] division(int users, Membership... groups) {
        return Division.of(1, users, List.of(groups));
    }

    private static long count(int[] division, int group) {
        return Arrays.stream(division).filter(g -> g == group).count();
    }

    @Test
    void namedUsersComeFirstThenTheLowestNumbersThenShares() {
        int[] division = division(10, users(2), ids(0, 7), share(0.3));
        assertThat(division[0]).isEqualTo(1);
        assertThat(division[7]).isEqualTo(1);
        assertThat(division[1]).isEqualTo(0);
        assertThat(division[2]).isEqualTo(0);
        assertThat(count(division, 2)).isEqualTo(3);
        assertThat(count(division, 3)).as("in no group").isEqualTo(3);
    }

    @Test
    void sharesThatSumToOneTakeAllUsers() {
        for (int users : new int[] {3, 8, 10, 101}) {
            int[] division = division(users, share(1 / 3.0), share(1 / 3.0), share(1 / 3.0));
            assertThat(count(division, 3)).isZero();
            for (int g = 0; g < 3; g++) {
                assertThat(count(division, g)).isBetween(users / 3L, (users + 2) / 3L);
            }
        }
    }

    @Test
    void sharesAreDrawnFromTheSeed() {
        int[] first = Division.of(1, 40, List.of(HALF));
        assertThat(first).isEqualTo(Division.of(1, 40, List.of(HALF))).isNotEqualTo(Division.of(2, 40, List.of(HALF)));
        // Each user is in the group for about half of the seeds.
        int[] times = new int[40];
        for (int seed = 0; seed < 400; seed++) {
            int[] division = Division.of(seed, 40, List.of(HALF));
            assertThat(count(division, 0)).isEqualTo(20);
            IntStream.range(0, 40).forEach(u -> times[u] += 1 - division[u]);
        }
        assertThat(Arrays.stream(times)).allMatch(t -> t > 150 && t < 250);
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsGroupAndKey() {
        refused(1, "ids", "user 3 belongs to another group", ids(3), ids(2, 3));
        refused(0, "ids", "users are 0 to 9, found 10", ids(10));
        refused(0, "ids", "found -1", ids(-1));
        refused(1, "users", "must be at most 8", ids(1, 2), users(9));
        refused(1, "share", "asks for 6 of 10 users, 5 are left", users(5), share(0.6));
        refused(1, "share", "asks for 4 of 10 users, 3 are left", share(0.7), share(0.4));
        refused(0, "share", "leaves the group without users", share(0.01));
        assertThatThrownBy(() -> new Membership(1, 0.5, null)).hasMessageContaining("found 2 of them");
        assertThatThrownBy(() -> new Membership(null, null, null)).hasMessageContaining("found 0 of them");
        assertThatThrownBy(() -> ids(4, 4)).hasMessageContaining("[4, 4]");
        assertThatThrownBy(() -> users(0)).hasMessageStartingWith("users must be at least 1");
        assertThatThrownBy(() -> share(1.1)).hasMessageStartingWith("share must lie in (0, 1]");
        assertThatThrownBy(() -> computing("others", HALF, null)).hasMessageStartingWith("name must");
        assertThatThrownBy(() -> Groups.of(1, 10, List.of(computing("a", ids(1), null), computing("a", ids(2), null))))
                .hasMessageContaining("the name of another group");
    }

    private static void refused(int group, String key, String message, Membership... groups) {
        assertThatThrownBy(() -> division(10, groups))
                .isInstanceOfSatisfying(GroupException.class, e -> {
                    assertThat(e.group()).isEqualTo(group);
                    assertThat(e.key()).isEqualTo(key);
                })
                .hasMessageContaining(message);
    }

    @Test
    void namesIncludeTheOthersOnlyIfThereAreAny() {
        assertThat(Groups.of(1, 4, List.of(computing("a", ids(1, 3), null))).names())
                .containsExactly("a", "others");
        assertThat(Groups.of(1, 4, List.of(computing("a", share(1), null))).names())
                .containsExactly("a");
        assertThat(Groups.of(1, 4, List.of()).names()).containsExactly("others");
    }

    @Test
    void withoutAModelOfAGroupTheCommonModelIsUnchanged() {
        Groups groups = Groups.of(1, 4, List.of(present("a", HALF, new Participation.Bernoulli(0.5))));
        ComputeTime compute = new ComputeTime.Constant(1);
        Latency latency = new Latency.Constant(1);
        Bandwidth bandwidth = new Bandwidth.Constant(1, 1);
        Participation always = new Participation.Always();
        assertThat(groups.compute(compute)).isSameAs(compute);
        assertThat(groups.latency(latency)).isSameAs(latency);
        assertThat(groups.bandwidth(bandwidth)).isSameAs(bandwidth);
        assertThat(groups.participation(always)).isNotSameAs(always);
        assertThat(Groups.of(1, 4, List.of()).participation(always)).isSameAs(always);
    }

    @Test
    void whatIsDrawnForAUserDoesNotDependOnGroups() {
        ComputeTime common = new ComputeTime.LogNormal(30, 0.5);
        Pace alone = common.of(new Population(5, 6), WORK);
        Pace grouped = Groups.of(5, 6, List.of(computing("slow", ids(1, 4), new ComputeTime.LogNormal(300, 0.5))))
                .compute(common)
                .of(new Population(5, 6), WORK);
        for (int turn = 0; turn < 5; turn++) {
            for (int u = 0; u < 6; u++) {
                double factor = u == 1 || u == 4 ? 10 : 1;
                assertThat(grouped.seconds(u, turn)).isCloseTo(factor * alone.seconds(u, turn), withPercentage(1e-9));
            }
        }
    }

    @Test
    void aShareWithinAGroupIsAShareOfTheGroup() {
        Participation half = new Participation.Cohort(0.5, 1);
        ParticipationSchedule of = Groups.of(
                        1, 20, List.of(present("few", ids(0, 5, 10, 15), half), present("more", users(8), half)))
                .participation(new Participation.Cohort(0.25, 1))
                .of(new Population(1, 20));
        int[] groups = Division.of(1, 20, List.of(ids(0, 5, 10, 15), users(8)));
        boolean differ = false;
        for (int turn = 0; turn < 50; turn++) {
            int t = turn;
            for (int g = 0; g < 3; g++) {
                int group = g;
                assertThat(IntStream.range(0, 20).filter(u -> groups[u] == group && of.takesPart(u, t)))
                        .hasSize(g == 1 ? 4 : 2);
            }
            differ |= IntStream.range(0, 4).anyMatch(k -> of.takesPart(5 * k, t) != of.takesPart(k + k / 4 + 1, t));
        }
        assertThat(differ).as("the groups are drawn independently").isTrue();
        Pace pace = Groups.of(1, 20, List.of(computing("a", users(10), new ComputeTime.Stragglers(10, 0, 0.3, 5))))
                .compute(new ComputeTime.Stragglers(1, 0, 0.1, 5))
                .of(new Population(1, 20), WORK);
        assertThat(IntStream.range(0, 10).filter(u -> pace.seconds(u, 0) == 50)).hasSize(3);
        assertThat(IntStream.range(10, 20).filter(u -> pace.seconds(u, 0) == 5)).hasSize(1);
    }

    @Test
    void betweenGroupsTheLongerDelayApplies() {
        Latency.Delays d = Groups.of(1, 4, List.of(linked("far", ids(2, 3), new Latency.Constant(400), null)))
                .latency(new Latency.Uniform(20, 200))
                .of(new Population(1, 4));
        Latency.Delays near = new Latency.Uniform(20, 200).of(new Population(1, 4));
        assertThat(d.seconds(0, 1, 6)).isEqualTo(near.seconds(0, 1, 6));
        assertThat(d.seconds(0, 2, 6)).isEqualTo(0.4);
        assertThat(d.seconds(2, 0, 6)).isEqualTo(0.4);
        assertThat(d.seconds(2, 3, 6)).isEqualTo(0.4);
        assertThat(d.least()).isEqualTo(0.02);
        assertThat(Groups.of(1, 4, List.of(linked("far", share(1), new Latency.Constant(400), null)))
                        .latency(new Latency.Uniform(20, 200))
                        .of(new Population(1, 4))
                        .least())
                .as("the common model has no users")
                .isEqualTo(0.4);
    }

    @Test
    void bytesTakeTimeUnlessBothEndsAreUnlimited() {
        Bandwidth.Lines lines = Groups.of(
                        1, 4, List.of(linked("phones", ids(2, 3), null, new Bandwidth.Constant(8, 16))))
                .bandwidth(new Bandwidth.Unlimited())
                .of(new Population(1, 4));
        assertThat(lines.limit(0, 1)).isFalse();
        assertThat(lines.limit(0, 2)).isTrue();
        assertThat(lines.limit(2, 0)).isTrue();
        assertThat(lines.up(0, 0)).isInfinite();
        assertThat(lines.up(2, 0)).isEqualTo(1e6);
        assertThat(lines.down(3, 0)).isEqualTo(2e6);
        assertThat(Groups.of(1, 4, List.of(linked("phones", ids(2, 3), null, new Bandwidth.Unlimited())))
                        .bandwidth(new Bandwidth.Unlimited())
                        .of(new Population(1, 4)))
                .isNull();
    }

    @Test
    void devicesFailAtTheRateOfTheirGroup() {
        CrashRate often = new CrashRate(6, 60);
        CrashRates rates = Groups.of(1, 4, List.of(new Group("fragile", ids(1), null, null, null, null, often)))
                .crashes(new CrashRate(0, 60));
        assertThat(rates.any()).isTrue();
        assertThat(rates.of(1)).isEqualTo(often);
        assertThat(rates.of(0).perHour()).isZero();
        assertThat(Groups.of(1, 4, List.of()).crashes(new CrashRate(0, 60)).any())
                .isFalse();
    }

    @Test
    void theModelOfAGroupThatFailsIsNamed() {
        Groups groups = Groups.of(
                1, 4, List.of(computing("a", ids(0), null), computing("b", ids(1), new ComputeTime.Trace("no.csv"))));
        assertThatThrownBy(() -> groups.compute(new ComputeTime.Constant(1)).of(new Population(1, 4), WORK))
                .isInstanceOfSatisfying(GroupException.class, e -> {
                    assertThat(e.group()).isEqualTo(1);
                    assertThat(e.key()).isEqualTo("time.compute");
                })
                .hasMessageContaining("no.csv");
    }

    @Test
    void tracesMayBeFollowedInTheOrderOfTheFile(@TempDir Path folder) throws IOException {
        Path layers =
                Files.writeString(folder.resolve("layers.csv"), "phone,layer,seconds\na,out,1\nb,out,2\nc,out,3\n");
        ComputeTime inOrder = new ComputeTime.Trace(layers.toString(), TraceOrder.IN_ORDER);
        Pace pace = inOrder.of(new Population(1, 4), new ComputeTime.Work(1, 1));
        assertThat(IntStream.range(0, 4).mapToDouble(u -> pace.seconds(u, 0))).containsExactly(1.0, 2.0, 3.0, 1.0);
        Pace group = Groups.of(1, 4, List.of(computing("phones", ids(1, 3), inOrder)))
                .compute(new ComputeTime.Constant(9))
                .of(new Population(1, 4), new ComputeTime.Work(1, 1));
        assertThat(IntStream.range(0, 4).mapToDouble(u -> group.seconds(u, 0)))
                .as("the first user of the group follows the first trace")
                .containsExactly(9.0, 1.0, 9.0, 2.0);
        Path states = Files.writeString(folder.resolve("states.csv"), "device,states\na,100\nb,010\nc,001\n");
        ParticipationSchedule present =
                new Participation.Trace(states.toString(), 30, false, TraceOrder.IN_ORDER).of(new Population(1, 3));
        for (int u = 0; u < 3; u++) {
            assertThat(present.sessions(u).next().from()).isEqualTo(Ticks.at(1800.0 * u));
        }
        Path mbps =
                Files.writeString(folder.resolve("mbps.csv"), "trace,time_s,mbps\na,0,8\na,10,16\nb,0,24\nb,10,32\n");
        Bandwidth.Lines lines = new Bandwidth.Trace(mbps.toString(), 0.5, TraceOrder.IN_ORDER).of(new Population(1, 3));
        assertThat(IntStream.range(0, 3).mapToDouble(u -> lines.down(u, 0))).containsExactly(1e6, 3e6, 1e6);
    }
}
