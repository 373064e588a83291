/**
 * Which users may advance to which tick, in which order observations are released, and when a run is over. Plain code.
 */
package coterie.actors.calendar;
