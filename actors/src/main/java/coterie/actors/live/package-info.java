/**
 * A run that is under way, for a browser. Knows nothing of runs: what is shown and what can be done comes from who
 * starts it.
 */
package coterie.actors.live;
