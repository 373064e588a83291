package coterie.actors.clock;

import coterie.actors.life.LifeState;
import coterie.actors.life.UserLife.Dated;
import java.util.List;

/**
 * A whole run at the end of a window, where nothing is in transit but what the calendar holds.
 *
 * @param held what users have told and nobody has been handed yet
 * @param now virtual seconds of the last thing recorded
 * @param users all, in the order of ids
 */
public record RunState(Calendar.State calendar, List<Dated> held, Target.State target, double now, List<LifeState> users) {
}
