package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which settings tell runs apart. */
class DifferingSettingsTest {
    private static final String STRATEGY = "collaboration.strategy";

    @Test
    void onlyWhatIsNotTheSameDiffers() {
        DifferingSettings d = new DifferingSettings(List.of(
                Map.of("seed", "1", "time.loss", "0", STRATEGY, "local", "tracking", "csv"),
                Map.of("seed", "1", "time.loss", "0.1", STRATEGY, "fedavg", "checkpoints.path", "x")));
        assertThat(d.keys()).containsExactly("time.loss");
        assertThat(d.telling(5)).containsExactly("time.loss");
        assertThat(d.heads(Set.of())).containsEntry("time.loss", "loss");
        assertThat(d.heads(Set.of("loss")))
                .as("a column has that name already")
                .containsEntry("time.loss", "time.loss");
    }

    @Test
    void settingsOfAKindFollowFromTheKind() {
        DifferingSettings d = new DifferingSettings(List.of(
                Map.of("topology.kind", "ring"),
                Map.of("topology.kind", "k-regular", "topology.degree", "4"),
                Map.of("topology.kind", "k-regular", "topology.degree", "4")));
        assertThat(d.keys()).containsExactly("topology.kind", "topology.degree");
        assertThat(d.telling(5)).containsExactly("topology.kind");
        assertThat(new DifferingSettings(List.of(
                                Map.of("topology.kind", "ring"),
                                Map.of("topology.kind", "k-regular", "topology.degree", "4"),
                                Map.of("topology.kind", "k-regular", "topology.degree", "6")))
                        .telling(5))
                .as("two runs of the same kind have other degrees")
                .containsExactly("topology.kind", "topology.degree");
    }

    @Test
    void theSameLastPartOfTwoKeysNamesNeither() {
        DifferingSettings d = new DifferingSettings(
                List.of(Map.of("a.mean", "1", "b.mean", "1"), Map.of("a.mean", "2", "b.mean", "2")));
        assertThat(d.heads(Set.of())).containsOnly(Map.entry("a.mean", "a.mean"), Map.entry("b.mean", "b.mean"));
        assertThat(d.telling(1)).containsExactly("a.mean");
    }

    @Test
    void thoseThatTellMostRunsApartAreToldIfThereAreTooMany() {
        DifferingSettings d = new DifferingSettings(List.of(
                Map.of("a", "1", "b", "1", "c", "1", "loss", "0"),
                Map.of("a", "1", "b", "1", "c", "1", "loss", "0.3"),
                Map.of("a", "2", "b", "2", "c", "3", "loss", "0"),
                Map.of("a", "2", "b", "2", "c", "2", "loss", "0")));
        assertThat(d.telling(4)).containsExactly("a", "b", "c", "loss");
        assertThat(d.telling(3)).as("a and b tell no more").containsExactly("c", "loss");
        assertThat(d.telling(1)).containsExactly("c");
    }

    @Test
    void aRunWhoseSettingsCannotBeReadMakesNothingDiffer() {
        DifferingSettings d = new DifferingSettings(List.of(Map.of("seed", "1"), Map.of(), Map.of("seed", "1")));
        assertThat(d.keys()).isEmpty();
    }
}
