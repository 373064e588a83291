/** Random streams: every random number of a run comes from a stream keyed by seed, purpose, user and turn. */
package coterie.topology.random;
