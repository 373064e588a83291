/** When users are online and in which turns they take part. Times are in virtual seconds. */
package coterie.topology.availability;
