/** Virtual time: ticks, and how seconds become ticks. */
package coterie.topology.time;
