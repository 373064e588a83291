/** Shows a run in progress in a browser. What is shown, and which commands there are, is decided by its caller. */
package coterie.actors.live;
