package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.message.DoorRules;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorSettingsTest {
    private static DoorRules rules(String door, String... overrides) {
        Scenario s = ScenarioReader.read(
                        Path.of("s.yaml"), "users: 4\ncollaboration: {door: " + door + "}", List.of(overrides))
                .scenario();
        return SimulationConfigs.of(s, null).door();
    }

    @Test
    void receiversRefuseNothingByDefault() {
        assertThat(rules("{}")).isEqualTo(DoorRules.NONE);
        assertThat(rules("{norm: 3}")).isEqualTo(DoorRules.NONE);
    }

    @Test
    void theScheduleAndTheLinksAreThoseOfTheScenario() {
        String[] overrides = {"training.iterations=100", "time.latency={model: constant, ms: 500}"};
        assertThat(rules("{checks: true, turn_seconds: 20}", overrides))
                .isEqualTo(new DoorRules(true, 10, 20.0, 4, 0.5, true, true));
        assertThat(rules("{checks: true}", "collaboration.strategy=fedbuff", "topology.kind=star")
                        .numbersTurns())
                .as("messages have versions of the server's model")
                .isFalse();
    }

    @Test
    void impossibleBoundsAreRefusedWhereTheyStand() {
        assertThatThrownBy(() -> rules("{norm: 0.5}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("collaboration.door.norm")
                .hasMessageContaining("at least 1 and finite, found 0.5");
        assertThatThrownBy(() -> rules("{turn_seconds: 0}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("collaboration.door.turn_seconds");
    }
}
