package coterie.topology.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.group.Membership;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftsTest {
    private static Membership ids(Integer... ids) {
        return new Membership(null, null, List.of(ids));
    }

    @Test
    void anAbruptChangeReplacesAllDataAtItsInstant() {
        Drifts drifts = Drifts.of(1, 3, List.of(Drift.at(ids(1), 60, 0)));
        assertThat(drifts.shares(1, 59.999).only()).isZero();
        assertThat(drifts.shares(1, 60).only()).isEqualTo(1);
        assertThat(drifts.shares(0, 1000)).as("another user").isSameAs(PhaseShares.FIRST);
        assertThat(drifts.of(1)).containsExactly(new Drifts.Change(0, 60, 0));
    }

    @Test
    void aGradualChangeGivesTheNewDataAnEvenlyGrowingShare() {
        Drifts drifts = Drifts.of(1, 1, List.of(Drift.at(null, 100, 40)));
        assertThat(drifts.shares(0, 100).only()).isZero();
        assertThat(drifts.shares(0, 110).shares()).containsExactly(0.75, 0.25);
        assertThat(drifts.shares(0, 110).only()).isEqualTo(-1);
        assertThat(drifts.shares(0, 140).only()).isEqualTo(1);
    }

    @Test
    void aChangeDuringAGradualOneTakesItsShareFromAllEarlierPhases() {
        Drifts drifts = Drifts.of(1, 1, List.of(Drift.at(null, 20, 20), Drift.at(null, 0.5, 40)));
        // At 30.5 s three quarters of the first change have passed, which is the second entry, and half of the other.
        assertThat(drifts.of(0)).extracting(Drifts.Change::entry).containsExactly(1, 0);
        double[] shares = drifts.shares(0, 30.5).shares();
        assertThat(shares).containsExactly(new double[] {0.25 * 0.475, 0.75 * 0.475, 0.525}, within(1e-12));
    }

    @Test
    void dataIsTheSameSinceTheLastCompleteChange() {
        Drifts drifts = Drifts.of(1, 2, List.of(Drift.at(ids(1), 60, 0), Drift.at(ids(1), 100, 40)));
        assertThat(drifts.unchangedSince(0, 500)).isZero();
        assertThat(drifts.unchangedSince(1, 59.9)).isZero();
        assertThat(drifts.unchangedSince(1, 60)).isEqualTo(60);
        assertThat(drifts.unchangedSince(1, 99)).isEqualTo(60);
        assertThat(drifts.unchangedSince(1, 120)).as("it changes").isEqualTo(120);
        assertThat(drifts.unchangedSince(1, 140)).isEqualTo(140);
        assertThat(drifts.unchangedSince(1, 200)).isEqualTo(140);
    }

    @Test
    void drawnInstantsLieInTheIntervalAreTheUsersOwnAndDependOnTheSeedOnly() {
        List<Drift> one = List.of(new Drift(null, 50, 90, 0));
        Drifts drifts = Drifts.of(3, 200, one);
        List<Double> at = IntStream.range(0, 200)
                .mapToObj(u -> drifts.of(u).get(0).atSeconds())
                .toList();
        assertThat(at).allSatisfy(t -> assertThat(t).isGreaterThan(50).isLessThanOrEqualTo(90));
        assertThat(at).doesNotHaveDuplicates();
        assertThat(at.stream().mapToDouble(t -> t).average().orElseThrow()).isCloseTo(70, within(3.0));
        assertThat(Drifts.of(3, 200, one)).isEqualTo(drifts);
        assertThat(Drifts.of(4, 200, one)).isNotEqualTo(drifts);
        assertThat(Drifts.of(3, 200, List.of(one.get(0), Drift.at(null, 1, 0))).of(7))
                .as("another entry changes nothing")
                .contains(drifts.of(7).get(0));
    }

    @Test
    void membersAreAllTheLowestAShareOrThoseNamed() {
        assertThat(changed(5, null)).containsExactly(0, 1, 2, 3, 4);
        assertThat(changed(5, new Membership(2, null, null))).containsExactly(0, 1);
        assertThat(changed(5, ids(4, 2))).containsExactly(2, 4);
        assertThat(changed(40, new Membership(null, 0.25, null))).hasSize(10).isNotEqualTo(List.of(0, 1, 2));
    }

    private static List<Integer> changed(int users, Membership members) {
        Drifts drifts = Drifts.of(1, users, List.of(Drift.at(members, 10, 0)));
        return IntStream.range(0, users)
                .filter(u -> !drifts.of(u).isEmpty())
                .boxed()
                .toList();
    }

    @Test
    void entriesThatDoNotFitTheUsersAreRefused() {
        assertThatThrownBy(() -> changed(3, ids(0, 3))).hasMessage("0.ids: users are 0 to 2, found 3");
        assertThatThrownBy(() -> changed(3, new Membership(4, null, null)))
                .hasMessage("0.users: must be at most 3, the number of users, found 4");
        assertThatThrownBy(() -> changed(3, new Membership(null, 0.1, null)))
                .hasMessage("0.share: is the data of no user: 0.1 of 3");
        assertThatThrownBy(() -> new Drift(null, 9, 8, 0)).hasMessageContaining("until_seconds must be later");
        assertThatThrownBy(() -> Drift.at(null, 9, -1)).hasMessageContaining("over_seconds must not be negative");
    }

    @Test
    void noDriftIsOneValue() {
        assertThat(Drifts.of(1, 3, List.of())).isEqualTo(Drifts.NONE);
        assertThat(new Drifts(List.of(List.of(), List.of()))).isEqualTo(Drifts.NONE);
        assertThat(Drifts.NONE.any()).isFalse();
    }

    @Test
    void examplesAndMeansFollowTheShares() {
        PhaseShares shares = new PhaseShares(new double[] {0.25, 0, 0.75});
        assertThat(shares.drawn(0)).isZero();
        assertThat(shares.drawn(0.2499)).isZero();
        assertThat(shares.drawn(0.25)).isEqualTo(2);
        assertThat(shares.drawn(Math.nextDown(1.0))).isEqualTo(2);
        assertThat(shares.mean(p -> new double[] {p == 0 ? 2 : 6, p})).containsExactly(5, 1.5);
        double odd = 1 / 3.0;
        assertThat(PhaseShares.FIRST.mean(p -> new double[] {odd})).containsExactly(odd);
    }
}
