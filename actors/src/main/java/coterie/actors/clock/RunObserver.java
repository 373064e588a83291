package coterie.actors.clock;

import coterie.actors.event.Observation;

/**
 * Follows a run: a recorder, a progress line, a tracker. Called on one thread, with one observation after another, in
 * the order of virtual time. May block. An exception ends the run.
 */
public interface RunObserver {
    void observed(Observation observation);
}
