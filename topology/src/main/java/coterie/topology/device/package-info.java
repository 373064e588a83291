/** Users' devices: how long a turn takes, and when a device fails. Times are in virtual seconds. */
package coterie.topology.device;
