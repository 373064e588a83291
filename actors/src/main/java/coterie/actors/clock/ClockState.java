package coterie.actors.clock;

import coterie.actors.user.UserProcess.Dated;
import java.util.List;

/**
 * What a clock knows at the end of a window, where nothing is in transit but what its calendar holds.
 *
 * @param held what users have told and nobody has been handed yet
 * @param now virtual seconds of the last thing recorded
 */
public record ClockState(Calendar.State calendar, List<Dated> held, EarlyStop.State target, double now) {}
