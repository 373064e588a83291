package coterie.scenarios.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which device of several a user has. */
class DeviceSharesTest {
    private static HostDevice device(double weight) {
        return new HostDevice("cpu", 1, 1, weight);
    }

    @Test
    void devicesOfEqualWeightTakeUsersInTurn() {
        assertThat(DeviceShares.of(List.of(device(7), device(7), device(7)), 8))
                .containsExactly(0, 1, 2, 0, 1, 2, 0, 1);
        assertThat(DeviceShares.of(List.of(device(3)), 3)).containsExactly(0, 0, 0);
    }

    @Test
    void usersAreDividedByWeight() {
        int[] shares = DeviceShares.of(List.of(device(2), device(500), device(250)), 752);
        assertThat(Arrays.stream(shares).filter(d -> d == 0).count()).isEqualTo(2);
        assertThat(Arrays.stream(shares).filter(d -> d == 1).count()).isEqualTo(500);
        assertThat(Arrays.copyOf(shares, 3)).as("a slow device comes late").containsExactly(1, 1, 2);
    }
}
