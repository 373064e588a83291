/** Virtual time in ticks. */
package coterie.topology.time;
