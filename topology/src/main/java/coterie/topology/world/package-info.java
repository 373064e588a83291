/**
 * The world in which users live: how long computing and sending take, what is lost, and who is there. All times in
 * virtual seconds.
 */
package coterie.topology.world;
