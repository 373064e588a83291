/**
 * Results for other tools. Each is one class that implements {@link coterie.scenarios.tracking.Tracker}, and a line in
 * {@link coterie.scenarios.tracking.Trackers}.
 */
package coterie.scenarios.tracking;
