/** Drift: when and how gradually the data of users changes. */
package coterie.topology.drift;
