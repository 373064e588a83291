package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.model.attack.Attacks;
import coterie.model.attack.Knowledge;
import coterie.model.attack.SignFlip;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.group.Membership;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code coterie verify} knows when a user attacks: from 15 s until 35 s, in turns that take ten seconds. */
class AttackCheckTest {
    private static final Attacks ATTACKS = new Attacks(
            Adversaries.of(1, 1, -1, List.of(new Adversary(new Membership(1, null, null), 15, 35))),
            List.of(new Attacks.Entry("sign-flip", new SignFlip(1), Knowledge.OWN)));

    private final Findings findings = new Findings();
    private final AttackCheck check = new AttackCheck(ATTACKS, 0, findings);

    private void ended(int turn) {
        check.ended(new Observation.TurnEnded(
                10 * (turn + 1), 0, turn, 10 * turn, turn + 1, 1, 1, false, false, SentTotals.NONE, 0));
    }

    private void attacked(int turn, String attack, boolean begins) {
        check.attacked(new Observation.Attacked(10 * turn, 0, turn, 0, attack, begins));
    }

    @Test
    void theAttackOfTheScenarioCanBeTrue() {
        ended(0);
        attacked(2, "sign-flip", true);
        ended(1);
        ended(2);
        ended(3);
        attacked(4, "sign-flip", false);
        ended(4);
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void aTurnThatACrashCutsOffHasBegunTheAttackAllTheSame() {
        ended(0);
        ended(1);
        attacked(2, "sign-flip", true);
        check.crashed();
        ended(2);
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void aMissingLineAndOneTooManyAreFaults() {
        ended(0);
        attacked(1, "sign-flip", true);
        ended(1);
        ended(2);
        assertThat(findings.violations())
                .satisfiesExactly(
                        early -> assertThat(early).contains("no attack of the user begins or ends with turn 1"),
                        missing -> assertThat(missing)
                                .contains("no line of events.jsonl says that attack 0 of the user had begun"));
    }

    @Test
    void anotherAttackIsAFault() {
        attacked(2, "alie", true);
        assertThat(findings.violations())
                .singleElement()
                .asString()
                .contains("attack alie, and the scenario says sign-flip");
    }
}
