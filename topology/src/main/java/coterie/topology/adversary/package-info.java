/** Adversaries: which users attack, and when. */
package coterie.topology.adversary;
