/** SWIFT. */
package coterie.actors.protocol.swift;
