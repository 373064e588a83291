package coterie.actors.clock;

import coterie.actors.event.Observation;

/**
 * Somebody who follows a run: a recorder, a progress line, a tracker. Called on one thread, one observation after
 * another, in the order of virtual time; may block. What it throws ends the run.
 */
public interface RunObserver {
    void observed(Observation observation);
}
