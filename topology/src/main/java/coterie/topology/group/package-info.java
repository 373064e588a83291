/** Groups of users that differ from the others in their devices, links and participation. */
package coterie.topology.group;
