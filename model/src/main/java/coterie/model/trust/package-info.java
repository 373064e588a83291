/** Trust between users: pure formulas, without tensors or time. */
package coterie.model.trust;
