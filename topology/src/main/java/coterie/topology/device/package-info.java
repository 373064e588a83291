/** Devices of users: compute times and crashes. Times are in virtual seconds. */
package coterie.topology.device;
