package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.attack.Flooding;
import coterie.model.attack.Knowledge;
import coterie.model.attack.LittleIsEnough;
import coterie.model.attack.SignFlip;
import coterie.model.attack.SlowPoison;
import coterie.model.attack.Timing;
import coterie.model.task.Task;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attacks that contain others, and attacks that name users or phrases. */
class NestedAttacksTest {
    private static Scenario read(String attack, String... overrides) {
        return ScenarioReader.read(
                        Path.of("s.yaml"),
                        "users: 6\nadversaries: [{ids: [1], attack: " + attack + "}]",
                        List.of(overrides))
                .scenario();
    }

    private static UserAttack first(String attack) {
        return read(attack).adversaries().get(0);
    }

    @Test
    void anAttackInAnotherHasItsOwnSettingsAndDefaults() {
        assertThat(first("{kind: flooding}").attack()).isEqualTo(new Flooding(10, null));
        UserAttack timing = first("{kind: timing, lead_seconds: 2, attack: {kind: alie, z: 1.5}}");
        assertThat(timing.attack()).isEqualTo(new Timing(2, new LittleIsEnough(1.5)));
        assertThat(timing.knows()).isEqualTo(Knowledge.NEIGHBOURS);
        assertThat(first("{kind: flooding, attack: {kind: slow-poison, over: 1, attack: {kind: sign-flip}}}")
                        .attack())
                .isEqualTo(new Flooding(10, new SlowPoison(20, 1, new SignFlip(1))));
    }

    @Test
    void mistakesInAnAttackInAnotherAreFound() {
        assertThatThrownBy(() -> read("{kind: flooding, attack: {kind: alie, sigma: 1}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adversaries.0.attack.attack");
        assertThatThrownBy(() -> read("{kind: flooding, attack: {factor: 2}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must have a kind");
        assertThatThrownBy(() -> read("{kind: timing, attack: {kind: mimic, user: 6}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("users are 0 to 5, found 6");
        assertThatThrownBy(() -> read("{kind: slow-poison, attack: {kind: label-flip}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must change what is sent");
    }

    @Test
    void victimsAreUsersWithValidationData() {
        assertThatThrownBy(() -> read("{kind: validation-baiting, victim: 6}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adversaries.0.attack.victim");
        String[] serving = {"collaboration.strategy=fedbuff", "topology.kind=star"};
        assertThatThrownBy(() -> read("{kind: validation-baiting}", serving))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must be a user that trains, found the server, 0");
        Scenario s = read("{kind: flooding, attack: {kind: validation-baiting, victim: 4}}");
        assertThat(UserAttack.withVictims(s, new int[] {0, 1, 2})).containsExactly(0, 1, 2, 4);
        assertThat(UserAttack.withVictims(s, new int[] {0, 2})).containsExactly(0, 2);
    }

    @Test
    void aBackdoorIsMeasuredAndHasOnePhrase() {
        assertThat(read("{kind: sign-flip}").task()).isEqualTo(Task.LANGUAGE_MODELLING);
        Scenario s = read("{kind: timing, attack: {kind: backdoor, target: all is well}}");
        assertThat(s.task().metric("backdoor")).isEqualTo(Task.BACKDOOR);
        assertThat(s.task().headline()).isEqualTo(Task.PERPLEXITY);
        assertThatThrownBy(() -> read("{kind: backdoor}}, {ids: [2], attack: {kind: backdoor, target: other}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the same trigger and target");
    }
}
