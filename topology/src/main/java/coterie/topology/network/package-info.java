/**
 * The network between users: latency, loss, bandwidth shared max-min fairly, and partitions. Times are in virtual
 * seconds.
 */
package coterie.topology.network;
