/**
 * Results for other people's tools. Each is one class behind {@link coterie.scenarios.tracking.Tracker}, and a line in
 * {@link coterie.scenarios.tracking.Trackers}.
 */
package coterie.scenarios.tracking;
