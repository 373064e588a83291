package coterie.topology.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.availability.Availability;
import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.network.NetworkPartition;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemModelsTest {
    private static final ComputeTime.Work WORK = new ComputeTime.Work(10, 8);
    private final Population many = new Population(3, 100);

    @TempDir
    private Path folder;

    @Test
    void logNormalComputeTimesHaveTheConfiguredMeanAndDeviation() {
        ComputeTime.Pace pace = new ComputeTime.LogNormal(30, 0.5).of(many, WORK);
        double[] x = IntStream.range(0, 40_000)
                .mapToDouble(t -> pace.seconds(t % 7, t))
                .toArray();
        double mean = java.util.Arrays.stream(x).average().orElseThrow();
        double meanLog = java.util.Arrays.stream(x).map(Math::log).average().orElseThrow();
        double sdLog = Math.sqrt(java.util.Arrays.stream(x)
                .map(v -> Math.pow(Math.log(v) - meanLog, 2))
                .average()
                .orElseThrow());
        assertThat(mean).isCloseTo(30, within(0.4));
        assertThat(sdLog).isCloseTo(0.5, within(0.01));
    }

    @Test
    void aFixedShareOfUsersIsSlow() {
        ComputeTime.Pace pace = new ComputeTime.Stragglers(10, 0, 0.2, 5).of(many, WORK);
        assertThat(IntStream.range(0, 100).filter(u -> pace.seconds(u, 0) == 50))
                .hasSize(20);
        assertThat(IntStream.range(0, 100).filter(u -> pace.seconds(u, 0) == 10))
                .hasSize(80);
        assertThat(IntStream.range(0, 100)).allMatch(u -> pace.seconds(u, 0) == pace.seconds(u, 9));
        ComputeTime.Pace other = new ComputeTime.Stragglers(10, 0, 0.2, 5).of(new Population(4, 100), WORK);
        assertThat(IntStream.range(0, 100)).anyMatch(u -> pace.seconds(u, 0) != other.seconds(u, 0));
    }

    @Test
    void fedScaleTakesThreePassesOverAllSamples() {
        assertThat(new ComputeTime.FedScale(50, 0).of(many, WORK).seconds(1, 1))
                .isCloseTo(3 * 8 * 10 * 50 / 1000.0, within(1e-9));
    }

    @Test
    void recordedLayerTimesAreDrawnPerTurn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("layers.csv"),
                "phone,layer,x1,seconds\na,lstm,0,1\na,lstm,0,2\na,out,0,0.5\nb,out,0,7\n");
        ComputeTime.Pace pace = new ComputeTime.Trace(file.toString()).of(many, WORK);
        assertThat(IntStream.range(0, 200)
                        .mapToObj(k -> pace.seconds(k % 100, k))
                        .distinct())
                .containsExactlyInAnyOrder(15.0, 25.0, 70.0);
        assertThatThrownBy(() -> new ComputeTime.Trace(folder.resolve("no.csv").toString()).of(many, WORK))
                .hasMessageContaining("there is no such file");
        Path bad = Files.writeString(folder.resolve("bad.csv"), "phone,layer,seconds\na,out,soon\n");
        assertThatThrownBy(() -> new ComputeTime.Trace(bad.toString()).of(many, WORK))
                .hasMessageContaining("bad.csv:2")
                .hasMessageContaining("\"soon\"");
    }

    @Test
    void latencyIsWithinBoundsAndIndependentPerMessage() {
        Latency.Delays uniform = new Latency.Uniform(20, 200).of(many);
        double[] x = IntStream.range(0, 10_000)
                .mapToDouble(m -> uniform.seconds(1, 2, m))
                .toArray();
        assertThat(java.util.Arrays.stream(x).allMatch(s -> s >= 0.02 && s < 0.2))
                .isTrue();
        assertThat(java.util.Arrays.stream(x).average().orElseThrow()).isCloseTo(0.11, within(0.002));
        assertThat(uniform.seconds(1, 2, 5)).isEqualTo(uniform.seconds(1, 2, 5)).isNotEqualTo(uniform.seconds(2, 1, 5));
        assertThat(uniform.least()).isEqualTo(0.02);
        Latency.Delays logNormal = new Latency.LogNormal(10, 50, 0.7).of(many);
        double[] y = IntStream.range(0, 10_001)
                .mapToDouble(m -> logNormal.seconds(1, 2, m))
                .sorted()
                .toArray();
        assertThat(y[0]).isGreaterThanOrEqualTo(0.01);
        assertThat(y[5000]).isCloseTo(0.05, within(0.002));
    }

    @Test
    void theMinimumOfALatencyTableIsTheLookAhead() throws IOException {
        Path file = Files.writeString(folder.resolve("ms.csv"), "0, 30, 50\n20, 0, 80\n60,70,0\n");
        Latency.Delays d = new Latency.Matrix(file.toString()).of(new Population(1, 3));
        assertThat(d.seconds(1, 2, 9)).isEqualTo(0.08);
        assertThat(d.least()).isEqualTo(0.02);
        assertThat(new Latency.Matrix(file.toString()).of(new Population(1, 4)).least())
                .as("users 0 and 3 are at the same place")
                .isZero();
        Path ragged = Files.writeString(folder.resolve("ragged.csv"), "0,1\n1\n");
        assertThatThrownBy(() -> new Latency.Matrix(ragged.toString()).of(many)).hasMessageContaining("ragged.csv:2");
    }

    @Test
    void lossDuplicationAndReorderingHaveTheirProbabilities() {
        Links.Network links = new Links(new Latency.Constant(10), 0.1, 0.2, 0.3, 500, List.of()).of(many);
        assertThat(IntStream.range(0, 20_000)
                                .filter(m -> links.lost(0, 1, m, 0))
                                .count()
                        / 20_000.0)
                .isCloseTo(0.1, within(0.01));
        assertThat(IntStream.range(0, 20_000)
                                .filter(m -> links.doubled(0, 1, m))
                                .count()
                        / 20_000.0)
                .isCloseTo(0.2, within(0.01));
        assertThat(IntStream.range(0, 20_000)
                                .filter(m -> links.delay(0, 1, m, 0) > 0.4)
                                .count()
                        / 20_000.0)
                .isCloseTo(0.3, within(0.01));
    }

    @Test
    void messagesAcrossAPartitionAreLost() {
        Links.Network links = new Links(
                        new Latency.Constant(0),
                        0,
                        0,
                        0,
                        0,
                        List.of(new NetworkPartition(10, 20, List.of(List.of(0, 1), List.of(2)))))
                .of(many);
        assertThat(links.lost(0, 2, 0, 9.99)).isFalse();
        assertThat(links.lost(0, 2, 0, 10)).isTrue();
        assertThat(links.lost(0, 1, 0, 15)).isFalse();
        assertThat(links.lost(7, 8, 0, 15)).as("both in no group").isFalse();
        assertThat(links.lost(7, 2, 0, 15)).isTrue();
        assertThat(links.lost(0, 2, 0, 20)).isFalse();
    }

    @Test
    void participationHasItsProbability() {
        ParticipationSchedule p = new Participation.Bernoulli(0.7).of(many);
        assertThat(IntStream.range(0, 20_000).filter(t -> p.takesPart(4, t)).count() / 20_000.0)
                .isCloseTo(0.7, within(0.02));
        ParticipationSchedule cohort = new Participation.Cohort(0.3, 2).of(new Population(3, 11));
        for (int turn = 0; turn < 50; turn++) {
            int t = turn;
            assertThat(IntStream.range(0, 11).filter(u -> cohort.takesPart(u, t)))
                    .hasSize(4);
            assertThat(IntStream.range(0, 11)).allMatch(u -> cohort.takesPart(u, t) == cohort.takesPart(u, t / 2 * 2));
        }
        assertThat(IntStream.range(0, 50)
                        .filter(t -> cohort.takesPart(5, 2 * t))
                        .count())
                .isBetween(5L, 28L);
    }

    private static double online(Participation p, int users, double days) {
        long there = 0;
        long asked = 0;
        ParticipationSchedule a = p.of(new Population(9, users));
        for (int u = 0; u < users; u++) {
            Availability presence = new Availability(a.sessions(u));
            for (double t = 0; t < days * 86_400; t += 97) {
                asked++;
                there += presence.at(Ticks.at(t)) ? 1 : 0;
            }
        }
        return (double) there / asked;
    }

    @Test
    void sessionsAndDaysHaveTheirShareOnline() {
        assertThat(online(new Participation.OnlineOffline(1800, 1, 0.9), 200, 3))
                .isCloseTo(0.9, within(0.02));
        assertThat(online(new Participation.OnlineOffline(1800, 1, 1), 5, 1)).isEqualTo(1);
        assertThat(online(new Participation.Diurnal(0.1, 0.8, 10, 24), 100, 2)).isCloseTo(0.45, within(0.02));
        Availability night =
                new Availability(new Participation.Diurnal(0, 1, 60, 0).of(many).sessions(1));
        assertThat(night.at(Ticks.at(18 * 3600))).as("the trough of the sine").isFalse();
    }

    @Test
    void tracesAreFollowedAndUnknownIsOffline() throws IOException {
        Path file = Files.writeString(folder.resolve("states.csv"), "device,states\nd0,0110?1\n");
        Availability once = new Availability(new Participation.Trace(file.toString(), 1, false)
                .of(new Population(1, 1))
                .sessions(0));
        assertThat(once.from(0)).isEqualTo(Ticks.at(60));
        assertThat(once.after(0, Ticks.at(90))).isEqualTo(Ticks.at(150));
        assertThat(once.after(0, Ticks.at(120)))
                .as("work that would end with the session ends in the next")
                .isEqualTo(Ticks.at(300));
        assertThat(once.after(Ticks.at(100), Ticks.at(100))).isEqualTo(Ticks.at(320));
        assertThat(once.at(Ticks.at(130))).isTrue();
        assertThat(once.at(Ticks.at(180))).isFalse();
        assertThat(once.from(Ticks.at(360))).isEqualTo(Ticks.NEVER);
        Availability again = new Availability(new Participation.Trace(file.toString(), 1, true)
                .of(new Population(1, 1))
                .sessions(0));
        assertThat(again.from(Ticks.at(360))).isEqualTo(Ticks.at(420));
    }

    @Test
    void outagesFollowOneAnother() {
        Faults f = new Faults(
                List.of(new Faults.Crash(2, 100, 50.0), new Faults.Crash(2, 120, 50.0), new Faults.Crash(2, 10, null)),
                0,
                60,
                1,
                false);
        assertThat(f.of(1, 0).hasNext()).isFalse();
        Iterator<Faults.Outage> never = f.of(1, 2);
        assertThat(never.next()).isEqualTo(new Faults.Outage(Ticks.at(10), Ticks.NEVER));
        assertThat(never.hasNext()).isFalse();
        Iterator<Faults.Outage> drawn = new Faults(List.of(new Faults.Crash(2, 100, 50.0)), 6, 60, 1, false).of(1, 2);
        long last = 0;
        double down = 0;
        for (int k = 0; k < 2000; k++) {
            Faults.Outage o = drawn.next();
            assertThat(o.from()).isGreaterThanOrEqualTo(last);
            assertThat(o.until()).isGreaterThan(o.from());
            down += Ticks.span(o.from(), o.until());
            last = o.until();
        }
        assertThat(down / 2000).isCloseTo(60, within(5.0));
        assertThat(Ticks.seconds(last) / 2000).isCloseTo(660, within(40.0));
    }

    @Test
    void invalidSettingsAreRejectedByTheirKeys() {
        assertThatThrownBy(() -> new Latency.Uniform(20, 10)).hasMessageContaining("max_ms must be at least min_ms");
        assertThatThrownBy(() -> new ComputeTime.LogNormal(0, 1))
                .hasMessageContaining("mean_seconds must be greater than 0");
        assertThatThrownBy(() -> new Participation.Bernoulli(0)).hasMessageContaining("(0, 1]");
        assertThatThrownBy(() -> new Links(new Latency.Constant(1), 1)).hasMessageContaining("[0, 1)");
        assertThatThrownBy(() -> new NetworkPartition(5, 5, List.of(List.of(1))))
                .hasMessageContaining("until_seconds");
        assertThatThrownBy(() -> new NetworkPartition(0, 5, List.of(List.of(1), List.of(1))))
                .hasMessageContaining("found 1 twice");
    }
}
