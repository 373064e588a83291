package coterie.actors.checkpoint;

import coterie.actors.calendar.Absences;
import coterie.actors.calendar.Calendar;
import coterie.actors.calendar.EarlyStop;
import coterie.actors.event.Dated;
import java.util.List;

/**
 * The state of a virtual clock at the end of a window, when nothing is in transit outside of its calendar.
 *
 * @param held observations that are not released yet
 * @param now virtual seconds of the last observation released
 */
public record ClockState(
        Calendar.State calendar, List<Dated> held, EarlyStop.State target, Absences.State absences, double now) {}
