/** Checks whether the recorded files of a run can be true. */
package coterie.actors.verify;
