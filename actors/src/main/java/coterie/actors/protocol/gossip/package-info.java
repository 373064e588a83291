/** Gossip learning. */
package coterie.actors.protocol.gossip;
