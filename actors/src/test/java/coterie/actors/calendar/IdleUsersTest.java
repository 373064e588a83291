package coterie.actors.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleUsersTest {
    @Test
    void aUserCountsOnceHoweverOftenItSaysSo() {
        IdleUsers idle = new IdleUsers(2);
        idle.set(0, true);
        idle.set(0, true);
        assertThat(idle.all()).isFalse();
        idle.set(1, true);
        assertThat(idle.all()).isTrue();
        idle.set(0, false);
        assertThat(idle.all()).isFalse();
    }
}
