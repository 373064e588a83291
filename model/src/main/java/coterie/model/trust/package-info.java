/** Whom a user trusts, and how what it trusts is mixed: formulas only, no tensors of the engine, no time. */
package coterie.model.trust;
