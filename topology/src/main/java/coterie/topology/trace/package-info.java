/** Recorded devices, lines and presence: readers of the files that others have published. */
package coterie.topology.trace;
