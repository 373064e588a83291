package coterie.actors.user;

import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import java.util.List;

/**
 * A user between two windows, its computation done: all that it takes to go on from here. Shares snapshots with others;
 * nothing in it changes.
 */
public record UserState(
        UserProcess.Phase phase,
        int turn,
        int iteration,
        long next,
        long started,
        boolean asleep,
        boolean takesPart,
        boolean lost,
        boolean served,
        boolean unsaved,
        TurnPlan.Beginning beginning,
        TurnOutcome outcome,
        float[] parameters,
        float[] start,
        UserProcess.Save save,
        int outages,
        Outbox.Sums told,
        long received,
        long dropped,
        List<Message> coming,
        EventTrace.State trace,
        Outbox.State outbox,
        ProtocolState protocol,
        LearnerState learner) {
    /** What a protocol knows; a record of its own for each. */
    public interface ProtocolState {}
}
