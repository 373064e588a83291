/** Full-parameter training of a small base: how {@code builtin:tiny} was made. */
package coterie.model.pretrain;
