package coterie.topology.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void logNormalComputeTimesHaveTheirMeanAndSpread() {
        ComputeTime model = new ComputeTime.LogNormal(30, 0.5);
        double[] x = IntStream.range(0, 40_000).mapToDouble(t -> model.seconds(3, t % 7, t)).toArray();
        double mean = java.util.Arrays.stream(x).average().orElseThrow();
        double meanLog = java.util.Arrays.stream(x).map(Math::log).average().orElseThrow();
        double sdLog = Math.sqrt(java.util.Arrays.stream(x).map(v -> Math.pow(Math.log(v) - meanLog, 2)).average().orElseThrow());
        assertThat(mean).isCloseTo(30, within(0.4));
        assertThat(sdLog).isCloseTo(0.5, within(0.01));
    }

    @Test
    void uniformLatencyStaysInItsBoundsAndIsItsOwnForEveryMessage() {
        Latency model = new Latency.Uniform(20, 200);
        double[] x = IntStream.range(0, 10_000).mapToDouble(m -> model.seconds(3, 1, 2, m)).toArray();
        assertThat(java.util.Arrays.stream(x).allMatch(s -> s >= 0.02 && s < 0.2)).isTrue();
        assertThat(java.util.Arrays.stream(x).average().orElseThrow()).isCloseTo(0.11, within(0.002));
        assertThat(model.seconds(3, 1, 2, 5)).isEqualTo(model.seconds(3, 1, 2, 5)).isNotEqualTo(model.seconds(3, 2, 1, 5));
        assertThat(model.least()).isEqualTo(0.02);
    }

    @Test
    void lossAndParticipationHappenAsOftenAsTheyShould() {
        Links links = new Links(new Latency.Constant(0), 0.1);
        long lost = IntStream.range(0, 20_000).filter(m -> links.transit(9, 0, 1, m).lost()).count();
        assertThat(lost / 20_000.0).isCloseTo(0.1, within(0.01));
        Participation p = new Participation.Bernoulli(0.7);
        long there = IntStream.range(0, 20_000).filter(t -> p.takesPart(9, 4, t)).count();
        assertThat(there / 20_000.0).isCloseTo(0.7, within(0.02));
    }

    @Test
    void impossibleParametersAreRefusedInTheWordsOfScenarioFiles() {
        assertThatThrownBy(() -> new Latency.Uniform(20, 10)).hasMessageContaining("max_ms must be at least min_ms");
        assertThatThrownBy(() -> new ComputeTime.LogNormal(0, 1)).hasMessageContaining("mean_seconds must be greater than 0");
        assertThatThrownBy(() -> new Participation.Bernoulli(0)).hasMessageContaining("(0, 1]");
        assertThatThrownBy(() -> new Links(new Latency.Constant(1), 1)).hasMessageContaining("[0, 1)");
    }
}
