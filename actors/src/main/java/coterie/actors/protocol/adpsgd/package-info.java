/** AD-PSGD. */
package coterie.actors.protocol.adpsgd;
