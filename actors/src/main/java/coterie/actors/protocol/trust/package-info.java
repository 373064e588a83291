/** Mixing by trust. */
package coterie.actors.protocol.trust;
