package coterie.actors.user;

import coterie.actors.adversary.Attacker;
import coterie.actors.event.EventTrace;
import coterie.actors.message.Door;
import coterie.actors.protocol.Outbox;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import java.util.List;

/**
 * Everything needed to continue a user from a checkpoint. Contains the live state of its {@link UserProcess}: valid
 * until the process goes on.
 *
 * @param outcome of the turn under way; null between turns
 * @param participant state of the user's side of the protocol
 * @param attacker null of an honest user
 * @param door null if it refuses nothing
 */
public record UserState(
        ProcessState process,
        TurnOutcome outcome,
        EventTrace.State trace,
        Outbox.State outbox,
        Object participant,
        LearnerState learner,
        Attacker.State attacker,
        Door.State door) {
    /** The types of this package that a state contains. Their order is part of the checkpoint format. */
    public static List<Class<?>> types() {
        return List.of(ProcessState.class, ProcessState.Phase.class, ProcessState.DeviceSave.class);
    }
}
