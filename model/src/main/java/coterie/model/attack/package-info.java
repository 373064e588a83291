/** Attacks: what an adversary sends in place of what it has trained, and what it changes in its own training. */
package coterie.model.attack;
