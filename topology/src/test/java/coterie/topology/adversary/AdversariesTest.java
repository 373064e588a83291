package coterie.topology.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.topology.group.Membership;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdversariesTest {
    private static final double EVER = Double.POSITIVE_INFINITY;

    private static Adversary entry(Integer users, Double share, List<Integer> ids, double from, double until) {
        return new Adversary(new Membership(users, share, ids), from, until);
    }

    private static List<Integer> who(Adversaries a, int users) {
        return IntStream.range(0, users).filter(a::contains).boxed().toList();
    }

    @Test
    void anAttackLastsFromItsBeginToBeforeItsEnd() {
        Adversaries a = Adversaries.of(1, 3, -1, List.of(entry(null, null, List.of(1), 10, 20)));
        assertThat(IntStream.of(9, 10, 19, 20).map(s -> a.entry(1, s)))
                .containsExactly(Adversaries.HONEST, 0, 0, Adversaries.HONEST);
        assertThat(a.entry(0, 15)).isEqualTo(Adversaries.HONEST);
        assertThat(a.count(15)).isEqualTo(1);
        assertThat(a.count(20)).isZero();
        assertThat(a.count()).isEqualTo(1);
        assertThat(a.begin()).isEqualTo(10);
    }

    @Test
    void aShareIsDrawnFromTheSeedAndRounded() {
        List<Adversary> fifth = List.of(entry(null, 0.2, null, 0, EVER));
        Adversaries a = Adversaries.of(3, 50, -1, fifth);
        assertThat(who(a, 50))
                .hasSize(10)
                .isNotEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(Adversaries.of(3, 50, -1, fifth)).isEqualTo(a);
        assertThat(who(Adversaries.of(4, 50, -1, fifth), 50)).isNotEqualTo(who(a, 50));
        assertThat(who(Adversaries.of(3, 8, -1, fifth), 8)).hasSize(2);
    }

    @Test
    void severalKindsAtOnceGoToDifferentUsersAndTheServerAttacksNever() {
        List<Adversary> entries = List.of(
                entry(null, 0.5, null, 0, EVER), entry(2, null, null, 0, EVER), entry(null, null, List.of(1), 0, EVER));
        for (int seed = 0; seed < 20; seed++) {
            Adversaries a = Adversaries.of(seed, 10, 0, entries);
            assertThat(a.contains(0)).isFalse();
            assertThat(a.count()).isEqualTo(8);
            assertThat(a.entry(1, 5)).isEqualTo(2);
            assertThat(a.entry(2, 5)).isEqualTo(1);
            assertThat(a.entry(3, 5)).isEqualTo(1);
        }
    }

    @Test
    void oneUserMayMakeAttacksOneAfterTheOther() {
        Adversaries a =
                Adversaries.of(1, 2, -1, List.of(entry(1, null, null, 50, 60), entry(null, null, List.of(0), 10, 50)));
        assertThat(a.of(0)).extracting(Adversaries.Attack::entry).containsExactly(1, 0);
        assertThat(a.entry(0, 50)).isZero();
    }

    @Test
    void entriesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Adversaries.of(1, 3, -1, List.of(entry(null, null, List.of(3), 0, EVER))))
                .hasMessage("0.ids: users are 0 to 2, found 3");
        assertThatThrownBy(() -> Adversaries.of(1, 3, 2, List.of(entry(null, null, List.of(2), 0, EVER))))
                .hasMessage("0.ids: user 2 is the server, and cannot be an adversary");
        assertThatThrownBy(() -> Adversaries.of(
                        1,
                        3,
                        -1,
                        List.of(entry(null, null, List.of(1), 0, 20), entry(null, null, List.of(1), 19, EVER))))
                .hasMessage("1.ids: user 1 makes another attack at the same time");
        assertThatThrownBy(() ->
                        Adversaries.of(1, 3, -1, List.of(entry(2, null, null, 0, 20), entry(null, 0.7, null, 5, EVER))))
                .hasMessage("1.share: asks for 2 of 3 users, and 1 are free to attack at that time");
        assertThatThrownBy(() -> Adversaries.of(1, 3, -1, List.of(entry(null, 0.1, null, 0, EVER))))
                .hasMessage("0.share: is no user: 0.1 of 3");
        assertThatThrownBy(() -> entry(1, null, null, 5, 5)).hasMessageContaining("until_seconds must be later");
    }

    @Test
    void noAttackIsOneValue() {
        assertThat(Adversaries.of(1, 3, -1, List.of())).isEqualTo(Adversaries.NONE);
        assertThat(Adversaries.NONE.any()).isFalse();
        assertThat(Adversaries.NONE.begin()).isInfinite();
    }
}
