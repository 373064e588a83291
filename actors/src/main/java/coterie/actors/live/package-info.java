/**
 * Serves pages to browsers: of a run in progress, and of results. What is shown, and which commands there are, is
 * decided by their callers.
 */
package coterie.actors.live;
