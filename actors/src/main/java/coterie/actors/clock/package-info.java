/** The virtual clock: who may go on to when, one actor a user, and what a run gives back. */
package coterie.actors.clock;
