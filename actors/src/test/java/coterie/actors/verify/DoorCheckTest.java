package coterie.actors.verify;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.event.Observation;
import coterie.actors.message.DoorRules;
import coterie.actors.message.Payload.Kind;
import coterie.actors.message.Refusal;
import org.junit.jupiter.api.Test;

/** {@code coterie verify} knows which versions are impossible or repeated: turns take at least ten seconds. */
class DoorCheckTest {
    private final Findings findings = new Findings();
    private final DoorCheck check = new DoorCheck(new DoorRules(true, 10, 10.0, 5, 0, true, true), findings);

    private static Observation.Received received(double seconds, long number, int turn) {
        return new Observation.Received(seconds, 0, 4, number, false, Kind.SNAPSHOT, turn, 0, true);
    }

    private static Observation.Refused refused(double seconds, long number, int turn, Refusal reason) {
        return new Observation.Refused(seconds, 0, 4, number, false, Kind.SNAPSHOT, turn, reason);
    }

    private void observed(Observation o) {
        DoorCheck.Arrival before = check.next(o, true);
        if (before != null) {
            check.letIn(before.received(), false);
        }
        if (o instanceof Observation.Received r) {
            assertThat(check.taken(new DoorCheck.Arrival(r, null))).isTrue();
        }
    }

    @Test
    void refusalsThatFollowTheirArrivalsCanBeTrue() {
        observed(received(20, 1, 0));
        observed(received(20, 2, 0));
        observed(refused(20, 2, 0, Refusal.REPEATED));
        observed(received(21, 3, 3));
        observed(refused(21, 3, 3, Refusal.AGE));
        observed(received(22, 4, 1));
        observed(refused(22, 4, 1, Refusal.NORM));
        observed(received(30, 5, 1));
        observed(received(40, 6, 2));
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void inTheFilesRefusalsStandBeforeArrivalsOfTheirInstant() {
        observed(refused(20, 2, 0, Refusal.REPEATED));
        observed(received(20, 1, 0));
        observed(received(20, 2, 0));
        observed(received(30, 3, 1));
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void whatShouldHaveBeenRefusedAndWhatShouldNotAreFaults() {
        observed(received(15, 1, 0));
        observed(received(16, 2, 0));
        observed(received(17, 3, 3));
        observed(received(18, 4, 0));
        assertThat(findings.violations()).hasSize(2);
        assertThat(findings.violations().get(0)).contains("let in, and turn 0 of user 4 was before");
        assertThat(findings.violations().get(1)).contains("turn 3 of user 4 cannot have ended by then");
    }

    @Test
    void aRefusalWithoutReasonIsAFault() {
        observed(received(50, 1, 2));
        observed(refused(50, 1, 2, Refusal.AGE));
        observed(received(51, 2, 3));
        observed(refused(51, 2, 3, Refusal.REPEATED));
        observed(refused(52, 9, 1, Refusal.NORM));
        observed(received(53, 3, 4));
        assertThat(findings.violations()).hasSize(3);
        assertThat(findings.violations().get(0)).contains("turn 2 can have ended by then");
        assertThat(findings.violations().get(1)).contains("turn 3 of user 4 was not let in before");
        assertThat(findings.violations().get(2)).contains("no such message of user 4 had arrived");
    }

    @Test
    void afterACrashATurnIsLetInAgain() {
        observed(received(20, 1, 0));
        observed(new Observation.Crashed(25, 0, 2, 1, 30));
        check.crashed();
        observed(received(31, 2, 0));
        observed(received(32, 3, 1));
        assertThat(findings.violations()).isEmpty();
    }

    @Test
    void withoutChecksEveryRefusalIsAFault() {
        DoorCheck open = new DoorCheck(DoorRules.NONE, findings);
        assertThat(open.taken(new DoorCheck.Arrival(received(1, 1, 9), null))).isFalse();
        open.next(refused(2, 1, 9, Refusal.AGE), false);
        assertThat(findings.violations()).singleElement().asString().contains("no message is refused in this run");
    }
}
