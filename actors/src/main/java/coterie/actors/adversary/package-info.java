/** Adversaries in a simulation: what an attacker knows, when its attack lasts, and what it sends. */
package coterie.actors.adversary;
