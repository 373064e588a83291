/** FedBuff. */
package coterie.actors.protocol.fedbuff;
