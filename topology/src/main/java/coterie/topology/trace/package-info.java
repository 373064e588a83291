/** Readers for published traces of bandwidth, latency, compute times and availability. */
package coterie.topology.trace;
