package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.Refusal;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.group.Groups;
import coterie.topology.group.Membership;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Users 3 and 4 of five attack from 10 s on. */
class AttackerFiguresTest {
    private static final Adversaries WHO = Adversaries.of(
            1, 5, -1, List.of(new Adversary(new Membership(null, null, List.of(3, 4)), 10, Double.POSITIVE_INFINITY)));

    private final Statistics stats = new Statistics(
            Task.LANGUAGE_MODELLING, Groups.of(1, 5, List.of()), new TrustInAttackers(WHO, true), 5, null, 9);

    private void mixed(double seconds, int user, double... weights) {
        int[] all = {0, 1, 2, 3, 4};
        stats.observed(new Observation.Mixed(
                seconds,
                user,
                0,
                TrustRow.given(0, all, weights, new int[5]),
                new int[5],
                new double[5],
                new double[5]));
    }

    private ObjectNode written() {
        ObjectNode n = new ObjectMapper().createObjectNode();
        stats.attackers(n);
        return n;
    }

    @Test
    void theWorkedExamplesOfDetectionAndPlaces() {
        double[] attackers = {0.1, 0.3};
        double[] honest = {0.1, 0.5};
        assertThat(AttackedRow.aucOf(attackers, honest)).isEqualTo(0.625);
        assertThat(AttackedRow.rankOf(attackers, honest)).isEqualTo(2.75);
        assertThat(AttackedRow.aucOf(honest, honest)).as("ties count one half").isEqualTo(0.5);
    }

    @Test
    void figuresAreMeansOverHonestUsersWhileTheAttackLasts() {
        mixed(5, 0, 0, 0, 0, 0.5, 0.5);
        mixed(20, 0, 0.2, 0.2, 0.2, 0.2, 0.2);
        mixed(30, 0, 0.6, 0.2, 0.2, 0, 0);
        mixed(30, 1, 0.2, 0.2, 0.2, 0.4, 0);
        mixed(30, 4, 0, 0, 0, 0.5, 0.5);
        var attackers = written().get("attackers");
        assertThat(attackers.get("users").asInt()).isEqualTo(2);
        // User 0: 0.4 and 0; user 1: 0.4.
        assertThat(attackers.get("weight").asDouble()).isCloseTo(0.3, within(1e-12));
        assertThat(attackers.get("last_weight").asDouble()).isCloseTo(0.2, within(1e-12));
        // User 0: 0.5 and 1; user 1: attackers (0.4, 0), honest users (0.2, 0.2): 0.5.
        assertThat(attackers.get("auc").asDouble()).isCloseTo(0.625, within(1e-12));
        // User 0: 2.5 and 3.5; user 1: 1 and 4.
        assertThat(attackers.get("rank").asDouble()).isCloseTo(2.75, within(1e-12));
        // The weighted mean mixes by these weights.
        assertThat(attackers.get("influence").asDouble()).isCloseTo(0.3, within(1e-12));
        assertThat(attackers.get("last_influence").asDouble()).isCloseTo(0.2, within(1e-12));
        // User 0 stays below half of 2/5 since 30 s, 20 s after the begin; user 1 does not.
        assertThat(attackers.get("detected").asDouble()).isEqualTo(0.5);
        assertThat(attackers.get("seconds_to_detect").asDouble()).isEqualTo(20);
        // At the end: 1 and 0.5.
        assertThat(attackers.get("last_auc").asDouble()).isCloseTo(0.75, within(1e-12));
        assertThat(attackers.get("seconds_to_auc").isNull()).isTrue();
    }

    @Test
    void attackersAreFoundSinceTheAucOfAllRowsStaysHigh() {
        mixed(20, 0, 0.4, 0.3, 0.3, 0, 0);
        mixed(25, 1, 0, 0, 0, 0.5, 0.5);
        mixed(40, 1, 0.3, 0.4, 0.3, 0, 0);
        // Both rows of one instant count together, in whichever order they come.
        mixed(50, 0, 0, 0, 0, 0.5, 0.5);
        mixed(50, 0, 0.4, 0.3, 0.3, 0, 0);
        var attackers = written().get("attackers");
        assertThat(attackers.get("last_auc").asDouble()).isCloseTo(1, within(1e-12));
        assertThat(attackers.get("seconds_to_auc").asDouble())
                .as("since 40 s; the attack begins at 10 s")
                .isEqualTo(30);
    }

    @Test
    void metricsOfHonestUsersLeaveAttackersOut() {
        for (int u = 0; u < 5; u++) {
            stats.observed(new Observation.Evaluated(
                    50, u, 10, 1, Task.LANGUAGE_MODELLING.values(Math.log(u < 3 ? 10 : 1000))));
        }
        assertThat(written().at("/honest/perplexity/mean").asDouble()).isCloseTo(10, within(1e-9));
        assertThat(written().at("/honest/users").asInt()).isEqualTo(3);
        assertThat(written().at("/attackers/weight").isNull()).isTrue();
    }

    @Test
    void refusalsAreCountedByReasonAndSender() {
        Refusal[] reasons = {Refusal.NORM, Refusal.REPEATED, Refusal.REPEATED};
        for (int k = 0; k < reasons.length; k++) {
            stats.observed(new Observation.Refused(20 + k, 0, 2 + k % 2, k, false, Kind.SNAPSHOT, 1, reasons[k]));
        }
        ObjectNode n = new ObjectMapper().createObjectNode();
        stats.refusals(n);
        assertThat(n.get("refused"))
                .hasToString("{\"messages\":3,\"of_attackers\":1,"
                        + "\"not_finite\":0,\"norm\":1,\"age\":0,\"repeated\":2}");
    }

    @Test
    void aFreeRidersFirstEvaluationIsTheOneBeforeTraining() {
        for (int user : new int[] {0, 3}) {
            stats.observed(new Observation.Evaluated(0, user, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(50))));
            stats.observed(new Observation.Evaluated(9, user, 0, 1, Task.LANGUAGE_MODELLING.values(Math.log(20))));
        }
        assertThat(stats.before(Task.PERPLEXITY)[3]).isCloseTo(50, within(1e-9));
        assertThat(stats.last(Task.PERPLEXITY)[3]).isCloseTo(20, within(1e-9));
    }
}
