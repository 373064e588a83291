package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.trust.CollaborationStrategy;
import coterie.model.trust.Refresh;
import coterie.topology.network.Latency;
import coterie.topology.settings.Component;
import coterie.topology.settings.Population;
import coterie.topology.settings.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of components that contain a setting. */
class RegisteredComponentTest {
    @Component(name = "after-N-turns", about = "a name with a number")
    record Numbered(@Setting int n) implements Refresh {
        @Override
        public Due due(Occasion now) {
            return new Due(List.of(), false);
        }
    }

    @Component(name = "after-N-turns:NAME", about = "a name with two settings")
    record Twice(@Setting int n) implements Refresh {
        @Override
        public Due due(Occasion now) {
            return new Due(List.of(), false);
        }
    }

    @Component(name = "near-N", about = "a strategy")
    record Near(@Setting("1") int n) implements CollaborationStrategy {}

    @Component(name = "file:NAME", about = "a latency, which is the whole block")
    record Named(@Setting("a") String file) implements Latency {
        @Override
        public Delays of(Population population) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aNameContainsOneSettingWhereFilesMayWriteIt() {
        assertThat(RegisteredComponent.of(Numbered.class).isNamedBy("after-3-turns"))
                .isTrue();
        assertThatThrownBy(() -> RegisteredComponent.of(Twice.class))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one setting at most, found after-N-turns:NAME");
    }

    @Test
    void elsewhereItIsRefused() {
        assertThatThrownBy(() -> RegisteredComponent.of(Near.class))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("strategies, whose names contain no settings, found near-N");
        assertThatThrownBy(() -> RegisteredComponent.of(Named.class))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("latency, whose names contain no settings, found file:NAME");
    }
}
